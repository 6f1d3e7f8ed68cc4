import type { Prepared } from './metric.ts';

/**
 * The area under the ROC curve: the chance that a positive case has a higher score than a negative one, ties counted half (Mann and
 * Whitney 1947). Sorted once; then each set of weights takes one pass from the lowest score to the highest.
 */
export function areaUnderRoc(cases: readonly { score: number; positive: boolean }[]): Prepared {
  const { order, begins } = byScore(cases.map(({ score }) => score));
  const positive = Uint8Array.from(order, (at) => Number(cases[at]?.positive ?? false));
  const value = (weights: Float64Array) => {
    let [negatives, positives, wins, tiedNegatives, tiedPositives] = [0, 0, 0, 0, 0];
    for (let place = 0; place < order.length; place += 1) {
      if (begins[place] === 1) {
        wins += tiedPositives * (negatives - tiedNegatives / 2);
        [tiedNegatives, tiedPositives] = [0, 0];
      }
      const weight = weights[order[place] ?? 0] ?? 0;
      if (positive[place] === 1) {
        tiedPositives += weight;
        positives += weight;
      } else {
        tiedNegatives += weight;
        negatives += weight;
      }
    }
    wins += tiedPositives * (negatives - tiedNegatives / 2);
    return positives > 0 && negatives > 0 ? wins / (positives * negatives) : null;
  };
  const count = positive.reduce((sum, one) => sum + one, 0);
  return { value, support: Math.min(count, cases.length - count) };
}

/** Places of scores from the lowest to the highest, and 1 where in that order a new score begins. */
export function byScore(scores: readonly number[]): { order: Uint32Array; begins: Uint8Array } {
  const values = Float64Array.from(scores);
  const order = Uint32Array.from(values.keys()).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const begins = Uint8Array.from(order, (at, place) => Number(place === 0 || values[at] !== values[order[place - 1] ?? at]));
  return { order, begins };
}
