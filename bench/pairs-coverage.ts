/**
 * How often a gate on pairs errs where some identities are easier to mistake than others. `node bench/pairs-coverage.ts [replicates] [metric]`
 * prints the table of docs/measurements.md, or its rows of one metric; its last two columns are of OF_OTHERS replicates at most.
 */
import { decide } from '../eval/decide.ts';
import type { Interval } from '../eval/gate.ts';
import { estimatePooledDifference } from '../eval/stats/pooled-difference.ts';
import { estimatePooled } from '../eval/stats/pooled.ts';
import { random } from '../eval/stats/rng.ts';
import { areaOf } from '../eval/stats/simulated.fixture.ts';
import { acceptedOf, simulatePairs, withoutIdentities, type PairWorld } from '../eval/stats/simulated-pairs.fixture.ts';
import type { PooledMetric } from '../tasks/metric.ts';
import { pairAuroc } from '../tasks/verification/pair-auroc.ts';
import { tarAtFar } from '../tasks/verification/tar-at-far.ts';
import type { PairTrial } from '../tasks/verification/trial.ts';

const replicates = Number(process.argv[2] ?? 300);
const OF_OTHERS = Math.min(replicates, 400);
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const share = (count: number, of = replicates) => `${((100 * count) / of).toFixed(1)}%`;

type World = Omit<PairWorld, 'apart'> & { metric: PooledMetric<PairTrial>; margin: number };

/** So far apart that the value is just the margin below that of `reference`. */
function losing(valueOf: (apart: number) => number, reference: number, margin: number): number {
  let [candidate, step] = [reference, reference];
  for (let turn = 0; turn < 50; turn += 1) {
    step /= 2;
    if (valueOf(candidate - step) > valueOf(reference) - margin) candidate -= step;
  }
  return candidate;
}

function judge({ metric, margin, ...world }: World): void {
  const isArea = metric === pairAuroc;
  const reference = isArea ? 2 : 3;
  const candidate = losing((apart) => (isArea ? areaOf(apart) : acceptedOf(apart, 0.01)), reference, margin);
  const counts = { pass: 0, fail: 0, inconclusive: 0, held: 0, alone: 0, silent: 0, unchanged: 0 };
  const next = random(world.identities);
  const holds = (interval: Interval | null) => Number(interval !== null && interval.low <= -margin && -margin <= interval.high);
  for (let seed = 0; seed < replicates; seed += 1) {
    const pairs = simulatePairs({ ...world, apart: { candidate, reference } }, metric, next);
    const { interval } = estimatePooledDifference(pairs, seed);
    counts[decide(interval, margin)] += 1;
    counts.silent += Number(interval === null);
    counts.held += holds(interval);
    if (seed >= OF_OTHERS) continue;
    counts.alone += holds(estimatePooled(withoutIdentities(pairs), seed).interval);
    const same = simulatePairs({ ...world, apart: { candidate: reference, reference } }, metric, next);
    counts.unchanged += Number(decide(estimatePooledDifference(same, seed).interval, margin) === 'pass');
  }
  const { identities, same, different, together } = world;
  const told = replicates - counts.silent;
  row(
    metric.name,
    identities,
    `${same}, ${different}`,
    together,
    margin,
    share(counts.pass),
    share(counts.fail),
    share(counts.held, told),
    share(counts.unchanged, OF_OTHERS),
    share(counts.alone, OF_OTHERS),
  );
}

console.log(`${replicates} replicates each.\n`);
row(
  'metric',
  'identities',
  'same, different pairs each',
  'alike',
  'margin',
  'passes at the margin',
  'fails at the margin',
  'interval holds',
  'passes, no change',
  'as if pairs were independent',
);
row(...Array.from({ length: 10 }, () => '---'));
const worlds: World[] = [
  { metric: pairAuroc, identities: 25, same: 4, different: 12, together: 0.5, margin: 0.1 },
  { metric: pairAuroc, identities: 60, same: 4, different: 8, together: 0.5, margin: 0.05 },
  { metric: pairAuroc, identities: 200, same: 1, different: 2, together: 0.3, margin: 0.05 },
  { metric: pairAuroc, identities: 100, same: 3, different: 6, together: 0, margin: 0.05 },
  ...tarAtFar.slice(0, 1).map((metric) => ({ metric, identities: 100, same: 4, different: 40, together: 0.3, margin: 0.1 })),
];
const wanted = process.argv[3];
for (const world of worlds.filter(({ metric }) => wanted === undefined || wanted === metric.name)) judge(world);
