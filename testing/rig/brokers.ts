import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { Program } from '../../carriers/programs.ts';
import { freePort, Processes } from './processes.ts';
import { programFor } from './programs.ts';

export type BrokerName = 'nats-server' | 'mosquitto';

/** A real broker on the loopback: it keeps what it has in its folder, so that it comes back with it. */
export class Broker {
  readonly name: BrokerName;
  readonly port: number;
  readonly #folder: string;
  readonly #program: Program;
  readonly #processes: Processes;

  private constructor(name: BrokerName, program: Program, folder: string, port: number) {
    this.name = name;
    this.port = port;
    this.#program = program;
    this.#folder = folder;
    this.#processes = new Processes(path.join(folder, 'logs'));
  }

  /** Whoever asks must be `stage` with this password; null: anybody may. */
  password: string | null = null;

  /** @param folder of its own */
  static async prepare(name: BrokerName, folder: string): Promise<Broker> {
    const program = programFor(name);
    if (program === null) throw new Error(`${name} was not made: make programs`);
    mkdirSync(path.join(folder, 'data'), { recursive: true });
    return new Broker(name, program, folder, await freePort());
  }

  static async start(name: BrokerName, folder: string): Promise<Broker> {
    const broker = await Broker.prepare(name, folder);
    await broker.start();
    return broker;
  }

  async start(): Promise<void> {
    const file = path.join(this.#folder, 'broker.conf');
    writeFileSync(file, configurations[this.name](this.port, path.join(this.#folder, 'data'), this.#login()));
    await this.#processes.start({
      name: this.name,
      command: this.#program.command,
      args: ['-c', file],
      environment: this.#program.environment,
      ready: async () => await answers(this.port),
      deadline: 20_000,
    });
  }

  /** The line of its configuration that says who may ask. */
  #login(): string {
    if (this.name === 'nats-server')
      return this.password === null ? '' : `authorization { user: stage, password: "${this.password}" }\n`;
    if (this.password === null) return 'allow_anonymous true\n';
    const file = path.join(this.#folder, 'passwords');
    // As mosquitto_passwd writes it: PBKDF2 with SHA-512.
    const salt = randomBytes(12);
    const hash = pbkdf2Sync(this.password, salt, 101, 64, 'sha512');
    writeFileSync(file, `stage:$7$101$${salt.toString('base64')}$${hash.toString('base64')}\n`, { mode: 0o600 });
    return `allow_anonymous false\npassword_file ${file}\n`;
  }

  get pid(): number | undefined {
    return this.#processes.list().find(({ name }) => name === this.name)?.pid;
  }

  async kill(): Promise<void> {
    await this.#processes.stop(this.name, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#processes.stop(this.name);
  }
}

const configurations = {
  'nats-server': (port: number, data: string, login: string) =>
    `listen: "127.0.0.1:${port}"
max_payload: 8388608
jetstream { store_dir: "${data}" }
${login}`,
  mosquitto: (port: number, data: string, login: string) =>
    `listener ${port} 127.0.0.1
${login}set_tcp_nodelay true
user root
persistence true
persistence_location ${data}/
autosave_interval 5
`,
} as const;

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
