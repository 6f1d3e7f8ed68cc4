import { byScore } from '../area-under-roc.ts';
import { isRight, type RankedTrial } from './trial.ts';

/** Samples of much the same confidence: how many, their mean confidence, and the share of them that is right. */
export type Bin = { weight: number; confidence: number; right: number };

const BINS = 15;

/**
 * Samples in bins of equal size by confidence; equals are in one bin. Where the bins end is settled by the samples; how much is in
 * them, by their weights. Null where the scores are no probabilities.
 */
export function reliabilityOf(trials: readonly RankedTrial[]): ((weights: Float64Array) => Bin[]) | null {
  const confidence = Float64Array.from(trials, (trial) => trial.confidence ?? Number.NaN);
  if (confidence.length === 0 || confidence.some(Number.isNaN)) return null;
  const ends = endsOf(confidence);
  const bin = Uint32Array.from(confidence, (one) => ends.findIndex((end) => one <= end));
  const right = Uint8Array.from(trials, (trial) => Number(isRight(trial)));
  return (weights) => {
    const sums = ends.map(() => ({ weight: 0, confidence: 0, right: 0 }));
    for (let at = 0; at < weights.length; at += 1) {
      const [sum, weight] = [sums[bin[at] ?? 0], weights[at] ?? 0];
      if (sum === undefined) continue;
      sum.weight += weight;
      sum.confidence += weight * (confidence[at] ?? 0);
      sum.right += weight * (right[at] ?? 0);
    }
    return sums
      .filter(({ weight }) => weight > 0)
      .map((sum) => ({ weight: sum.weight, confidence: sum.confidence / sum.weight, right: sum.right / sum.weight }));
  };
}

/**
 * Murphy's terms of the Brier score of these bins (Murphy 1973, Journal of Applied Meteorology 12:595): reliability (lower is better)
 * minus resolution (higher is better) plus uncertainty, which is the data's own. Their sum is the score but for what differs within a bin.
 */
export function murphyTerms(bins: readonly Bin[]): { reliability: number; resolution: number; uncertainty: number } {
  const total = bins.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (bin: Bin) => number) => bins.reduce((sum, bin) => sum + bin.weight * of(bin), 0) / total;
  const base = mean(({ right }) => right);
  return {
    reliability: mean(({ confidence, right }) => (confidence - right) ** 2),
    resolution: mean(({ right }) => (right - base) ** 2),
    uncertainty: base * (1 - base),
  };
}

/** The same as a text; null where the scores are no probabilities. */
export function explainReliability(trials: readonly RankedTrial[]): string | null {
  const bins = reliabilityOf(trials);
  if (bins === null) return null;
  const { reliability, resolution, uncertainty } = murphyTerms(bins(new Float64Array(trials.length).fill(1)));
  const [off, told, given] = [reliability, resolution, uncertainty].map((term) => term.toFixed(3));
  return `reliability ${off} - resolution ${told} + uncertainty ${given}`;
}

/** Half-way between the last of one bin and the first of the next, as uncertainty-calibration 0.1.4 has it. */
function endsOf(confidence: Float64Array): number[] {
  const { order } = byScore([...confidence]);
  const bins = Math.min(BINS, order.length);
  const [least, larger] = [Math.floor(order.length / bins), order.length % bins];
  const ends = Array.from({ length: bins - 1 }, (_, index) => {
    const first = (index + 1) * least + Math.min(index + 1, larger);
    return ((confidence[order[first - 1] ?? 0] ?? 0) + (confidence[order[first] ?? 0] ?? 0)) / 2;
  });
  return [...new Set([...ends, 1])];
}
