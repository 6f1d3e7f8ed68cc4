import type { SampleTrial } from '../trial.ts';

const DEPTH = 5;

/**
 * The best classes of one row of scores, best first; equal scores go to the lowest index (torch leaves the order open,
 * scikit-learn takes the highest). Throws RangeError on a NaN or a truth that is no class: neither has a rank.
 */
export function rankScores(scores: Float32Array, truth: number): Pick<SampleTrial, 'ranked' | 'score' | 'tied'> {
  const truthScore = scores[truth];
  if (truthScore === undefined) throw new RangeError(`class ${truth} is not among the ${scores.length} scores`);
  if (scores.some(Number.isNaN)) throw new RangeError('a score is not a number');
  const ranked: number[] = [];
  for (let place = 0; place < Math.min(DEPTH, scores.length); place += 1) ranked.push(bestBut(scores, ranked));
  const best = scores[ranked[0] ?? 0] ?? truthScore;
  const tied = scores.reduce((count, score) => count + (score === best ? 1 : 0), 0) > 1;
  return { ranked, score: { truth: truthScore, best }, tied };
}

function bestBut(scores: Float32Array, taken: readonly number[]): number {
  let best = -1;
  for (let index = 0; index < scores.length; index += 1) {
    if (taken.includes(index)) continue;
    if (best === -1 || (scores[index] ?? 0) > (scores[best] ?? 0)) best = index;
  }
  return best;
}
