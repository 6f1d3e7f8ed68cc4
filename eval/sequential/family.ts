/** zeta(3), by which the restart weights are divided to add up to 1. */
const APERY = 1.2020569031595942;

/**
 * The part of the error that run number `run` of a test may spend (0 is the first, 1 the one after its first alarm has ended,
 * and so on): 83%, 10%, 3%, ... in proportion to 1/(run + 1)^3. They add up to 1, so that beginning anew costs nothing beyond what
 * was promised.
 */
export function restartWeight(run: number): number {
  return 1 / (APERY * (run + 1) ** 3);
}

/**
 * The part of a unit's error that each of its components may spend, by order of first appearance: the whole site has two thirds;
 * the slices, which nobody can count beforehand, share a third as 1/2, 1/6, 1/12, ... which add up to 1. A component's place is
 * known before its first bet.
 */
export function componentWeight(slice: number | null): number {
  return slice === null ? 2 / 3 : 1 / (3 * (slice + 1) * (slice + 2));
}

/**
 * Which hypotheses e-BH rejects (Wang and Ramdas 2022, "False discovery rate control with e-values"): the k largest e-values
 * where the k-th is at least n / (k level). The false discovery rate is at most `level` however they depend on each other; while
 * nothing has changed, so is the chance of any rejection at all.
 * @returns indices of the rejected
 */
export function eBenjaminiHochberg(evalues: readonly number[], level: number): number[] {
  const order = [...evalues.keys()].toSorted((a, b) => (evalues[b] ?? 0) - (evalues[a] ?? 0));
  let count = 0;
  for (const [place, index] of order.entries()) {
    if ((evalues[index] ?? 0) >= evalues.length / ((place + 1) * level)) count = place + 1;
  }
  return order.slice(0, count);
}
