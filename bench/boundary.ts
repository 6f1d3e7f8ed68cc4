/**
 * What a boundary between two stages costs: messages from one to the next as a call, through memory, a file in memory, HTTP, gRPC and
 * brokers; a frame of 768 x 432, a crop of 128 x 256, an embedding of 512. Blocks of all ways in turn, in one run; ratios are medians over
 * rounds. In-process hands over a copy of the bytes, which is what any other way leaves the next stage with. ROUNDS=5 makes fewer;
 * ARMS='call|memory' asks only those whose names fit; WORK=200000 lets either stage work for about a fifth of a millisecond on each.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Arm, openArms } from '../testing/rig/boundary-arms.ts';
import { sharedNow, type SinkReport, work } from '../testing/rig/boundary-sink.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 25);
const SIZES = { frame: 768 * 432 * 3, crop: 128 * 256 * 3, embedding: 512 * 4 };
type Size = keyof typeof SIZES;
/** Messages of a block, and those that may be under way: the smaller they are, the more. */
const BLOCK: Record<Size, number> = { frame: 60, crop: 300, embedding: process.env['WORK'] === undefined ? 4000 : 300 };
const OVER_BROKER: Record<Size, number> = { frame: 12, crop: 30, embedding: 100 };
const WINDOW: Record<Size, number> = { frame: 8, crop: 16, embedding: 64 };
const ALONE = 25;
const REFERENCE = 'call, with a copy';
const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-boundary-'));
const sizes = Object.keys(SIZES) as Size[];
const kinds = sizes.map((size) => ({ size, bytes: SIZES[size], window: WINDOW[size] }));
const { arms, close } = await openArms(kinds, new RegExp(process.env['ARMS'] ?? ''), folder);
const names = [...new Set(arms.map(({ name }) => name))];

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
  const sendNext = async () => {
    while (left > 0) {
      left -= 1;
      work();
      // How long it took is asked of those that are alone.
      const label = { camera: 'bench', sequence: (sequence += 1), capturedAt: ahead === 1 ? sharedNow() : 0, promised: false };
      await arm.send({ label, bytes });
    }
  };
  let left = count;
  await Promise.all(Array.from({ length: ahead }, sendNext));
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
  for (const size of sizes) {
    const bytes = new Uint8Array(SIZES[size]).fill(round & 255);
    // In another order each time: what one leaves behind, garbage above all, the next would pay for.
    for (const arm of shuffled(arms.filter((one) => one.size === size))) {
      const count = (arm.broker === undefined ? BLOCK : OVER_BROKER)[size];
      const many = await play(arm, bytes, count, WINDOW[size]);
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

/** The median over rounds of how much longer a message takes by one way than by another, or how much more of a processor. */
function ratio(size: Size, name: string, to: string, of: 'perMessage' | 'cpu' = 'perMessage'): number {
  const reference = blocksOf(size, to);
  return quantile(
    blocksOf(size, name).map((block, round) => block[of] / (reference[round]?.[of] ?? Number.NaN)),
    0.5,
  );
}

const median = (size: Size, name: string, of: 'perMessage' | 'cpu') =>
  quantile(
    blocksOf(size, name).map((block) => block[of]),
    0.5,
  );
for (const size of sizes) {
  console.log(`\n${size} of ${SIZES[size].toLocaleString('en')} bytes\n`);
  console.log('| way | messages/s | p95 alone, ms | processor ms a message | time, processor against a call with a copy |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const name of names) {
    const rate = Math.round(1000 / median(size, name, 'perMessage')).toLocaleString('en');
    const latencies = blocksOf(size, name).flatMap((block) => block.latencies);
    const numbers = [quantile(latencies, 0.95).toFixed(2), median(size, name, 'cpu').toFixed(3)];
    const against = (['perMessage', 'cpu'] as const).map((of) => ratio(size, name, REFERENCE, of).toFixed(2));
    console.log(`| ${[name, rate, ...numbers, against.join(', ')].join(' | ')} |`);
  }
}
console.log('\nagainst an undici echo over the same kind of socket:');
for (const size of sizes) {
  const [unix, tcp] = [
    ratio(size, 'HTTP, unix socket', 'undici echo, unix socket'),
    ratio(size, 'HTTP, TCP', 'undici echo, TCP'),
  ];
  console.log(`  ${size}: unix socket ${unix.toFixed(2)}, TCP ${tcp.toFixed(2)}`);
}

await close();
rmSync(folder, { recursive: true, force: true });
process.exit();
