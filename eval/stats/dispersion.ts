import { total } from './bootstrap.ts';

/**
 * How much more counts vary between clusters than Poisson counts would: about the number that come at once. At least 1.
 * @param exposures per cluster, above 0
 */
export function dispersion(counts: Float64Array, exposures: Float64Array): number {
  const [count, clusters] = [total(counts), counts.length];
  if (count === 0 || clusters < 2) return 1;
  const rate = count / total(exposures);
  const squares = total(counts.map((own, index) => (own - rate * (exposures[index] ?? 0)) ** 2));
  return Math.max(1, ((clusters / (clusters - 1)) * squares) / count);
}
