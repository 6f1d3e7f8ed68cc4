/** Programs of others that carry messages or shape links. Nothing of Fieldproof needs one that is not asked for. */
export type ProgramName = 'nats-server' | 'toxiproxy-server' | 'mosquitto';

/** How one is started. */
export type Program = { command: string; environment: Readonly<Record<string, string>> };
