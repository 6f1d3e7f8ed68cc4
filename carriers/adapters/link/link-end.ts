/**
 * One end of a link, in a network namespace of its own: started by namespace-link.ts with what to do as its argument. The near end makes
 * the far one, and the cable between them; each shapes what it sends. It ends with who started it.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { once } from 'node:events';
import { Relay } from './relay.ts';
import { type EndTask, FAR_ADDRESS, NEAR_ADDRESS, PORT, type Reply, type Request } from './end-protocol.ts';

const task = JSON.parse(process.argv[2] ?? '{}') as EndTask;
const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
const device = task.end === 'near' ? 'fp-near' : 'fp-far';
let far: ChildProcess | undefined;

/** The program's own file is on the command line, for this process runs in another namespace than the files' names say. */
function startFar(): ChildProcess {
  const farTask: EndTask = { ...task, end: 'far', shape: task.farShape };
  const args = ['--net', process.execPath, process.argv[1] ?? '', JSON.stringify(farTask)];
  return spawn('unshare', args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function until(child: ChildProcess, state: Reply['state']): Promise<void> {
  for (;;) {
    const [reply] = (await once(child, 'message')) as [Reply];
    if (reply.state === state) return;
  }
}

function raise(address: string): void {
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'address', 'add', `${address}/30`, 'dev', device);
  run('ip', 'link', 'set', device, 'up');
  for (const command of task.shape) run('tc', 'qdisc', 'add', 'dev', device, ...command);
}

/** Bytes that the device has received and sent: `/sys` would speak of the namespace in which it was mounted. */
function counters(): { up: number; down: number } {
  const line = readFileSync('/proc/self/net/dev', 'utf8')
    .split('\n')
    .find((each) => each.includes(`${device}:`));
  const numbers = line?.split(':')[1]?.trim().split(/\s+/).map(Number) ?? [];
  return { up: numbers[8] ?? 0, down: numbers[0] ?? 0 };
}

async function beNear(): Promise<void> {
  far = startFar();
  await until(far, 'there');
  run('ip', 'link', 'add', 'fp-near', 'type', 'veth', 'peer', 'name', 'fp-far', 'netns', String(far.pid));
  far.send({ ask: 'raise' } satisfies Request);
  await until(far, 'ready');
  raise(NEAR_ADDRESS);
  const relay = new Relay({ host: FAR_ADDRESS, port: PORT });
  process.on('message', (request: Request, server?: Server) => {
    void (async () => {
      if (request.ask === 'listen' && server !== undefined) await relay.listen(server);
      if (request.ask === 'cut') run('ip', 'link', 'set', device, 'down');
      if (request.ask === 'mend') run('ip', 'link', 'set', device, 'up');
      process.send?.({ state: 'done', ...counters() } satisfies Reply);
    })();
  });
}

async function beFar(): Promise<void> {
  const raised = once(process, 'message');
  process.send?.({ state: 'there', up: 0, down: 0 } satisfies Reply);
  await raised;
  raise(FAR_ADDRESS);
  await new Relay({ path: task.outside }).listen({ host: FAR_ADDRESS, port: PORT });
}

process.on('disconnect', () => process.exit());
await (task.end === 'near' ? beNear() : beFar());
process.send?.({ state: 'ready', up: 0, down: 0 } satisfies Reply);
