import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LinkAddress, LinkProfile } from '../../link.ts';
import { qdiscs } from '../../link-shape.ts';
import { dyingWithUs } from './dying.ts';
import type { EndTask, Reply, Request } from './end-protocol.ts';
import { Relay } from './relay.ts';

const PROGRAM = path.join(import.meta.dirname, 'link-end.ts');
/** Who is not root is root in a namespace of users, where the system lets anybody make one. */
const AS_ROOT = process.getuid?.() === 0 ? [] : ['--map-root-user'];

export type Abilities = { namespaces: boolean; netem: boolean };
let known: Abilities | undefined;

/** Whether this machine lets us make network namespaces with shaped links between, asked by making one. */
export function abilities(): Abilities {
  known ??= {
    namespaces: inNamespace(
      'ip link add fp-a type veth peer name fp-b && tc qdisc add dev fp-a root tbf rate 1mbit burst 16kb latency 1s',
    ),
    netem: inNamespace('ip link add fp-a type veth peer name fp-b && tc qdisc add dev fp-a root netem delay 1ms'),
  };
  return known;
}

function inNamespace(commands: string): boolean {
  return spawnSync('unshare', ['--net', ...AS_ROOT, 'sh', '-c', commands], { stdio: 'ignore' }).status === 0;
}

/**
 * Two network namespaces with a cable between them, whose ends shape what they send. Connections come in by a socket that is made
 * here, and leave by a unix socket, which no namespace of networks keeps apart; between is TCP as on any link.
 */
export class NamespaceLink {
  readonly near: LinkAddress;
  readonly #child: ChildProcess;
  readonly #outside: Relay;
  readonly #folder: string;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(near: LinkAddress, child: ChildProcess, outside: Relay, folder: string) {
    this.near = near;
    this.#child = child;
    this.#outside = outside;
    this.#folder = folder;
  }

  static async start(profile: LinkProfile, far: LinkAddress): Promise<NamespaceLink> {
    const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-link-'));
    const outside = new Relay(far);
    const socket = path.join(folder, 'outside');
    await outside.listen({ path: socket });
    const { netem } = abilities();
    const [shape, farShape] = [qdiscs(profile, 'up', netem), qdiscs(profile, 'down', netem)];
    const task: EndTask = { end: 'near', shape, farShape, outside: socket };
    const [command, args] = dyingWithUs('unshare', ['--net', ...AS_ROOT, process.execPath, PROGRAM, JSON.stringify(task)]);
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    const said: string[] = [];
    child.stderr?.on('data', (text: Buffer) => said.push(text.toString()));
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`its end ended: ${said.join('').trim()}`)));
    ended.catch(() => {});
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const link = new NamespaceLink({ host: '127.0.0.1', port }, child, outside, folder);
    try {
      await Promise.race([once(child, 'message'), ended]);
      child.send({ ask: 'listen' } satisfies Request, server);
      await Promise.race([once(child, 'message'), ended]);
    } catch (thrown) {
      await link.close();
      throw thrown;
    } finally {
      // The other process has its own.
      server.close();
    }
    return link;
  }

  /** @returns bytes on the wire since it was started */
  async ask(ask: Request['ask']): Promise<{ up: number; down: number }> {
    const asking = this.#last.then(async () => {
      this.#child.send({ ask } satisfies Request);
      const [{ up, down }] = (await once(this.#child, 'message')) as [Reply];
      return { up, down };
    });
    this.#last = asking.catch(() => {});
    return await asking;
  }

  async close(): Promise<void> {
    const ended = this.#child.exitCode === null && this.#child.signalCode === null ? once(this.#child, 'exit') : null;
    this.#child.kill('SIGKILL');
    await ended;
    await this.#outside.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
