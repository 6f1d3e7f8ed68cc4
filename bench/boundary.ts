/**
 * What a boundary between two stages costs: messages from one to the next as a call, through memory, a file in memory, HTTP, gRPC and
 * brokers; a frame of 768 x 432, a crop of 128 x 256, an embedding of 512. Blocks of all ways in turn, in one run; ratios are medians over
 * rounds. In-process hands over a copy of the bytes, which is what any other way leaves the next stage with. ROUNDS=5 makes fewer.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Client } from 'undici';
import type { Edge, Parcel, Sender } from '#carriers';
import { inProcessCarrier, threadMemory } from '#carriers/adapters';
import { inOrder } from '../carriers/in-order.ts';
import { carrierOf, sharedNow, type SinkReport, type SinkTask, Tally, type Way } from '../testing/rig/boundary-sink.ts';
import { Broker } from '../testing/rig/brokers.ts';
import { freePort } from '../testing/rig/processes.ts';
import { lacking } from '../testing/rig/programs.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 25);
const SIZES = { frame: 768 * 432 * 3, crop: 128 * 256 * 3, embedding: 512 * 4 };
type Size = keyof typeof SIZES;
/** Messages of a block: together about as long for each way. */
const BLOCK: Record<Size, number> = { frame: 60, crop: 150, embedding: 300 };
const OVER_BROKER: Record<Size, number> = { frame: 12, crop: 30, embedding: 40 };
const ALONE = 25;
const largest = SIZES.frame;
const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-boundary-'));
const PROGRAM = path.join(import.meta.dirname, '../testing/rig/boundary-sink.ts');

type Arm = {
  name: string;
  send: (parcel: Parcel) => Promise<void>;
  report: () => Promise<SinkReport>;
  broker?: number | undefined;
};
const arms: Arm[] = [];
const edgeOf = (name: string): Edge => ({ name, window: 8, largest });

for (const hands of ['the same', 'a copy'] as const) {
  const carrier = inProcessCarrier({ hands });
  const edge = edgeOf(hands === 'a copy' ? 'call-copy' : 'call');
  const receiver = await carrier.openReceiver(edge);
  const tally = new Tally();
  void (async () => {
    for await (const { label, bytes } of receiver.receive()) tally.note(label.capturedAt, bytes);
  })();
  const sender = await carrier.openSender(edge);
  const name = hands === 'a copy' ? 'call, with a copy' : 'call';
  arms.push({
    name,
    send: async (parcel) => await sender.send(parcel),
    report: async () => ({ ...tally.report(edge.name), cpu: 0 }),
  });
}

const brokers = lacking('nats-server', 'mosquitto') === '' ? (['nats-server', 'mosquitto'] as const) : [];
if (brokers.length === 0) console.log(`without brokers${lacking('nats-server', 'mosquitto')}`);
const running = await Promise.all(brokers.map(async (name) => await Broker.start(name, path.join(folder, name))));
const ways: { name: string; edge: Edge; way: Way; broker?: number | undefined }[] = [
  ...(['a copy', 'the same'] as const).map((hands, index) => {
    const edge = edgeOf(`threads-${index}`);
    const name = hands === 'a copy' ? 'memory of two threads' : 'memory of two threads, read in place';
    return { name, edge, way: { over: 'threads' as const, memory: threadMemory(edge), hands } };
  }),
  ...(
    [
      ['file in memory', 'file'],
      ['undici echo, unix socket', 'echo'],
      ['HTTP, unix socket', 'http'],
      ['gRPC, unix socket', 'grpc'],
    ] as const
  ).map(([name, over]) => ({ name, edge: edgeOf(over), way: { over, socket: path.join(folder, over) } })),
  { name: 'undici echo, TCP', edge: edgeOf('echo-tcp'), way: { over: 'echo-tcp', port: await freePort() } },
  { name: 'HTTP, TCP', edge: edgeOf('http-tcp'), way: { over: 'http-tcp', port: await freePort() } },
  ...running.map((broker) => ({
    name: broker.name === 'mosquitto' ? 'MQTT 5 (mosquitto)' : 'NATS JetStream',
    edge: edgeOf(broker.name),
    way: { over: broker.name === 'mosquitto' ? ('mqtt' as const) : ('nats' as const), port: broker.port },
    broker: broker.pid,
  })),
];

const threaded = ways.filter(({ way }) => way.over === 'threads');
const apart = ways.filter(({ way }) => way.over !== 'threads');
const worker = new Worker(PROGRAM, { workerData: { ways: threaded } satisfies SinkTask });
const env = { ...process.env, FIELDPROOF_SINK: JSON.stringify({ ways: apart } satisfies SinkTask) };
const child = fork(PROGRAM, [], { env, execArgv: ['--disable-warning=ExperimentalWarning'] });
await Promise.all([once(worker, 'message'), once(child, 'message')]);

