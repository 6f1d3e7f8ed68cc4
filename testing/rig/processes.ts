import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program to run: `ready` is asked until it says yes; a program may take `deadline` milliseconds for that. */
export type ProcessSpec = {
  name: string;
  command: string;
  args: readonly string[];
  environment?: Readonly<Record<string, string>>;
  ready: () => Promise<boolean>;
  deadline?: number;
};

type Running = { spec: ProcessSpec; child: ChildProcess; log: string; ended: Promise<void>; stopping: boolean };

/** The kernel ends them should this process be killed: nothing of a rig outlives it. Linux only; elsewhere `close` must do. */
const SETPRIV = '/usr/bin/setpriv';

/** The rig's processes: each with a log of its own, none forgotten. One that ends by itself is told at once and at the end. */
export class Processes {
  readonly #folder: string;
  readonly #running = new Map<string, Running>();
  readonly #deaths: string[] = [];

  /** @param folder where the logs go, one file per process */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @throws Error with the end of its log when it dies before it is ready, or is not ready in time */
  async start(spec: ProcessSpec): Promise<void> {
    if (this.#running.has(spec.name)) throw new Error(`${spec.name} runs already`);
    const running = this.#spawn(spec);
    this.#running.set(spec.name, running);
    const deadline = performance.now() + (spec.deadline ?? 120_000);
    while (!(await spec.ready().catch(() => false))) {
      if (running.child.exitCode !== null || running.child.signalCode !== null)
        throw new Error(this.#deaths.at(-1) ?? `${spec.name} was stopped before it was ready`);
      if (performance.now() > deadline) throw new Error(`${spec.name} was not ready in time:\n${tail(running.log)}`);
      await sleep(100);
    }
  }

  #spawn(spec: ProcessSpec): Running {
    const log = path.join(this.#folder, `${spec.name}.log`);
    const output = openSync(log, 'a');
    const wrap = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', spec.command] : [spec.command];
    const [command = '', ...args] = [...wrap, ...spec.args];
    const child = spawn(command, args, { stdio: ['ignore', output, output], env: { ...basics(), ...spec.environment } });
    closeSync(output);
    const ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    const running: Running = { spec, child, log, ended, stopping: false };
    void ended.then(() => this.#onEnd(running));
    return running;
  }

  #onEnd(running: Running): void {
    const { spec, child, log, stopping } = running;
    if (this.#running.get(spec.name) === running) this.#running.delete(spec.name);
    if (stopping) return;
    this.#deaths.push(`${spec.name} ended by itself (${child.signalCode ?? child.exitCode}):\n${tail(log)}`);
    console.error(this.#deaths.at(-1));
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  /** Names, process ids and logs, for people. */
  list(): { name: string; pid: number | undefined; log: string }[] {
    return [...this.#running.values()].map(({ spec, child, log }) => ({ name: spec.name, pid: child.pid, log }));
  }

  /** Ends one and waits until it is gone: asked first, then killed. `SIGKILL` is not asking: a crash. */
  async stop(name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const running = this.#running.get(name);
    if (running === undefined) return;
    running.stopping = true;
    running.child.kill(signal);
    const kill = setTimeout(() => running.child.kill('SIGKILL'), 5_000);
    await running.ended;
    clearTimeout(kill);
  }

  /** Stops processes for a while, as a machine that hangs would: connections stay open and nothing answers. */
  freeze(name: string): void {
    this.#running.get(name)?.child.kill('SIGSTOP');
  }

  thaw(name: string): void {
    this.#running.get(name)?.child.kill('SIGCONT');
  }

  /** @throws Error when one had ended by itself */
  async stopAll(): Promise<void> {
    for (const name of this.#running.keys()) this.thaw(name);
    await Promise.all([...this.#running.keys()].toReversed().map((name) => this.stop(name)));
    if (this.#deaths.length > 0) throw new Error(this.#deaths.join('\n\n'));
  }
}

function basics(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', TMPDIR: process.env['TMPDIR'] ?? '/tmp', GOMAXPROCS: '2' };
}

function tail(file: string, lines = 25): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

const given = new Set<number>();
/** Below the ports that Linux gives to outgoing connections, one of which could else take a port before its server does. */
const [FIRST, PORTS] = [15_000, 17_000];

/** A port of the loopback that nothing listens on, and that this process has not given out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * PORTS);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (listens) await new Promise((resolve) => server.close(resolve));
  return listens;
}
