import { betaI, gammaP, gammaQ } from './special.ts';

/** P(Z <= z) for the standard normal. Both tails keep their digits. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaQ(0.5, (z * z) / 2);
  return z > 0 ? 1 - tail : tail;
}

export function normalQuantile(p: number): number {
  if (p <= 0 || p >= 1) return p <= 0 ? -Infinity : Infinity;
  return p > 0.5 ? -normalQuantile(1 - p) : invert(normalCdf, p, -40, 0);
}

export function tCdf(t: number, df: number): number {
  const tail = 0.5 * betaI(df / (df + t * t), df / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** @param df degrees of freedom, above 0 */
export function tQuantile(p: number, df: number): number {
  if (p > 0.5) return -tQuantile(1 - p, df);
  let low = -2;
  while (tCdf(low, df) > p) low *= 2;
  return invert((t) => tCdf(t, df), p, low, 0);
}

/** The quantile of the beta distribution; its limits 0 at a = 0 and 1 at b = 0, as Clopper and Pearson need them. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (a <= 0) return 0;
  if (b <= 0) return 1;
  return invert((x) => betaI(x, a, b), p, 0, 1);
}

/** The quantile of the gamma distribution with unit scale; 0 at shape 0. */
export function gammaQuantile(p: number, shape: number): number {
  if (shape <= 0) return 0;
  let high = shape + 1;
  while (gammaP(shape, high) < p) high *= 2;
  return invert((x) => gammaP(shape, x), p, 0, high);
}

/** P(X <= k) for the binomial; k may be any number. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : 1 - betaI(p, Math.floor(k) + 1, n - Math.floor(k));
}

/** Where an increasing function reaches a value, by bisection until the interval is two neighbouring doubles wide. */
function invert(increasing: (x: number) => number, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (increasing(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
