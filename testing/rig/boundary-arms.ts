/** The ways across that bench/boundary.ts compares, each open at both ends: in this thread, in a thread beside it, in another process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Client } from 'undici';
import type { Edge, Parcel, Sender } from '#carriers';
import { inProcessCarrier, threadMemory } from '#carriers/adapters';
import { inOrder } from '../../carriers/in-order.ts';
import { carrierOf, type SinkReport, type SinkTask, Tally, type Way } from './boundary-sink.ts';
import { Broker } from './brokers.ts';
import { freePort } from './processes.ts';
import { lacking } from './programs.ts';

export type Arm = {
  name: string;
  size: string;
  send: (parcel: Parcel) => Promise<void>;
  report: () => Promise<SinkReport>;
  /** Process id. */
  broker: number | undefined;
};

/** What an edge carries: the bytes of each message, and how many may be under way. */
export type Kind = { size: string; bytes: number; window: number };

type Open = { name: string; size: string; edge: Edge; way: Way; broker?: number | undefined };

const PROGRAM = path.join(import.meta.dirname, 'boundary-sink.ts');
const edgeOf = (way: string, { size, bytes, window }: Kind): Edge => ({ name: `${way}-${size}`, window, largest: bytes });

/** @param only what is not named so is left out @param folder for sockets and brokers */
export async function openArms(kinds: readonly Kind[], only: RegExp, folder: string) {
  const brokers = only.test('NATS JetStream MQTT 5 (mosquitto)') ? await startBrokers(folder) : [];
  const ways = (await Promise.all(kinds.map(async (kind) => await waysOf(kind, brokers, folder)))).flat();
  const wanted = ways.filter(({ name }) => only.test(name));
  // A thread for each name: code that was compiled for one kind of memory is slower for two.
  const threads = new Map(
    wanted.flatMap(({ name, way }) => {
      const ways = wanted.filter((one) => one.name === name);
      return way.over === 'threads' ? [[name, ways] as const] : [];
    }),
  );
  const workers = new Map([...threads].map(([name, own]) => [name, new Worker(PROGRAM, { workerData: { ways: own } })]));
  const apart = wanted.filter(({ way }) => way.over !== 'threads');
  const env = { ...process.env, FIELDPROOF_SINK: JSON.stringify({ ways: apart } satisfies SinkTask) };
  const child = fork(PROGRAM, [], { env, execArgv: ['--disable-warning=ExperimentalWarning'] });
  await Promise.all([...workers.values(), child].map(async (one) => await once(one, 'message')));
  const calls = await Promise.all(kinds.map(async (kind) => await callsOf(kind)));
  const arms: Arm[] = calls.flat().filter(({ name }) => only.test(name));
  for (const { name, size, edge, way, broker } of wanted) {
    const carrier = carrierOf(way);
    const sender: Sender = carrier === null ? bareClient(way) : await carrier.openSender(edge);
    const worker = workers.get(name);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    const inThread = async () => await asked(worker ?? child, () => worker?.postMessage(edge.name));
    const inProcess = async () => await asked(child, () => child.send(edge.name));
    const report = worker === undefined ? inProcess : inThread;
    arms.push({ name, size, send: async (parcel) => await sender.send(parcel), report, broker });
  }
  const close = async () => {
    child.kill();
    for (const worker of workers.values()) await worker.terminate();
    for (const broker of brokers) await broker.stop();
  };
  return { arms, close };
}

async function startBrokers(folder: string): Promise<readonly Broker[]> {
  const missing = lacking('nats-server', 'mosquitto');
  if (missing !== '') console.log(`without brokers${missing}`);
  const names = missing === '' ? (['nats-server', 'mosquitto'] as const) : [];
  return await Promise.all(names.map(async (name) => await Broker.start(name, path.join(folder, name))));
}

async function waysOf(kind: Kind, brokers: readonly Broker[], folder: string): Promise<Open[]> {
  const { size } = kind;
  const threads = (['the same', 'a copy'] as const).map((hands, index): Open => {
    const edge = edgeOf(`threads-${index}`, kind);
    const name = hands === 'a copy' ? 'memory of two threads, and a copy' : 'memory of two threads';
    return { name, size, edge, way: { over: 'threads', memory: threadMemory(edge), hands } };
  });
  const sockets = (
    [
      ['file in memory', 'file'],
      ['undici echo, unix socket', 'echo'],
      ['HTTP, unix socket', 'http'],
      ['gRPC, unix socket', 'grpc'],
    ] as const
  ).map(([name, over]): Open => {
    const edge = edgeOf(over, kind);
    return { name, size, edge, way: { over, socket: path.join(folder, edge.name) } };
  });
  const ports = (['echo-tcp', 'http-tcp'] as const).map(async (over): Promise<Open> => {
    const name = over === 'http-tcp' ? 'HTTP, TCP' : 'undici echo, TCP';
    return { name, size, edge: edgeOf(over, kind), way: { over, port: await freePort() } };
  });
  const overBrokers = brokers.map(({ name, port, pid }): Open => {
    const [over, title] =
      name === 'mosquitto' ? (['mqtt', 'MQTT 5 (mosquitto)'] as const) : (['nats', 'NATS JetStream'] as const);
    return { name: title, size, edge: edgeOf(over, kind), way: { over, port }, broker: pid };
  });
  return [...threads, ...sockets, ...(await Promise.all(ports)), ...overBrokers];
}

async function callsOf(kind: Kind): Promise<Arm[]> {
  const calls = (['the same', 'a copy'] as const).map(async (hands): Promise<Arm> => {
    const carrier = inProcessCarrier({ hands });
    const edge = edgeOf(hands === 'a copy' ? 'call-copy' : 'call', kind);
    const receiver = await carrier.openReceiver(edge);
    const tally = new Tally();
    void (async () => {
      for await (const { label, bytes } of receiver.receive()) tally.note(label.capturedAt, bytes);
    })();
    const sender = await carrier.openSender(edge);
    return {
      name: hands === 'a copy' ? 'call, with a copy' : 'call',
      size: kind.size,
      send: async (parcel) => await sender.send(parcel),
      report: async () => ({ ...tally.report(edge.name), cpu: 0 }),
      broker: undefined,
    };
  });
  return await Promise.all(calls);
}

async function asked(whom: NodeJS.EventEmitter, ask: () => void): Promise<SinkReport> {
  const answer = once(whom, 'message');
  ask();
  const [report] = (await answer) as [SinkReport];
  return report;
}

function bareClient(way: Way): Sender {
  const origin = 'port' in way ? `http://127.0.0.1:${way.port}` : 'http://localhost';
  const client = new Client(origin, 'socket' in way ? { socketPath: way.socket } : {});
  const inTurn = inOrder();
  return {
    send: async ({ label, bytes }) =>
      await inTurn(async () => {
        const headers = { 'sent-at': String(label.capturedAt), 'content-type': 'application/octet-stream' };
        const { body } = await client.request({ method: 'POST', path: '/', headers, body: bytes });
        await body.dump();
      }),
    close: async () => await client.destroy(),
  };
}
