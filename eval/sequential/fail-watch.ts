/** One sample or clip: by how much the candidate was better minus worse there, and its share of the denominator. */
export type Seen = { gain: number; denominator: number };

/** So often, at most, a candidate that lost no more than its margin is ever refused early. */
export const STOP_LEVEL = 0.01;

/** Shares of the boldest bet that could not lose everything. */
const BOLDNESS = [0.15, 0.35, 0.6, 0.9] as const;

/**
 * The evidence that a candidate loses more than its margin, looked at after every sample: the most that betting against H0 has ever made
 * of 1. H0: E[gain + margin x denominator of the next sample | all before] >= 0. Each sample pays 1 - bet x what it shows; under H0 no bet
 * gains on average, so the mean over some bets is a supermartingale, and it ever reaches 1 / STOP_LEVEL with a chance of at most STOP_LEVEL,
 * whenever one looks and stops (Ville 1939; Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting").
 * @param seen in the order that was drawn before any of them was asked
 * @param margin what may be lost, as a fraction of the denominator
 * @param most the largest denominator that one sample can have, known beforehand
 */
export function failEvidence(seen: readonly Seen[], margin: number, most: number): { evidence: number; enough: number | null } {
  const largest = most * (1 + margin);
  const wealth = BOLDNESS.map(() => 1);
  let evidence = 1;
  let enough: number | null = null;
  for (const [index, { gain, denominator }] of seen.entries()) {
    const shown = gain + margin * denominator;
    // What no sample can show was promised wrongly, and then nothing is proved.
    if (shown > largest || denominator > most) return { evidence: 0, enough: null };
    BOLDNESS.forEach((share, bet) => {
      wealth[bet] = (wealth[bet] ?? 0) * (1 - (share * shown) / largest);
    });
    evidence = Math.max(evidence, wealth.reduce((sum, each) => sum + each, 0) / BOLDNESS.length);
    if (evidence >= 1 / STOP_LEVEL) enough ??= index + 1;
  }
  return { evidence, enough };
}
