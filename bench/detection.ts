/**
 * Detection beside pycocotools and hotcoco, in one run: are the numbers the same doubles, and how long does each take?
 * `node bench/detection.ts [pictures] [replicates]`. 5,000 pictures and 2,000 replicates unless said; hotcoco's bootstrap takes minutes.
 * `node bench/detection.ts write` writes tasks/detection/reference/coco.json anew, which the tests are held against.
 * The Python packages are installed into .fieldproof/bench-detection once.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { estimatePooled } from '../eval/stats/pooled.ts';
import { prepareAveragePrecision } from '../tasks/detection/average-precision.ts';
import { matchPicture } from '../tasks/detection/match-picture.ts';
import { tellOf, type Told } from '../tasks/detection/reference/arrays.fixture.ts';
import { fuzzedSet, largeSet, type BoxSet } from '../tasks/detection/reference/sets.fixture.ts';
import { PRECISIONS, twelveNumbers } from '../tasks/detection/twelve-numbers.ts';
import { pythonWith } from '../testing/python-peers.ts';

const PACKAGES = ['pycocotools==2.0.11', 'hotcoco==1.3.0', 'numpy==2.4.6'];
const reference = resolve(import.meta.dirname, '../tasks/detection/reference');
/** So many sets are committed with what the others make of them; a run without `write` takes more. */
const [COMMITTED, FUZZED, ROUNDS] = [150, 1000, 3];

type Timed = Told & { seconds: number; cpu: number };

const python = pythonWith('bench-detection', PACKAGES);

function ask<T>(what: readonly string[], sets: readonly BoxSet[]): T[] {
  const lines = sets.map((set) => JSON.stringify(set));
  return python(join(reference, 'peers.py'), what, lines).flatMap((line) => (/^[{[]/.test(line) ? [JSON.parse(line) as T] : []));
}

function write(): void {
  const sets = Array.from({ length: COMMITTED }, (_, seed) => fuzzedSet(seed));
  const [coco, voc] = [ask<Timed>(['pycocotools'], sets), ask<(number | null)[]>(['voc'], sets)];
  const rows = sets.map((_, seed) => {
    const { stats, precision, recall } = coco[seed] as Timed;
    return JSON.stringify({ seed, stats, precision, recall, voc: voc[seed] });
  });
  writeFileSync(join(reference, 'coco.json'), `[\n${rows.join(',\n')}\n]\n`);
}

function sameSets(): void {
  const sets = Array.from({ length: FUZZED }, (_, seed) => fuzzedSet(seed));
  const ours = sets.map((set) => told(tellOf(set)));
  const plain = sets.flatMap((set, seed) => (set.pictures.some(({ truth }) => truth.some((one) => one.ignore)) ? [] : [seed]));
  const count = (peer: string, seeds: readonly number[]) => {
    const theirs = ask<Timed>(
      [peer],
      seeds.map((seed) => sets[seed] as BoxSet),
    );
    const same = seeds.filter((seed, at) => told(theirs[at] as Timed) === ours[seed]).length;
    console.log(`${peer}: the same doubles in ${same} of ${seeds.length} fuzzed sets`);
  };
  count('pycocotools', [...sets.keys()]);
  count('hotcoco', plain);
  count('hotcoco-from-0', plain);
}

function told({ stats, precision, recall }: Told): string {
  return JSON.stringify({ stats, precision, recall });
}

function timed(work: () => unknown): { seconds: number; cpu: number } {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}

const matched = (set: BoxSet) => set.pictures.map(({ truth, boxes }) => ({ truth, matches: matchPicture(truth, boxes) }));

function speed(pictures: number): void {
  const set = largeSet(pictures, 50, 80, 1);
  const ours = told(tellOf(set));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const own = timed(() => twelveNumbers(matched(set)));
    const [[coco], [hot]] = [ask<Timed>(['pycocotools'], [set]), ask<Timed>(['hotcoco'], [set])];
    if (coco === undefined || hot === undefined) throw new Error('no answer');
    const same = [coco, hot].filter((one) => told(one) === ours).length;
    const times = Object.entries({ ours: own, pycocotools: coco, hotcoco: hot }).map(([name, { seconds, cpu }]) => {
      return `${name} ${seconds.toFixed(2)} s (${cpu.toFixed(2)} s of processor)`;
    });
    console.log(`round ${round}, ${pictures} pictures x 50 boxes: ${times.join(', ')}; ${same} of 2 give the same doubles`);
    console.log(
      `  pycocotools takes ${(coco.cpu / own.cpu).toFixed(0)} times the processor, ${(coco.seconds / own.seconds).toFixed(0)} times the time`,
    );
  }
}

function bootstrap(replicates: number): void {
  const [before, after] = [largeSet(1000, 50, 80, 2), largeSet(1000, 50, 80, 3)];
  // The same truth, with boxes of their own.
  const other = {
    ...after,
    pictures: before.pictures.map(({ truth }, at) => ({
      truth,
      boxes: [...(after.pictures[at]?.boxes ?? []), ...(before.pictures[at]?.boxes.slice(0, 10) ?? [])],
    })),
  };
  const clusters = Array.from({ length: 250 }, (_, at) => [4 * at, 4 * at + 1, 4 * at + 2, 4 * at + 3]);
  const own = timed(() => {
    const [a, b] = [before, other].map((set) => prepareAveragePrecision(matched(set), PRECISIONS.ap));
    if (a === undefined || b === undefined) return;
    const statistic = (weights: Float64Array) => (b.value(weights) ?? Number.NaN) - (a.value(weights) ?? Number.NaN);
    const { value, interval } = estimatePooled({ statistic, clusters, support: 1000, counted: 'pictures', unit: 'pictures' }, 1);
    console.log(`the difference of AP is ${value}, 90% of its draws by clusters of four within ${JSON.stringify(interval)}`);
  });
  const [hot] = ask<{ seconds: number; cpu: number; difference: number; error: number }>(
    ['bootstrap', String(replicates)],
    [before, other],
  );
  if (hot === undefined) throw new Error('no answer');
  console.log(`ours: 2,000 replicates and 200 left out, ${own.seconds.toFixed(1)} s (${own.cpu.toFixed(1)} s of processor)`);
  console.log(
    `hotcoco: ${replicates} replicates of single pictures, all of its numbers, ${hot.seconds.toFixed(1)} s (${hot.cpu.toFixed(1)} s of processor); its difference of AP is ${hot.difference}, with an error of ${hot.error}`,
  );
}

if (process.argv[2] === 'write') write();
else {
  console.log(`${os.cpus()[0]?.model}, ${os.cpus().length} CPUs, load ${os.loadavg()[0]?.toFixed(1)}`);
  sameSets();
  speed(Number(process.argv[2] ?? 5000));
  bootstrap(Number(process.argv[3] ?? 2000));
}
