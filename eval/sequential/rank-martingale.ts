import { normalCdf, normalQuantile } from '../stats/distributions.ts';
import type { Random } from '../stats/rng.ts';

/**
 * Tests, night after night, whether values go on as they began.
 *
 * While they are exchangeable (in whatever distribution, however overdispersed), the rank of the next among all before is
 * uniform and independent of the order of those before (Renyi 1962; the ground of conformal test martingales: Vovk, Nouretdinov
 * and Gammerman 2003). So for a change that began at night s, the chance that the next value falls into a given gap between the
 * values before s is (1 + those since s that are in it already) / (1 + all so far), a Polya urn. A bet on a shift by d standard
 * deviations says instead that it falls there with the chance that a normal value so shifted would have between the normal scores
 * of the gap's ends (van der Waerden 1952). The quotient of the two has mean 1; the product since s, over a mixture of s and
 * d, is a nonnegative martingale that begins at 1, whatever the mixture, and Ville's inequality holds for it.
 */
export type RankMartingale = {
  take(value: number): void;
  wealth(): number;
  hasBet(): boolean;
  /** The number of the value (from 0) with which the change most probably began. */
  onset(): number;
};

/** Shifts that are bet on, in standard deviations of the normal scores. */
const SHIFTS = [-3, -1.6, -0.8, 0.8, 1.6, 3] as const;
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
        starts.push({ index: sorted.length, wealth: new Float64Array(SHIFTS.length).fill(staked / SHIFTS.length) });
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
  for (const [number, { index, wealth }] of starts.entries()) {
    const { below, sharing } = gaps[number] ?? { below: 0, sharing: 0 };
    const usual = (1 + sharing) / (1 + taken);
    const table = chancesAmong(index);
    for (let shift = 0; shift < SHIFTS.length; shift += 1) {
      const part = ((wealth[shift] ?? 0) * (table[shift * (index + 1) + below] ?? 0)) / usual;
      wealth[shift] = part;
      sum += part;
    }
  }
  return sum;
}

const tables = new Map<number, Float64Array>();

/** For each shift, the chance of each of the gaps among so many values; the same for every test. */
function chancesAmong(count: number): Float64Array {
  const known = tables.get(count);
  if (known !== undefined) return known;
  const ends = Array.from({ length: count + 2 }, (_, gap) => normalQuantile(gap / (count + 1)));
  const table = new Float64Array(SHIFTS.length * (count + 1));
  for (const [number, shift] of SHIFTS.entries()) {
    const at = (gap: number) => (gap === 0 ? 0 : gap > count ? 1 : normalCdf((ends[gap] ?? 0) - shift));
    for (let gap = 0; gap <= count; gap += 1) table[number * (count + 1) + gap] = at(gap + 1) - at(gap);
  }
  tables.set(count, table);
  return table;
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
