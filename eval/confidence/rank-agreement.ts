import { LEVEL } from '../stats/level.ts';
import { quantile } from '../stats/quantile.ts';
import { random } from '../stats/rng.ts';
import type { Belief } from './result.ts';

const DRAWS = 200;
const FEWEST = 5;

/** Kendall's tau-b with its percentile bootstrap interval over pairs; null below five, or where one side never varies. */
export function rankAgreement(pairs: readonly (readonly [number, number])[]): Belief | null {
  const value = kendallTau(pairs);
  if (pairs.length < FEWEST || value === null) return null;
  const next = random(pairs.length);
  const drawn = Array.from({ length: DRAWS }, () =>
    kendallTau(pairs.map(() => pairs[Math.floor(next() * pairs.length)] ?? [0, 0])),
  ).filter((tau) => tau !== null);
  return { value, interval: { low: quantile(drawn, 1 - LEVEL), high: quantile(drawn, LEVEL) } };
}

/** Kendall 1945: ties of either side count in neither direction. */
export function kendallTau(pairs: readonly (readonly [number, number])[]): number | null {
  let [agree, differ, untiedX, untiedY] = [0, 0, 0, 0];
  for (const [at, [x, y]] of pairs.entries()) {
    for (let other = 0; other < at; other += 1) {
      const [otherX, otherY] = pairs[other] ?? [x, y];
      const [dx, dy] = [Math.sign(x - otherX), Math.sign(y - otherY)];
      untiedX += Math.abs(dx);
      untiedY += Math.abs(dy);
      if (dx * dy > 0) agree += 1;
      else if (dx * dy < 0) differ += 1;
    }
  }
  return untiedX === 0 || untiedY === 0 ? null : (agree - differ) / Math.sqrt(untiedX * untiedY);
}
