import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LinkAddress } from '../../link.ts';
import type { Program } from '../../programs.ts';
import { dyingWithUs } from './dying.ts';

export type Toxic = { type: 'latency' | 'bandwidth'; stream: 'upstream' | 'downstream'; attributes: Record<string, number> };

const NAME = 'link';
const READY_WITHIN = 10_000;

/** One proxy with its toxics, in a process of its own. */
export class Toxiproxy {
  readonly near: LinkAddress;
  readonly #api: string;
  readonly #stop: () => Promise<void>;

  private constructor(near: LinkAddress, api: string, stop: () => Promise<void>) {
    this.near = near;
    this.#api = api;
    this.#stop = stop;
  }

  static async start({ command, environment }: Program, to: LinkAddress, toxics: readonly Toxic[]): Promise<Toxiproxy> {
    const [api, port] = [await freePort(), await freePort()];
    const [wrapped, args] = dyingWithUs(command, ['-host', '127.0.0.1', '-port', String(api)]);
    const child = spawn(wrapped, args, { stdio: 'ignore', env: { LOG_LEVEL: 'error', ...environment } });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
    const stop = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    const proxy = new Toxiproxy({ host: '127.0.0.1', port }, `http://127.0.0.1:${api}`, stop);
    try {
      await proxy.#ready();
      const [listen, upstream] = [`127.0.0.1:${port}`, `${to.host}:${to.port}`];
      await proxy.#ask('/proxies', { name: NAME, listen, upstream, enabled: true });
      for (const toxic of toxics)
        await proxy.#ask(`/proxies/${NAME}/toxics`, { name: `${toxic.type}-${toxic.stream}`, ...toxic });
      return proxy;
    } catch (thrown) {
      await stop();
      throw thrown;
    }
  }

  /** Its connections end, and it takes no others until it is enabled again. */
  async enable(enabled: boolean): Promise<void> {
    await this.#ask(`/proxies/${NAME}`, { enabled });
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN;
    for (;;) {
      const answer = await fetch(`${this.#api}/version`).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.status === 200) return;
      if (performance.now() > deadline) throw new Error('toxiproxy does not answer');
      await sleep(50);
    }
  }

  async #ask(path: string, body: object): Promise<void> {
    const answer = await fetch(this.#api + path, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy answered ${path} with ${answer.status}: ${text}`);
  }
}

/** A program that is told its port; between the question and its start another could take it, and it would say so. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
