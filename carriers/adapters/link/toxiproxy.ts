import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { LinkAddress } from '../../link.ts';
import type { Program } from '../../programs.ts';
import { dyingWithUs } from './dying.ts';

export type Toxic = { type: 'latency' | 'bandwidth'; stream: 'upstream' | 'downstream'; attributes: Record<string, number> };

const READY_WITHIN = 10_000;
/** It is told the port that it is asked at, and between the choice of one and its start another program may take it. */
const TRIES = 5;

const proxiesSchema = z.record(z.string(), z.object({ listen: z.string().regex(/:\d+$/) }));

type Starting = { program: Program; to: LinkAddress; folder: string; choose: () => Promise<number> };

/** One proxy with its toxics, in a process of its own. */
export class Toxiproxy {
  readonly near: LinkAddress;
  readonly #proxy: string;
  readonly #stop: () => Promise<void>;

  private constructor(near: LinkAddress, proxy: string, stop: () => Promise<void>) {
    this.near = near;
    this.#proxy = proxy;
    this.#stop = stop;
  }

  /** @param choose a port to be asked at, which may have been taken when it is used */
  static async start(program: Program, to: LinkAddress, toxics: readonly Toxic[], choose = freePort): Promise<Toxiproxy> {
    const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-toxiproxy-'));
    try {
      const proxy = await Toxiproxy.#startSomewhere({ program, to, folder, choose }, TRIES);
      try {
        for (const toxic of toxics) await proxy.#ask('/toxics', { name: `${toxic.type}-${toxic.stream}`, ...toxic });
      } catch (thrown) {
        await proxy.close();
        throw thrown;
      }
      return proxy;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The proxy bears a name that no other has: whoever else answers at this port is told from ours by it. */
  static async #startSomewhere(starting: Starting, tries: number): Promise<Toxiproxy> {
    const { program, to, folder, choose } = starting;
    const port = await choose();
    const name = randomUUID();
    const file = path.join(folder, `${name}.json`);
    const proxy = { name, listen: '127.0.0.1:0', upstream: `${to.host}:${to.port}`, enabled: true };
    await writeFile(file, JSON.stringify([proxy]));
    const [command, args] = dyingWithUs(program.command, ['-host', '127.0.0.1', '-port', String(port), '-config', file]);
    const child = spawn(command, args, { stdio: 'ignore', env: { LOG_LEVEL: 'error', ...program.environment } });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
    const stop = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    const deadline = performance.now() + READY_WITHIN;
    let answers: LinkAddress | 'nobody' | 'another' = 'nobody';
    while (answers === 'nobody' && isRunning(child) && performance.now() < deadline) {
      answers = await whoAnswers(`http://127.0.0.1:${port}`, name);
      if (typeof answers === 'object') return new Toxiproxy(answers, `http://127.0.0.1:${port}/proxies/${name}`, stop);
      await sleep(50);
    }
    await stop();
    if (tries > 1) return await Toxiproxy.#startSomewhere(starting, tries - 1);
    throw new Error(`toxiproxy does not answer at port ${port}`);
  }

  /** Its connections end, and it takes no others until it is enabled again. */
  async enable(enabled: boolean): Promise<void> {
    await this.#ask('', { enabled });
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #ask(of: string, body: object): Promise<void> {
    const answer = await fetch(this.#proxy + of, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy answered ${of} with ${answer.status}: ${text}`);
  }
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess) => pid !== undefined && exitCode === null && signalCode === null;

/** Where the proxy of this name takes connections. It is there before its toxiproxy answers, so who answers without it is another. */
async function whoAnswers(api: string, name: string): Promise<LinkAddress | 'nobody' | 'another'> {
  const answer = await fetch(`${api}/proxies`, { signal: AbortSignal.timeout(READY_WITHIN) }).catch(() => null);
  if (answer === null) return 'nobody';
  const proxies = proxiesSchema.safeParse(await answer.json().catch(() => null));
  const listen = proxies.data?.[name]?.listen;
  return listen === undefined ? 'another' : { host: '127.0.0.1', port: Number(listen.split(':').at(-1)) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
