import type { Prepared } from './metric.ts';

/**
 * The area under the ROC curve: the chance that a positive case has a higher score than a negative one, ties counted half (Mann and
 * Whitney 1947). Sorted once; then each set of weights takes one pass from the lowest score to the highest.
 */
export function areaUnderRoc(cases: readonly { score: number; positive: boolean }[]): Prepared {
  return areaUnderRocOf(
    Float64Array.from(cases, ({ score }) => score),
    Uint8Array.from(cases, ({ positive }) => Number(positive)),
  );
}

/** The same of many, a number each. What is kept of them is their order: a million cases are nine million bytes. */
export function areaUnderRocOf(scores: Float64Array, isPositive: Uint8Array): Prepared {
  const { order, begins } = byScore(scores);
  const positive = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place += 1) positive[place] = isPositive[order[place] ?? 0] ?? 0;
  const value = sweep(order, begins, positive);
  const count = isPositive.reduce((sum, one) => sum + one, 0);
  return { value, support: Math.min(count, scores.length - count) };
}

function sweep(order: Uint32Array, begins: Uint8Array, positive: Uint8Array): Prepared['value'] {
  return (weights) => {
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
}

/** Places of scores from the lowest to the highest, and 1 where in that order a new score begins. */
export function byScore(scores: ArrayLike<number>): { order: Uint32Array; begins: Uint8Array } {
  const values = Float64Array.from(scores);
  const order = new Uint32Array(values.length);
  for (let at = 0; at < order.length; at += 1) order[at] = at;
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const begins = Uint8Array.from(order, (at, place) => Number(place === 0 || values[at] !== values[order[place - 1] ?? at]));
  return { order, begins };
}
