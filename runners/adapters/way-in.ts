import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { buildConnector } from 'undici';
import { CouldNotRun, reasonOf } from '#kernel';
import type { Handed, Wanted } from './connect-child.ts';
import { LogTail, printable } from './log-tail.ts';

/** Hands out connections to a port inside a network namespace that nothing else leads into or out of. */
export type WayIn = { connect: buildConnector.connector; close(): void };

const CHILD = fileURLToPath(new URL('connect-child.ts', import.meta.url));

/**
 * @param pid a process of the container, as this machine numbers it
 * @throws CouldNotRun when this user may not enter, or the namespace has more than a loopback
 */
export async function openWayIn(pid: number, port: number): Promise<WayIn> {
  const root = process.getuid?.() === 0;
  // The channel is standard input, for sudo closes all descriptors above the third and clears the environment.
  const inside = [
    'nsenter',
    `--net=/proc/${pid}/ns/net`,
    'env',
    'NODE_CHANNEL_FD=0',
    process.execPath,
    CHILD,
    String(port),
    String(pid),
  ];
  const [command = '', ...rest] = root ? inside : ['sudo', '-n', ...inside];
  const child = spawn(command, rest, { stdio: ['ipc', 'ignore', 'pipe'] });
  const errors = new LogTail(4096);
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const interfaces = await firstMessage(child, errors);
  if (interfaces.every((name) => name === 'lo')) return handOut(child);
  child.send('goodbye' satisfies Wanted);
  throw cannotEnter(
    `its network has ${interfaces.join(', ')}, where only the loopback may be`,
    'report this: the sandbox did not hold',
  );
}

async function firstMessage(child: ChildProcess, errors: LogTail): Promise<readonly string[]> {
  return await new Promise((resolve, reject) => {
    const fail = (reason: string) =>
      reject(
        cannotEnter(reason, 'install nsenter (package util-linux), and run as root or as a user who may run `sudo -n nsenter`'),
      );
    child.once('error', (error) => fail(reasonOf(error)));
    child.once('exit', (code) => fail(printable(errors.text().trim(), 500) || `nsenter ended with exit code ${code}`));
    child.once('message', (message: Handed) => {
      if ('interfaces' in message) resolve(message.interfaces);
    });
  });
}

function handOut(child: ChildProcess): WayIn {
  const waiting = new Map<number, buildConnector.Callback>();
  let last = 0;
  child.on('message', (message: Handed, socket: Socket | undefined) => {
    if (!('id' in message)) return;
    const callback = waiting.get(message.id);
    waiting.delete(message.id);
    if (callback === undefined) return void socket?.destroy();
    if (socket === undefined) return callback(new Error(message.error ?? 'no socket came'), null);
    callback(null, socket.setNoDelay(true));
  });
  child.once('exit', () => {
    for (const callback of waiting.values()) callback(new Error('the way into the container was closed'), null);
    waiting.clear();
  });
  return {
    connect: (_, callback) => {
      if (!child.connected) return callback(new Error('the way into the container is closed'), null);
      last += 1;
      waiting.set(last, callback);
      child.send({ id: last } satisfies Wanted);
    },
    close: () => {
      if (child.connected) child.send('goodbye' satisfies Wanted);
    },
  };
}

function cannotEnter(reason: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: 'docker runner', message: `can't enter the container's network: ${reason}`, remedy });
}
