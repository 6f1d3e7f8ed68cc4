import { normalCdf, normalQuantile } from '../stats/distributions.ts';

/** How alike two models of one recipe find the same things easy: the correlation of normal scores behind right and wrong. */
const ALIKE = 0.91;
const STEPS = 400;
/** Standard deviations beyond which nothing is left. */
const FAR = 8;

/**
 * Of what a model gets wrong, the share that another of the same recipe gets right: the chance of one normal score above and the other below
 * the threshold (Pearson 1900, of tetrachoric correlation), by Simpson's rule.
 * @param wrong the share that the model gets wrong, between 0 and 1
 */
export function usuallyAltered(wrong: number): number {
  const threshold = normalQuantile(Math.min(0.999, Math.max(0.001, wrong)));
  const width = (2 * FAR) / STEPS;
  let sum = 0;
  for (let step = 0; step <= STEPS; step += 1) {
    const above = threshold + step * width;
    const density = Math.exp((-above * above) / 2) / Math.sqrt(2 * Math.PI);
    const below = normalCdf((threshold - ALIKE * above) / Math.sqrt(1 - ALIKE * ALIKE));
    sum += (step === 0 || step === STEPS ? 1 : step % 2 === 1 ? 4 : 2) * density * below;
  }
  return ((sum * width) / 3 / normalCdf(threshold)) * ROOM;
}

/** A change is rarely neutral, and rarely spread evenly: both widen the interval a little. */
const ROOM = 1.15;
