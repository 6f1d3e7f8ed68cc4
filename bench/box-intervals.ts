/**
 * The interval of a difference of average precision (AP50) where a detector is blind in whole scenes: Fieldproof's, its bootstrap alone, and
 * hotcoco's, on the same paired pictures. `node bench/box-intervals.ts [replicates]`; hotcoco is installed into .fieldproof once.
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
console.log(`${replicates} replicates each; in bold what errs more often than in 5%.\n`);
row('pictures', 'margin', 'interval', 'passes at the margin', 'fails at the margin', 'holds', 'passes, no change');
row(...Array.from({ length: 7 }, () => '---'));
for (const [name, world] of Object.entries(WORLDS)) {
  const [margin, next] = [lossInBoxes(world, 20_000), random(7)];
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
