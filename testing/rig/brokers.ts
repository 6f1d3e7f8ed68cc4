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
    writeFileSync(file, configurations[this.name](this.port, path.join(this.#folder, 'data')));
    await this.#processes.start({
      name: this.name,
      command: this.#program.command,
      args: ['-c', file],
      environment: this.#program.environment,
      ready: async () => await answers(this.port),
      deadline: 20_000,
    });
  }

  async kill(): Promise<void> {
    await this.#processes.stop(this.name, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#processes.stop(this.name);
  }
}

const configurations = {
  'nats-server': (port: number, data: string) =>
    `listen: "127.0.0.1:${port}"\nmax_payload: 8388608\njetstream { store_dir: "${data}", sync_interval: always }\n`,
  mosquitto: (port: number, data: string) =>
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nuser root\npersistence true\npersistence_location ${data}/\nautosave_interval 5\n`,
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
