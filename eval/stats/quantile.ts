/**
 * The quantile of sorted values, by linear interpolation between order statistics: definition 7 of Hyndman and Fan (1996),
 * the default of NumPy and R. NaN for no values.
 * @param sorted ascending
 * @param p in [0, 1]
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - below);
}

/** As `quantileSorted`, of values in any order. */
export function quantile(values: readonly number[] | Float64Array, p: number): number {
  return quantileSorted(Float64Array.from(values).toSorted(), p);
}

export function median(values: readonly number[] | Float64Array): number {
  return quantile(values, 0.5);
}
