import { byScore } from '../area-under-roc.ts';
import type { PooledMetric } from '../metric.ts';
import { orderOf } from './confused.ts';
import type { PairTrial } from './trial.ts';

/**
 * The mean over the folds of the share of pairs that are told right, each fold by the threshold that does best on all others (view 2
 * of Huang, Ramesh, Berg and Learned-Miller, "Labeled Faces in the Wild", University of Massachusetts technical report 07-49, 2007).
 * A threshold is a score, and accepts what is at least as alike, ties all together; of those that do equally well the highest is
 * taken. A best threshold on the same pairs is not offered: it would have seen the answers.
 */
export const accuracy: PooledMetric<PairTrial> = {
  name: 'pair-accuracy',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'the share of pairs that are told right',
  counted: 'same and different pairs in folds',
  clusters: 'identities',
  detail: explainFolds,
  prepare: (trials) => {
    const accuracies = overFolds(trials);
    const same = trials.filter((trial) => trial.same).length;
    return {
      value: (weights) => mean(accuracies(weights)),
      support: Math.min(same, trials.length - same),
      ...(foldsOf(trials).length < 2 ? { missing: `no folds among ${trials.length} pairs` } : {}),
    };
  },
};

function explainFolds(trials: readonly PairTrial[]): string | null {
  const measured = foldAccuracy(trials);
  return measured === null
    ? null
    : `standard error ${(measured.standardError * 100).toFixed(2)} points over ${measured.folds} folds`;
}

/** As the protocol has it: the mean of the folds' accuracies, and its standard error, the folds' spread over the root of their number. */
export function foldAccuracy(trials: readonly PairTrial[]): { mean: number; standardError: number; folds: number } | null {
  const accuracies = overFolds(trials)(new Float64Array(trials.length).fill(1));
  const all = mean(accuracies);
  if (all === null || accuracies === null) return null;
  const squares = accuracies.reduce((sum, one) => sum + (one - all) ** 2, 0);
  const spread = Math.sqrt(squares / (accuracies.length - 1));
  return { mean: all, standardError: spread / Math.sqrt(accuracies.length), folds: accuracies.length };
}

function foldsOf(trials: readonly PairTrial[]): number[] {
  const folds = [...new Set(trials.map(({ fold }) => fold))];
  return folds.some((fold) => fold === null) ? [] : folds.flatMap((fold) => fold ?? []).toSorted((a, b) => a - b);
}

/** The accuracy of each fold, where each pair counts as often as its weight says; null without folds, or where one is empty. */
function overFolds(trials: readonly PairTrial[]): (weights: Float64Array) => Float64Array | null {
  const names = foldsOf(trials);
  const { order, begins } = byScore(trials.map(orderOf));
  const fold = Uint32Array.from(trials, (trial) => Math.max(0, names.indexOf(trial.fold ?? 0)));
  const sign = Int8Array.from(trials, ({ same }) => (same ? 1 : -1));
  const failed = trials.filter(({ score }) => score === null).length;
  return (weights) => (names.length < 2 ? null : walk({ order, begins, fold, sign, failed, folds: names.length }, weights));
}

type Ordered = {
  /** From the least alike to the most; the failed come first. */
  order: Uint32Array;
  begins: Uint8Array;
  fold: Uint32Array;
  sign: Int8Array;
  failed: number;
  folds: number;
};

/** From a threshold that accepts nothing down to one that accepts all but the failed: what is right in each fold, and in all. */
function walk({ order, begins, fold, sign, failed, folds }: Ordered, weights: Float64Array): Float64Array | null {
  const [right, size] = [new Float64Array(folds), new Float64Array(folds)];
  let total = 0;
  for (let at = 0; at < weights.length; at += 1) {
    const [weight, own] = [weights[at] ?? 0, fold[at] ?? 0];
    size[own] = (size[own] ?? 0) + weight;
    if (sign[at] === 1) continue;
    right[own] = (right[own] ?? 0) + weight;
    total += weight;
  }
  if (size.some((one) => one === 0)) return null;
  const bestElsewhere = right.map((own) => total - own);
  const chosen = right.slice();
  for (let place = order.length - 1; place >= failed; place -= 1) {
    const at = order[place] ?? 0;
    const change = (sign[at] ?? 0) * (weights[at] ?? 0);
    const own = fold[at] ?? 0;
    right[own] = (right[own] ?? 0) + change;
    total += change;
    if (begins[place] !== 1) continue;
    for (let one = 0; one < folds; one += 1) {
      const elsewhere = total - (right[one] ?? 0);
      if (elsewhere <= (bestElsewhere[one] ?? 0)) continue;
      bestElsewhere[one] = elsewhere;
      chosen[one] = right[one] ?? 0;
    }
  }
  return chosen.map((one, index) => one / (size[index] ?? 1));
}

function mean(values: Float64Array | null): number | null {
  return values === null ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
