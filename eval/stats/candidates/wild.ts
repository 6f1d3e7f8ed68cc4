import { random } from '../rng.ts';
import { crossing, linearised, type Candidate } from './candidate.ts';

const REPLICATES = 399;

/** Webb's six points: mean 0, variance 1, symmetric (Webb 2023, Canadian Journal of Economics 56:839). */
const POINTS = [-Math.sqrt(1.5), -1, -Math.sqrt(0.5), Math.sqrt(0.5), 1, Math.sqrt(1.5)];

/**
 * The wild cluster bootstrap with the null imposed (Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90:414),
 * inverted: a ratio is kept when the t-statistic of the residuals around it is no more extreme than those of residuals whose sign
 * and size were drawn anew. It takes errors to be symmetric, as whole scenes that are lost are not.
 */
export const wild: Candidate = (sums, seed) => {
  const clusters = sums.weights.length;
  const { ratio, standardError } = linearised(sums);
  if (standardError === 0) return { low: ratio, high: ratio };
  const next = random(seed);
  const draws = Float64Array.from({ length: REPLICATES * clusters }, () => POINTS[Math.floor(next() * 6)] ?? 0);
  const below = (at: number) => {
    const residuals = sums.differences.map((difference, index) => difference - at * (sums.weights[index] ?? 0));
    const seen = tOf(residuals, null, 0);
    let count = 0;
    for (let draw = 0; draw < REPLICATES; draw += 1) count += Number(tOf(residuals, draws, draw * clusters) < seen);
    return count / REPLICATES;
  };
  const far = 20 * standardError;
  return {
    low: crossing((at) => 1 - below(at), 0.05, ratio - far, ratio),
    high: crossing((at) => 1 - below(at), 0.95, ratio, ratio + far),
  };
};

function tOf(residuals: Float64Array, draws: Float64Array | null, from: number): number {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < residuals.length; at += 1) {
    const value = (residuals[at] ?? 0) * (draws === null ? 1 : (draws[from + at] ?? 0));
    sum += value;
    squares += value * value;
  }
  const spread = squares - (sum * sum) / residuals.length;
  return spread > 0 ? sum / Math.sqrt(spread) : 0;
}
