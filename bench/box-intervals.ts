/**
 * The interval of a difference of average precision (AP50) where a detector is blind in whole scenes: Fieldproof's, its bootstrap alone, and
 * hotcoco's, on the same paired pictures. `node bench/box-intervals.ts [replicates] [of the others]`; hotcoco is installed into .fieldproof once.
 */
import type { BoxSet } from '../tasks/detection/reference/sets.fixture.ts';
import type { Interval } from '../eval/gate.ts';
import { estimatePooledDifference } from '../eval/stats/pooled-difference.ts';
import { estimatePooled } from '../eval/stats/pooled.ts';
import { random } from '../eval/stats/rng.ts';
import { lossInBoxes, pooledOf, simulateBoxes, type BoxPair, type BoxWorld } from '../eval/stats/simulated-boxes.fixture.ts';
import { pythonWith } from '../testing/python-peers.ts';
import { join } from 'node:path';
import { erring, tallyOf } from './intervals/tally.ts';

const replicates = Number(process.argv[2] ?? 100);
const ofOthers = Math.min(replicates, Number(process.argv[3] ?? 100));
const ask = pythonWith('bench-boxes', ['hotcoco==1.3.0', 'numpy==2.4.6']);

const WORLDS: Record<string, BoxWorld> = {
  '200 pictures, each a scene': { scenes: 200, sizes: { kind: 'equal', of: 1 }, lost: 0.06, apart: 0.4 },
  '100 scenes of 1 to 5': { scenes: 100, sizes: { kind: 'uniform', most: 5 }, lost: 0.08, apart: 0.4 },
  '200 scenes of very unlike size': { scenes: 200, sizes: { kind: 'lognormal', sigma: 0.8 }, lost: 0.05, apart: 0.4 },
};

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
  return ask(join(import.meta.dirname, 'intervals/boxes.py'), [], lines).map((line) => {
    const [low, high] = JSON.parse(line) as [number, number];
    return { low, high };
  });
}

const row = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
console.log(`${replicates} replicates of Fieldproof, ${ofOthers} of the others; in bold what errs more often than in 5%.\n`);
row('pictures', 'margin', 'interval', 'passes at the margin', 'fails at the margin', 'holds', 'passes, no change');
row(...Array.from({ length: 7 }, () => '---'));
for (const [name, world] of Object.entries(WORLDS)) {
  const [margin, next] = [lossInBoxes(world, 20_000), random(7)];
  const kept: { edge: BoxPair; none: BoxPair }[] = [];
  const ours = Array.from({ length: replicates }, (_, seed) => {
    const pair = { edge: simulateBoxes(world, true, next), none: simulateBoxes(world, false, next) };
    if (seed < ofOthers) kept.push(pair);
    return both(pair, (boxes) => estimatePooledDifference(pooledOf(boxes), seed).interval);
  });
  const alone = kept.map((pair, seed) => both(pair, (boxes) => estimatePooled(pooledOf(boxes), seed).interval));
  const [edges, nones] = [byHotcoco(kept.map(({ edge }) => edge)), byHotcoco(kept.map(({ none }) => none))];
  const theirs = edges.map((edge, at) => ({ edge, none: nones[at] ?? null }));
  for (const [method, intervals] of Object.entries({
    Fieldproof: ours,
    'its bootstrap of scenes alone': alone,
    'hotcoco 1.3.0, of pictures': theirs,
  })) {
    const tally = tallyOf(method, margin, intervals);
    const falsePass = erring(tally) ? `**${percent(tally.falsePass)}**` : percent(tally.falsePass);
    row(name, percent(margin), method, falsePass, percent(tally.falseFail), percent(tally.holds), percent(tally.power));
  }
}

function both<T>({ edge, none }: { edge: BoxPair; none: BoxPair }, of: (boxes: BoxPair) => T): { edge: T; none: T } {
  return { edge: of(edge), none: of(none) };
}
