/** Servers that others wrote, from PyPI: installed once into the cache, and run on this machine's loopback. */
import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { float32Of, reasonOf } from '#kernel';
import { openInferenceClient, type InferenceClient } from './inference-client.ts';

const models = join(import.meta.dirname, '../../testing/model-servers');
const cache = process.env['FIELDPROOF_PYTHON_CACHE'] ?? join(homedir(), '.cache', 'fieldproof-python');

/** What a server says is kept, so that one which ends is told from one which is slow. */
const heard: StdioOptions = ['ignore', 'pipe', 'pipe'];

type Server = { name: string; pinned: string; start: (bin: string, port: number) => ChildProcess };

const servers: Server[] = [
  {
    name: 'MLServer',
    pinned: 'mlserver==1.7.1',
    start: (bin, port) => {
      const folder = mkdtempSync(join(tmpdir(), 'fieldproof-mlserver-'));
      copyFileSync(join(models, 'mlserver_model.py'), join(folder, 'mlserver_model.py'));
      const settings = { host: '127.0.0.1', http_port: port, grpc_port: port + 1, metrics_endpoint: null, parallel_workers: 0 };
      writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
      const model = { name: 'porch', implementation: 'mlserver_model.Bytes' };
      writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(model));
      return spawn(join(bin, 'mlserver'), ['start', folder], { cwd: folder, stdio: heard });
    },
  },
  {
    name: "KServe's own",
    pinned: 'kserve==0.21.0',
    start: (bin, port) => spawn(join(bin, 'python'), [join(models, 'kserve_model.py'), String(port)], { stdio: heard }),
  },
];

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

describe('a real server is met as it is', () => {
  it.for(servers)('$name', { timeout: 900_000 }, async ({ pinned, start }, { skip }) => {
    const bin = await installed(pinned).catch((cause: unknown) => skip(`${pinned} can't be installed here: ${reasonOf(cause)}`));
    const client = await serving(bin, start);
    await client.describe();
    const data = [Uint8Array.of(7, 255), Uint8Array.of(200)];
    const { outputs } = await client.infer({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [2], data }] });
    expect(outputs.flatMap((output) => [...float32Of(output)])).toEqual([1, 1, 3, 0, 2, 0]);
    expect(client.manner()).toMatch(/no binary tensors: pictures go as JSON, in base64/);
  });
});

/** Milliseconds: an installation that takes longer skips the test by name, and a server that does fails it. */
const patience = { install: 6 * 60_000, start: 3 * 60_000 };

async function installed(pinned: string): Promise<string> {
  const folder = join(cache, pinned);
  const timely = { timeout: patience.install, killSignal: 'SIGKILL' } as const;
  const run = async (program: string, ...words: string[]) => await promisify(execFile)(program, words, timely);
  if (!existsSync(join(folder, 'complete'))) {
    mkdirSync(cache, { recursive: true });
    await run('python3', '-m', 'venv', '--clear', folder);
    await run(join(folder, 'bin', 'pip'), 'install', '--quiet', pinned);
    writeFileSync(join(folder, 'complete'), '');
  }
  return join(folder, 'bin');
}

/** A client of the server once it answers. A port can be taken between being found and being listened on: three are tried. */
async function serving(bin: string, start: Server['start'], tries = 3): Promise<InferenceClient> {
  const port = await freePort();
  const server = start(bin, port);
  ending.push(() => server.kill('SIGKILL'));
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream?.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4000)));
  const client = clientAt(port);
  ending.push(async () => await client.close());
  const until = Date.now() + patience.start;
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null;
  while (!hasEnded() && Date.now() < until) {
    if (await client.ready().catch(() => false)) return client;
    await sleep(200);
  }
  if (hasEnded() && tries > 1) return await serving(bin, start, tries - 1);
  const what = hasEnded() ? `ended with ${server.signalCode ?? server.exitCode}` : 'never became ready';
  throw new Error(`the server ${what} on port ${port}; it said: ${said}`);
}

function clientAt(port: number): InferenceClient {
  const door = {
    connect: (_: unknown, callback: (...outcome: [Error, null] | [null, ReturnType<typeof connect>]) => void) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', (error) => callback(error, null));
      socket.once('connect', () => callback(null, socket));
    },
  };
  return openInferenceClient(door, { answerWithin: 20_000, stranger: true, wanted: { name: null, version: null } });
}

async function freePort(): Promise<number> {
  return await new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}
