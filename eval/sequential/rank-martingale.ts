import type { Random } from '../stats/rng.ts';

/**
 * Tests, night after night, whether values go on as they began.
 *
 * While they are exchangeable (in whatever distribution, however overdispersed), the rank of the next among all before is
 * uniform and independent of the order of those before (Renyi 1962; the ground of conformal test martingales: Vovk, Nouretdinov
 * and Gammerman 2003). So for a change that began at night s, the chance that the next value falls into a given gap between the
 * values before s is (1 + those since s that are in it already) / (1 + all so far), a Polya urn. A bet on a shift says instead
 * that the odds of lying below any value have been multiplied by c (the proportional odds alternative of rank tests, for which
 * Wilcoxon's is locally best): below the gap's lower end, a share p of those before s, lies G(p) = c p / (1 - p + c p). The
 * quotient of the two chances of the gap has mean 1; its product since s, over a mixture of s and c, is a nonnegative martingale
 * that begins at 1, whatever the mixture, and Ville's inequality holds for it.
 */
export type RankMartingale = {
  take(value: number): void;
  wealth(): number;
  hasBet(): boolean;
  /** The number of the value (from 0) with which the change most probably began. */
  onset(): number;
};

/** The factors c that are bet on: of logistic values, shifts by about 0.8, 1.6 and 3 standard deviations either way. */
const ODDS = [1 / 250, 1 / 20, 1 / 4, 4, 20, 250] as const;
/**
 * Of the wealth that has not been bet yet, the part that is bet on a change beginning with value number `bets` after the
 * reference. More at first, when the reference is short and every value can say little.
 */
const hazard = (bets: number) => Math.max(0.02, 1 / (bets + 4));

/**
 * @param reference values that are taken in before the first bet, at least 2
 * @param next breaks ties
 */
export function rankMartingale(reference: number, next: Random): RankMartingale {
  const sorted: { value: number; tie: number; index: number }[] = [];
  const starts: { index: number; wealth: Float64Array }[] = [];
  let cash = 1;
  let total = 1;
  return {
    take(value) {
      const entry = { value, tie: next(), index: sorted.length };
      const place = placeOf(sorted, entry);
      if (sorted.length >= reference) {
        const staked = cash * hazard(starts.length);
        starts.push({ index: sorted.length, wealth: new Float64Array(ODDS.length).fill(staked / ODDS.length) });
        cash -= staked;
        total = cash + betOn(starts, gapsAround(sorted, place, reference), sorted.length);
      }
      sorted.splice(place, 0, entry);
    },
    wealth: () => total,
    hasBet: () => starts.length > 0,
    onset() {
      let best = { index: Math.max(0, sorted.length - 1), wealth: 0 };
      for (const { index, wealth } of starts)
        best = Math.max(...wealth) > best.wealth ? { index, wealth: Math.max(...wealth) } : best;
      return best.index;
    },
  };
}

/** For the values before each possible start: how many are below the new one, and how many later ones share its gap. */
type Gap = { below: number; sharing: number };

/** In one sweep: as the start moves on, the gap around the new value can only become narrower. */
function gapsAround(sorted: readonly { index: number }[], place: number, reference: number): Gap[] {
  const places = new Int32Array(sorted.length);
  for (const [at, { index }] of sorted.entries()) places[index] = at;
  const gaps: Gap[] = [];
  let [low, high, below] = [-1, sorted.length, 0];
  for (let index = 0; index <= sorted.length; index += 1) {
    if (index >= reference) gaps.push({ below, sharing: high - low - 1 });
    if (index === sorted.length) break;
    const at = places[index] ?? 0;
    if (at < place) {
      below += 1;
      low = Math.max(low, at);
    } else high = Math.min(high, at);
  }
  return gaps;
}

function betOn(starts: readonly { index: number; wealth: Float64Array }[], gaps: readonly Gap[], taken: number): number {
  let sum = 0;
  for (const [start, { index, wealth }] of starts.entries()) {
    const { below, sharing } = gaps[start] ?? { below: 0, sharing: 0 };
    const usual = (1 + sharing) / (1 + taken);
    for (const [number, odds] of ODDS.entries()) {
      const chance = shareBelow((below + 1) / (index + 1), odds) - shareBelow(below / (index + 1), odds);
      const part = ((wealth[number] ?? 0) * chance) / usual;
      wealth[number] = part;
      sum += part;
    }
  }
  return sum;
}

function shareBelow(p: number, odds: number): number {
  return (odds * p) / (1 - p + odds * p);
}

function placeOf(sorted: readonly { value: number; tie: number }[], { value, tie }: { value: number; tie: number }): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = sorted[middle];
    if (other !== undefined && (other.value < value || (other.value === value && other.tie < tie))) from = middle + 1;
    else to = middle;
  }
  return from;
}
