import type { PooledMetric, Prepared } from '../metric.ts';
import type { EventTrial } from './trial.ts';

/**
 * The share of true events that is found where so many false alarms an hour are allowed: 1 - Pmiss@RFA of ActEV (Awad et al., TRECVID
 * 2019), which lies on the line between the last threshold below the rate and the first above it. Two models are asked at one rate,
 * whatever their scores mean. Where a model raises fewer false alarms than that, all of its events count.
 */
export const recallsAtRate = [1, 10].map((rate): PooledMetric<EventTrial> => ({
  name: `event-recall-at-${rate}-per-hour`,
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: `the share of events that are found when ${rate === 1 ? 'one false alarm' : `${rate} false alarms`} an hour may be raised`,
  counted: 'events',
  prepare: (trials) => recallAtRate(trials, rate),
}));

type Judged = Pick<EventTrial, 'truth' | 'ranked' | 'seconds'>;

/** @param rate false alarms per hour of footage */
export function recallAtRate(trials: readonly Judged[], rate: number): Prepared {
  const ranked = trials.flatMap(({ ranked: own }, clip) => own.map((detection) => ({ ...detection, clip })));
  const order = ranked.toSorted((a, b) => b.peak - a.peak);
  return {
    value(weights) {
      const weightOf = (clip: number) => weights[clip] ?? 0;
      const events = trials.reduce((sum, { truth }, clip) => sum + weightOf(clip) * truth.length, 0);
      const hours = trials.reduce((sum, { seconds }, clip) => sum + (weightOf(clip) * seconds) / 3600, 0);
      return events > 0 && hours > 0 ? found(pointsOf(order, weightOf), rate * hours) / events : null;
    },
    support: trials.reduce((sum, { truth }) => sum + truth.length, 0),
  };
}

/** How many events are found and false alarms raised, at each threshold that there is, the highest first. */
type Point = { right: number; wrong: number };

function* pointsOf(
  order: readonly { peak: number; right: boolean; clip: number }[],
  weightOf: (clip: number) => number,
): Generator<Point> {
  let [right, wrong] = [0, 0];
  for (const [at, detection] of order.entries()) {
    const weight = weightOf(detection.clip);
    if (detection.right) right += weight;
    else wrong += weight;
    // Detections of equal peaks count together.
    if (order[at + 1]?.peak !== detection.peak) yield { right, wrong };
  }
}

/** Nearer than this the rate is met. */
const ROUNDING = 1e-10;

function found(points: Iterable<Point>, allowed: number): number {
  let last: Point | null = null;
  for (const point of points) {
    if (point.wrong <= allowed + ROUNDING) last = point;
    else if (last === null || last.wrong >= allowed - ROUNDING) return last?.right ?? 0;
    else return last.right + ((point.right - last.right) * (allowed - last.wrong)) / (point.wrong - last.wrong);
  }
  return last?.right ?? 0;
}
