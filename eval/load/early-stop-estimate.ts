import { binomialCdf } from '../stats/distributions.ts';

/** Of LoadGen: how sure an estimate is to be no better than the truth. */
const CONFIDENCE = 0.99;

/**
 * A percentile as MLPerf's LoadGen tells it from a run that ended early: the time that the wanted share of queries keeps with 99% confidence.
 * It is the smallest order statistic of which so many queries above it, among so many in all, prove it; null of too few queries (64 for
 * 90%, 130 for 95%, 662 for 99%, 6,636 for 99.9%).
 * Source: mlcommons/inference, loadgen/early_stopping.cc, with tolerance 0.
 * @param milliseconds of each query
 * @param share such as 0.9
 */
export function earlyStopEstimate(milliseconds: readonly number[], share: number): number | null {
  const sorted = Float64Array.from(milliseconds).toSorted();
  const q = sorted.length;
  let over = 0;
  while (over + 1 <= q && isProof(q, over + 1, share)) over += 1;
  return over === 0 ? null : (sorted[q - over] ?? null);
}

/** Whether `over` of `q` queries above a time still prove that at least the share keeps it: I(share; q - over, over + 1) <= 1 - confidence. */
function isProof(q: number, over: number, share: number): boolean {
  // I(p; h, t + 1) is the chance of at least h successes in h + t trials, so of at most t failures.
  return binomialCdf(over, q, 1 - share) <= 1 - CONFIDENCE;
}
