import { nearestNull, type Shown } from './least-samples.ts';

/** Of pictures: lost, unchanged, won. */
type Three = readonly [Shown, Shown, Shown];

/**
 * The largest share of such worlds that any test can have refused after so many samples, which errs in at most `level` of the worlds that
 * show nothing on average: what the best test of these worlds against the nearest such one refuses, had it looked at all of them at once (Neyman and
 * Pearson 1933). A test that may look earlier too is one of those.
 */
export function mostRefused(all: Three, largest: number, level: number, samples: number): number {
  const own = all.map(({ chance }) => chance);
  const { chances: other } = nearestNull(all, largest);
  const factorials = logFactorials(samples);
  const outcomes: { own: number; other: number; odds: number }[] = [];
  for (let lost = 0; lost <= samples; lost += 1) {
    for (let won = 0; won <= samples - lost; won += 1) {
      const counts = [lost, samples - lost - won, won];
      const ways = counts.reduce((sum, count) => sum - (factorials[count] ?? 0), factorials[samples] ?? 0);
      const [here, there] = [own, other].map((chances) => ways + logChance(counts, chances)) as [number, number];
      if (here > -Infinity) outcomes.push({ own: Math.exp(here), other: Math.exp(there), odds: here - there });
    }
  }
  let [spent, refused] = [0, 0];
  for (const outcome of outcomes.toSorted((a, b) => b.odds - a.odds)) {
    const share = outcome.other === 0 ? 1 : Math.min(1, (level - spent) / outcome.other);
    if (share <= 0) break;
    spent += share * outcome.other;
    refused += share * outcome.own;
  }
  return refused;
}

function logChance(counts: readonly number[], chances: readonly number[]): number {
  return counts.reduce((sum, count, at) => (count === 0 ? sum : sum + count * Math.log(chances[at] ?? 0)), 0);
}

function logFactorials(most: number): Float64Array {
  const all = new Float64Array(most + 1);
  for (let one = 1; one <= most; one += 1) all[one] = (all[one - 1] ?? 0) + Math.log(one);
  return all;
}
