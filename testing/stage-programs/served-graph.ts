import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToldStage } from '#graphs';
import { freePort } from '../rig/processes.ts';
import { writeTinyModel } from '../tiny-model.ts';
import { toldDoor, type DoorStage } from './told-door.ts';

const PROGRAM = path.resolve(import.meta.dirname, '..', '..', 'places', 'stage.ts');
type Ports = { desk: number; edge: number };
export type Broker = { host: string; port: number; login: { user: string; password: string } };

/** The three stages of `toldDoor` as they are deployed, a process for each. */
export class ServedGraph {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-served-'));
  readonly #broker: Broker | null;
  readonly #ports: Record<DoorStage, Ports>;
  readonly #children = new Map<DoorStage, ChildProcess>();
  readonly log: string[] = [];
  /** Where a program of somebody's own is asked. */
  readonly socket = path.join(this.folder, 'socket');

  private constructor(broker: Broker | null, ports: Record<DoorStage, Ports>) {
    this.#broker = broker;
    this.#ports = ports;
  }

  static async start(broker: Broker | null = null): Promise<ServedGraph> {
    const two = async (): Promise<Ports> => ({ desk: await freePort(), edge: await freePort() });
    const graph = new ServedGraph(broker, { look: await two(), find: await two(), visits: await two() });
    await writeTinyModel(path.join(graph.folder, 'model'));
    for (const stage of ['look', 'find', 'visits'] as const) await graph.startStage(stage);
    return graph;
  }

  /** @param more of what it is told of its work */
  async startStage(name: DoorStage, more: Partial<ToldStage> = {}): Promise<void> {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    const at = (stage: DoorStage) => ({ http: `http://127.0.0.1:${this.#ports[stage].edge}` });
    const broker = this.#broker && { host: this.#broker.host, port: this.#broker.port };
    const told = toldDoor(name, { at, broker, more });
    writeFileSync(path.join(folder, 'edges.json'), JSON.stringify(told));
    const { desk, edge } = this.#ports[name];
    const child = spawn(process.execPath, [PROGRAM, '--model', path.join(this.folder, 'model'), '--port', String(desk)], {
      env: {
        TMPDIR: process.env['TMPDIR'],
        FIELDPROOF_EDGES: path.join(folder, 'edges.json'),
        FIELDPROOF_KEPT: folder,
        FIELDPROOF_SOCKET: this.socket,
        FIELDPROOF_EDGE_HOST: '127.0.0.1',
        FIELDPROOF_EDGE_PORT: String(edge),
        ...(this.#broker && {
          FIELDPROOF_BROKER_USER: this.#broker.login.user,
          FIELDPROOF_BROKER_PASSWORD: this.#broker.login.password,
        }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (said: Buffer) => this.log.push(`${name}: ${said.toString()}`));
    this.#children.set(name, child);
    while (!(await this.isReady(name))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${this.log.join('')}`);
      await sleep(50);
    }
  }

  async isReady(name: DoorStage): Promise<boolean> {
    return await this.ask(name, '/v2/health/ready').then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  async ask(name: DoorStage, route: string, body?: Uint8Array): Promise<{ status: number; body: unknown }> {
    const method = body === undefined ? {} : { method: 'POST', body: Buffer.from(body) };
    const answer = await fetch(`http://127.0.0.1:${this.#ports[name].desk}${route}`, method);
    return { status: answer.status, body: await answer.json() };
  }

  /** What comes back for bytes that no client would send. */
  async raw(name: DoorStage, bytes: string): Promise<string> {
    const socket = connect(this.#ports[name].desk, '127.0.0.1');
    socket.end(bytes);
    return await text(socket);
  }

  /** @returns its exit code, or the signal that ended it */
  async end(name: DoorStage, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | string | null> {
    const child = this.#children.get(name);
    if (child === undefined) return null;
    const ended = new Promise<number | string | null>((resolve) => child.once('exit', (code, by) => resolve(code ?? by)));
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    else return child.exitCode ?? child.signalCode;
    return await ended;
  }

  async close(): Promise<void> {
    for (const name of this.#children.keys()) await this.end(name);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
