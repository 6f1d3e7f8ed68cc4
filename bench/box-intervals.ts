/**
 * The interval of a difference of average precision (AP50) where a detector is blind in whole scenes: Fieldproof's, its bootstrap alone, and
 * hotcoco's, on the same paired pictures. `node bench/box-intervals.ts [replicates]`; hotcoco is installed into .fieldproof once.
 */
import { prepareAveragePrecision } from '../tasks/detection/average-precision.ts';
import { matchPicture } from '../tasks/detection/match-picture.ts';
import type { BoxSet } from '../tasks/detection/reference/sets.fixture.ts';
import { PRECISIONS } from '../tasks/detection/twelve-numbers.ts';
import type { Interval } from '../eval/gate.ts';
import { estimatePooledDifference } from '../eval/stats/pooled-difference.ts';
import { estimatePooled, type Pooled } from '../eval/stats/pooled.ts';
import { random } from '../eval/stats/rng.ts';
import { simulateBoxes, type BoxPair, type BoxWorld } from '../eval/stats/simulated-boxes.fixture.ts';
import { pythonWith } from './intervals/python.ts';
import { erring, tallyOf } from './intervals/tally.ts';

const replicates = Number(process.argv[2] ?? 100);
const ask = pythonWith('bench-boxes', ['hotcoco==1.3.0', 'numpy==2.4.6']);

const WORLDS: Record<string, BoxWorld> = {
  '200 pictures, each a scene': { scenes: 200, sizes: { kind: 'equal', of: 1 }, lost: 0.06, apart: 0.4 },
  '100 scenes of 1 to 5': { scenes: 100, sizes: { kind: 'uniform', most: 5 }, lost: 0.08, apart: 0.4 },
  '200 scenes of very unlike size': { scenes: 200, sizes: { kind: 'lognormal', sigma: 0.8 }, lost: 0.05, apart: 0.4 },
};

const prepared = ({ pictures }: BoxSet) =>
  prepareAveragePrecision(
    pictures.map(({ truth, boxes }) => ({ truth, matches: matchPicture(truth, boxes) })),
    PRECISIONS.ap50,
  );

function pooledOf({ candidate, reference, scenes }: BoxPair): Pooled {
  const [after, before] = [prepared(candidate), prepared(reference)];
  const statistic = (weights: Float64Array) => (after.value(weights) ?? Number.NaN) - (before.value(weights) ?? Number.NaN);
  return { statistic, clusters: scenes, unit: 'scenes', support: reference.pictures.length, counted: 'pictures' };
}

function byHotcoco(pairs: readonly BoxPair[]): (Interval | null)[] {
  const found = ({ pictures }: BoxSet) =>
    pictures.map(({ boxes }) => boxes.map(([x1, y1, x2, y2, score]) => [x1, y1, x2, y2, score]));
  const lines = pairs.map(({ reference, candidate }) =>
    JSON.stringify({
      truth: reference.pictures.map(({ truth }) => truth.map(({ box }) => box)),
      before: found(reference),
      after: found(candidate),
    }),
  );
  return ask('boxes.py', lines).map((line) => {
    const [low, high] = JSON.parse(line) as [number, number];
    return { low, high };
  });
}

function lossIn(world: BoxWorld): number {
  const { candidate, reference } = simulateBoxes({ ...world, scenes: 20_000 }, true, random(99));
  const once = new Float64Array(reference.pictures.length).fill(1);
  return (prepared(reference).value(once) ?? 0) - (prepared(candidate).value(once) ?? 0);
}

const row = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
console.log(`${replicates} replicates each; in bold what errs more often than in 5%.\n`);
row('pictures', 'margin', 'interval', 'passes at the margin', 'fails at the margin', 'holds', 'passes, no change');
row(...Array.from({ length: 7 }, () => '---'));
for (const [name, world] of Object.entries(WORLDS)) {
  const [margin, next] = [lossIn(world), random(7)];
  const pairs = Array.from(
    { length: replicates },
    () => [simulateBoxes(world, true, next), simulateBoxes(world, false, next)] as const,
  );
  const [edges, nones] = [pairs.map(([edge]) => edge), pairs.map(([, none]) => none)];
  const each = (of: (pair: BoxPair, seed: number) => Interval | null) => [edges.map(of), nones.map(of)] as const;
  const methods = {
    Fieldproof: each((pair, seed) => estimatePooledDifference(pooledOf(pair), seed).interval),
    'its bootstrap of scenes alone': each((pair, seed) => estimatePooled(pooledOf(pair), seed).interval),
    'hotcoco 1.3.0, of pictures': [byHotcoco(edges), byHotcoco(nones)] as const,
  };
  for (const [method, [edge, none]] of Object.entries(methods)) {
    const tally = tallyOf(
      method,
      margin,
      edge.map((one, at) => ({ edge: one, none: none[at] ?? null })),
    );
    const falsePass = erring(tally) ? `**${percent(tally.falsePass)}**` : percent(tally.falsePass);
    row(name, percent(margin), method, falsePass, percent(tally.falseFail), percent(tally.holds), percent(tally.power));
  }
}
