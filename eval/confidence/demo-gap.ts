import type { Unit } from '#tasks';
import { chanceOfFalling, fitLine, type LinePoint } from './fit-line.ts';
import { beliefOf } from './forecast.ts';
import type { Iteration } from './iteration.ts';
import type { DemoGap } from './result.ts';
import { ordinaryGain } from './scales.ts';

const FEWEST = 5;
const MOST = 500;
const SURE = 0.95;
/** In ordinary gains: how large the gap may be at first, how much of it may come or go over all iterations, and how it varies. */
const PRIOR = { offset: 2, change: 2, spread: 0.8 };

/** What research promised beyond what the field kept, iteration by iteration; of sets that count as the field does. */
export function demoGap(iterations: readonly Iteration[], unit: Unit): DemoGap | null {
  const scale = ordinaryGain(unit);
  const gaps = iterations.flatMap((iteration) => gapOf(iteration, unit, scale)).slice(-MOST);
  if (gaps.length < FEWEST) return null;
  // From -1 to 0: the line's offset is the gap of today.
  const points = gaps.map((gap, at): LinePoint => ({ ...gap, x: at / (gaps.length - 1) - 1, blur: 0 }));
  const lines = fitLine(points, { offset: PRIOR.offset, slope: { mean: 0, sd: PRIOR.change }, spread: PRIOR.spread });
  const gap = beliefOf(
    lines.map(({ weight, offset, offsetVariance }) => ({ weight, mean: offset, unknown: offsetVariance, noise: 0 })),
    scale,
  );
  const trend = beliefOf(
    lines.map(({ weight, slope, slopeVariance }) => ({ weight, mean: slope, unknown: slopeVariance, noise: 0 })),
    scale / (gaps.length - 1),
  );
  return { gap, trend, verdict: verdictOn(gap.value, chanceOfFalling(lines), trend.interval, scale / gaps.length) };
}

function gapOf({ research, realised }: Iteration, unit: Unit, scale: number): Pick<LinePoint, 'y' | 'variance'>[] {
  const alike = research.filter((one) => one.unit === unit);
  if (alike.length === 0 || realised === null) return [];
  const promised = alike.reduce((sum, { gain }) => sum + gain.value, 0) / alike.length;
  const error = Math.sqrt(alike.reduce((sum, { gain }) => sum + gain.error ** 2, 0)) / alike.length;
  return [{ y: (promised - realised.value) / scale, variance: (Math.hypot(error, realised.error) / scale) ** 2 }];
}

/** A gap closes where it comes nearer to none, from whichever side. `small`: an ordinary gain over all iterations, for each of them. */
function verdictOn(gap: number, falling: number, trend: { low: number; high: number }, small: number): DemoGap['verdict'] {
  const closing = gap >= 0 ? falling : 1 - falling;
  if (closing > SURE) return 'closing';
  if (closing < 1 - SURE) return 'widening';
  return Math.max(Math.abs(trend.low), Math.abs(trend.high)) < small ? 'steady' : 'not told yet';
}
