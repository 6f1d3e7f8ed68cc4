import type { PooledMetric, Prepared } from '../../metric.ts';
import { bestFirst } from '../pool.ts';
import { askedIn, verdictOf, type DetectionTrial } from '../trial.ts';

/**
 * The share of true boxes that is found at the lowest threshold at which there are no more boxes on nothing than so many per image (Dollar
 * et al. 2012): two models are asked at the same rate of false alarms, whatever their scores mean. Boxes of equal score count
 * together or not at all. Where the model gives fewer boxes than the rate allows, all count.
 */
export const recallsAtFalsePositives = [0.01, 0.1, 1].map((rate): PooledMetric<DetectionTrial> => ({
  name: `recall-at-${rate}-false-positives`,
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: `the share of things that it finds when ${rate} boxes on nothing are allowed per picture`,
  counted: 'pictures with a true box',
  prepare: (trials) => recallAtRate(trials, rate),
}));

export function recallAtRate(trials: readonly Pick<DetectionTrial, 'truth' | 'matches'>[], rate: number): Prepared {
  const boxes = boxesOf(trials);
  const asked = Float64Array.from(trials, (trial) => askedIn(trial));
  const value = (weights: Float64Array): number | null => {
    let [images, things] = [0, 0];
    for (const [picture, count] of asked.entries()) {
      images += weights[picture] ?? 0;
      things += count * (weights[picture] ?? 0);
    }
    if (things === 0) return null;
    let [right, wrong, held] = [0, 0, 0];
    for (let at = 0; at < boxes.pictures.length; at += 1) {
      const weight = weights[boxes.pictures[at] ?? 0] ?? 0;
      if (boxes.right[at] === 1) right += weight;
      else wrong += weight;
      if (wrong > rate * images) break;
      if (boxes.last[at] === 1) held = right;
    }
    return held / things;
  };
  return { value, support: asked.filter((count) => count > 0).length };
}

/** All that are right or wrong, the best first. `last`: whether the next has a lower score. */
function boxesOf(trials: readonly Pick<DetectionTrial, 'matches'>[]) {
  const found: { picture: number; score: number; right: boolean }[] = [];
  for (const [picture, { matches }] of trials.entries()) {
    for (const [place, score] of matches.scores.entries()) {
      const verdict = verdictOf(matches, place);
      if (verdict !== 'aside') found.push({ picture, score, right: verdict === 'right' });
    }
  }
  const order = bestFirst(Float64Array.from(found, ({ score }) => score));
  return {
    pictures: Uint32Array.from(order, (at) => found[at]?.picture ?? 0),
    right: Uint8Array.from(order, (at) => Number(found[at]?.right)),
    last: Uint8Array.from(order, (at, place) => Number(found[at]?.score !== found[order[place + 1] ?? -1]?.score)),
  };
}
