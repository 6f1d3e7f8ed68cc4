/**
 * Wealth that is shared among bets (experts), each of which multiplies its part by a factor of mean at most 1 while nothing
 * has changed. Before every bet a fraction `share` of all wealth is dealt out evenly, so that a bet that begins to win after a
 * hundred quiet nights still has something to win with (Herbster and Warmuth 1998, "Tracking the best expert"; as a test
 * martingale: Vovk et al. 2021, "Retrain or not retrain", the Simple Jumper). Dealing keeps the sum, so the total stays a
 * nonnegative supermartingale that begins at 1, and Ville's inequality bounds the chance that it ever reaches 1/a by a.
 */
export type FixedShare = {
  /** One bet: a factor for each expert, in the same order every time. */
  bet(factors: readonly number[]): void;
  wealth(): number;
};

export function fixedShare(experts: number, share: number): FixedShare {
  const parts = new Float64Array(experts).fill(1 / experts);
  let total = 1;
  return {
    bet(factors) {
      const dealt = (share * total) / experts;
      total = 0;
      for (let expert = 0; expert < experts; expert += 1) {
        const part = ((1 - share) * (parts[expert] ?? 0) + dealt) * (factors[expert] ?? 0);
        parts[expert] = part;
        total += part;
      }
    },
    wealth: () => total,
  };
}

/**
 * Where a change most probably began: the index from which on a bet's log factors add up to most. Under one bet against its
 * null this is the maximum-likelihood change point (Page 1954).
 */
export function onsetOf(logFactors: readonly number[]): { index: number; sum: number } {
  let best = { index: logFactors.length, sum: 0 };
  for (let index = logFactors.length - 1, sum = 0; index >= 0; index -= 1) {
    sum += logFactors[index] ?? 0;
    if (sum > best.sum) best = { index, sum };
  }
  return best;
}
