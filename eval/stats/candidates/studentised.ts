import { quantileSorted } from '../quantile.ts';
import { random } from '../rng.ts';
import { linearised, type Candidate } from './candidate.ts';

const REPLICATES = 999;

/**
 * The studentised bootstrap (Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, 10.10): quantiles of (drawn ratio
 * minus ratio) over the standard error of the draw. Follows skewness where a percentile does not; has no width where all
 * clusters are even.
 */
export const studentised: Candidate = (sums, seed) => {
  const { ratio, standardError } = linearised(sums);
  const [next, clusters] = [random(seed), sums.weights.length];
  const [differences, weights] = [new Float64Array(clusters), new Float64Array(clusters)];
  const scores = Float64Array.from({ length: REPLICATES }, () => {
    for (let draw = 0; draw < clusters; draw += 1) {
      const cluster = Math.floor(next() * clusters);
      differences[draw] = sums.differences[cluster] ?? 0;
      weights[draw] = sums.weights[cluster] ?? 0;
    }
    const drawn = linearised({ differences, weights });
    const distance = drawn.ratio - ratio;
    return distance === 0 ? 0 : distance / Math.max(drawn.standardError, 1e-12);
  }).toSorted();
  return {
    low: ratio - standardError * quantileSorted(scores, 0.95),
    high: ratio - standardError * quantileSorted(scores, 0.05),
  };
};
