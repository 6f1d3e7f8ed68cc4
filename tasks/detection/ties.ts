import type { PooledMetric, Prepared, Ties } from '../metric.ts';
import type { DetectionTrial } from './trial.ts';

type Prepare = (trials: readonly DetectionTrial[]) => Prepared;

/** Less than this is the arithmetic's own. */
const ROUNDING = 1e-9;

/** Of pictures that count once each. */
export function wholeValue(prepare: Prepare, trials: readonly DetectionTrial[]): number | null {
  return prepare(trials).value(new Float64Array(trials.length).fill(1));
}

/**
 * What the order of boxes of equal score could make of a number; null where it makes nothing of it. Equals may lie in two pictures, so that
 * no picture by itself holds the tie. Which box takes which true one stays as it is: a picture's boxes are matched in the answer's order.
 */
export function rangeOverTies(prepare: Prepare, trials: readonly DetectionTrial[]): { worst: number; best: number } | null {
  if (!holdTies(trials)) return null;
  const [worst, best] = [wholeValue(prepare, settle(trials, 'against')), wholeValue(prepare, settle(trials, 'for'))];
  return worst === null || best === null || best - worst < ROUNDING ? null : { worst, best };
}

/** A metric that ranks boxes by their scores, and so hangs on how ties break. */
export function overTies(metric: PooledMetric<DetectionTrial>): PooledMetric<DetectionTrial> {
  return {
    ...metric,
    settledTogether: (trials, ties) =>
      rangeOverTies((some) => metric.prepare(some), trials) === null ? trials : settle(trials, ties),
  };
}

function settle(trials: readonly DetectionTrial[], ties: Ties): DetectionTrial[] {
  return trials.map((trial) => ({ ...trial, ties }));
}

/** Whether any two boxes of one class have one score, and are not alike in what they are right about. */
function holdTies(trials: readonly DetectionTrial[]): boolean {
  const met = new Map<number, Map<number, string>>();
  for (const { matches } of trials) {
    for (const [place, score] of matches.scores.entries()) {
      const named = matches.classes[place] ?? 0;
      const scores = met.get(named) ?? new Map<number, string>();
      met.set(named, scores);
      const alike = `${matches.right[place]} ${matches.voc[place]}`;
      if ((scores.get(score) ?? alike) !== alike) return true;
      scores.set(score, alike);
    }
  }
  return false;
}