for (const { name, edge, way, broker } of ways) {
  const carrier = carrierOf(way);
  const sender: Sender = carrier === null ? bareClient(way) : await carrier.openSender(edge);
  const ask = async () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    const inThread = async () => await asked(worker, () => worker.postMessage(edge.name));
    const inProcess = async () => await asked(child, () => child.send(edge.name));
    const [report] = (await (way.over === 'threads' ? inThread() : inProcess())) as [SinkReport];
    return report;
  };
  arms.push({ name, send: async (parcel) => await sender.send(parcel), report: ask, broker });
}

async function asked(whom: NodeJS.EventEmitter, ask: () => void): Promise<unknown[]> {
  const answer = once(whom, 'message');
  ask();
  return await answer;
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

type Block = { perMessage: number; cpu: number; latencies: number[] };
const results = new Map<string, Block[]>();
let sequence = 0;

async function untilCount(arm: Arm, count: number): Promise<SinkReport> {
  for (;;) {
    const report = await arm.report();
    if (report.count >= count) return report;
    latenciesSoFar.push(...report.latencies);
  }
}
let latenciesSoFar: number[] = [];

async function play(
  arm: Arm,
  bytes: Uint8Array,
  count: number,
  ahead: number,
): Promise<{ took: number; latencies: number[]; cpu: number }> {
  const before = await arm.report();
  const cpuBefore = ownCpu() + before.cpu + cpuOf(arm.broker);
  const begun = sharedNow();
  latenciesSoFar = [];
  const sending = new Set<Promise<void>>();
  for (let index = 0; index < count; index += 1) {
    const label = { camera: 'bench', sequence: (sequence += 1), capturedAt: sharedNow(), promised: false };
    const one = arm.send({ label, bytes }).finally(() => sending.delete(one));
    sending.add(one);
    while (sending.size >= ahead) await Promise.race(sending);
  }
  await Promise.all(sending);
  const after = await untilCount(arm, before.count + count);
  const cpu = ownCpu() + after.cpu + cpuOf(arm.broker) - cpuBefore;
  return { took: after.lastAt - begun, latencies: [...latenciesSoFar, ...after.latencies], cpu };
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of another process: a tick of the kernel is 10. */
function cpuOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

let state = 1;
function shuffled<T>(items: readonly T[]): T[] {
  const rank = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return items
    .map((item) => ({ item, rank: rank() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

for (let round = -2; round < ROUNDS; round += 1) {
  for (const size of Object.keys(SIZES) as Size[]) {
    const bytes = new Uint8Array(SIZES[size]).fill(round & 255);
    // In another order each time: what one leaves behind, garbage above all, the next would pay for.
    for (const arm of shuffled(arms)) {
      const count = (arm.broker === undefined ? BLOCK : OVER_BROKER)[size];
      const many = await play(arm, bytes, count, 8);
      const alone = await play(arm, bytes, arm.broker === undefined ? ALONE : 10, 1);
      if (round < 0) continue; // warming up
      const key = `${size} ${arm.name}`;
      const block = { perMessage: many.took / count, cpu: many.cpu / count, latencies: alone.latencies };
      results.set(key, [...(results.get(key) ?? []), block]);
    }
  }
}

const quantile = (values: readonly number[], at: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * at)] ?? Number.NaN;
const blocksOf = (size: Size, name: string) => results.get(`${size} ${name}`) ?? [];

/** The median over rounds of how much longer a message takes by one way than by another. */
function ratio(size: Size, name: string, to: string): number {
  const reference = blocksOf(size, to);
  return quantile(
    blocksOf(size, name).map(({ perMessage }, round) => perMessage / (reference[round]?.perMessage ?? Number.NaN)),
    0.5,
  );
}

for (const size of Object.keys(SIZES) as Size[]) {
  console.log(`\n${size} of ${SIZES[size].toLocaleString('en')} bytes\n`);
  console.log('| way | messages/s | p95 alone, ms | processor ms a message | time against a call with a copy |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const { name } of arms) {
    const blocks = blocksOf(size, name);
    const rate =
      1000 /
      quantile(
        blocks.map(({ perMessage }) => perMessage),
        0.5,
      );
    const p95 = quantile(
      blocks.flatMap(({ latencies }) => latencies),
      0.95,
    );
    const cpu = quantile(
      blocks.map((block) => block.cpu),
      0.5,
    );
    console.log(
      `| ${name} | ${Math.round(rate).toLocaleString('en')} | ${p95.toFixed(2)} | ${cpu.toFixed(3)} | ${ratio(size, name, 'call, with a copy').toFixed(2)} |`,
    );
  }
}
console.log('\nagainst an undici echo over the same kind of socket:');
for (const size of Object.keys(SIZES) as Size[]) {
  const [unix, tcp] = [
    ratio(size, 'HTTP, unix socket', 'undici echo, unix socket'),
    ratio(size, 'HTTP, TCP', 'undici echo, TCP'),
  ];
  console.log(`  ${size}: unix socket ${unix.toFixed(2)}, TCP ${tcp.toFixed(2)}`);
}

child.kill();
await worker.terminate();
for (const broker of running) await broker.stop();
rmSync(folder, { recursive: true, force: true });
process.exit();
