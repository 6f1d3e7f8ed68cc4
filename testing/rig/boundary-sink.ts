/**
 * The receiving stage of bench/boundary.ts, in a process or a thread of its own: it looks at all of each message, and says when asked how
 * long they took to come.
 */
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import type { Carrier, Edge } from '#carriers';
import { grpcCarrier, httpCarrier, mqttCarrier, natsCarrier, sharedFileCarrier, threadMemoryCarrier } from '#carriers/adapters';

/** How a way across is opened at either end. */
export type Way =
  | { over: 'threads'; memory: SharedArrayBuffer; hands: 'a copy' | 'the same' }
  | { over: 'file' | 'http' | 'grpc' | 'echo'; socket: string }
  | { over: 'http-tcp' | 'echo-tcp' | 'nats' | 'mqtt'; port: number };

export type SinkTask = { ways: readonly { edge: Edge; way: Way }[] };
export type SinkReport = { edge: string; lastAt: number; latencies: number[]; cpu: number; count: number };

/** Milliseconds on a clock that all processes of a machine share. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;

/** What a stage does at least: it reads every cache line. */
export function lookAt(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.byteLength; at += 64) sum += bytes[at] ?? 0;
  return sum;
}

/** Rounds of arithmetic that either stage does for each message, for who asks what a boundary costs stages that have something to do. */
const WORK = Number(process.env['WORK'] ?? 0);
let state = 1;

/** A round takes about a nanosecond. */
export function work(): void {
  for (let round = 0; round < WORK; round += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
}

export function carrierOf(way: Way): Carrier | null {
  const access = 'port' in way ? { host: '127.0.0.1', port: way.port } : { host: '127.0.0.1', port: 0 };
  switch (way.over) {
    case 'threads':
      return threadMemoryCarrier(() => way.memory, { hands: way.hands });
    case 'file':
      return sharedFileCarrier(() => way.socket);
    case 'http':
      return httpCarrier(() => ({ socket: way.socket }));
    case 'http-tcp':
      return httpCarrier(() => access);
    case 'grpc':
      return grpcCarrier(() => ({ socket: way.socket }));
    case 'nats':
      return natsCarrier(access);
    case 'mqtt':
      return mqttCarrier(access);
    case 'echo':
    case 'echo-tcp':
      return null;
  }
}

/** What has come over one edge since it was last asked. */
export class Tally {
  count = 0;
  lastAt = 0;
  latencies: number[] = [];

  /** @param sentAt 0: nobody asks how long it took */
  note(sentAt: number, bytes: Uint8Array): void {
    lookAt(bytes);
    work();
    this.lastAt = sharedNow();
    if (sentAt > 0) this.latencies.push(this.lastAt - sentAt);
    this.count += 1;
  }

  report(edge: string): SinkReport {
    const { user, system } = process.cpuUsage();
    const cpu = parentPort === null ? (user + system) / 1000 : 0;
    const report = { edge, lastAt: this.lastAt, latencies: this.latencies, cpu, count: this.count };
    this.latencies = [];
    return report;
  }
}

async function receive(carrier: Carrier, edge: Edge, tally: Tally): Promise<void> {
  const receiver = await carrier.openReceiver(edge);
  void (async () => {
    for await (const { label, bytes } of receiver.receive()) tally.note(label.capturedAt, bytes);
  })();
}

/** A server that takes bytes and says so, and nothing else: what HTTP costs by itself. */
async function echo(at: { path: string } | { port: number; host: string }, tally: Tally): Promise<void> {
  const server = createServer((request, response) => {
    void (async () => {
      const bytes = Buffer.allocUnsafeSlow(Number(request.headers['content-length']));
      let end = 0;
      for await (const piece of request as AsyncIterable<Buffer>) end += piece.copy(bytes, end);
      tally.note(Number(request.headers['sent-at']), bytes);
      response.writeHead(204).end();
    })();
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(at, resolve));
}

async function serve({ ways }: SinkTask): Promise<void> {
  const tallies = new Map<string, Tally>();
  for (const { edge, way } of ways) {
    const tally = new Tally();
    tallies.set(edge.name, tally);
    const carrier = carrierOf(way);
    if (carrier !== null) await receive(carrier, edge, tally);
    else await echo('socket' in way ? { path: way.socket } : { host: '127.0.0.1', port: 'port' in way ? way.port : 0 }, tally);
  }
  const answer = (edge: string) => tallies.get(edge)?.report(edge);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  const tell = (what: unknown) => parentPort?.postMessage(what);
  parentPort?.on('message', (edge: string) => tell(answer(edge)));
  process.on('message', (edge: string) => process.send?.(answer(edge)));
  tell('ready');
  process.send?.('ready');
}

const given = parentPort === null ? process.env['FIELDPROOF_SINK'] : null;
if (parentPort !== null) await serve(workerData as SinkTask);
else if (given !== null && given !== undefined) await serve(JSON.parse(given) as SinkTask);
