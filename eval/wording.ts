import type { Subject } from './finding.ts';
import type { Metric, PairedTotals } from './metrics/metric.ts';
import { mcnemar } from './stats/exact.ts';
import type { GainEstimate } from './stats/gain.ts';
import type { Interval } from './gate.ts';

/** What more of the same would be: pictures, clips or whole sites; `clusters` and `minutes` are what there is now. */
export type Footage = { unit: 'samples' | 'clips' | 'sites'; clusters: number; minutes: number; site: string | null };

/** Why a gate decided as it did, in one sentence. Everything is a loss or a gain in the metric's unit. */
export function explainOutcome(
  { value, interval }: { value: number; interval: Interval | null },
  { margin, unit }: Subject,
): string {
  const gained = signed(value, unit);
  const allowed = formatAmount(margin, unit);
  if (interval === null) return `${gained}, but of a single cluster nobody knows the spread`;
  if (interval.low > -margin) {
    const proven = interval.low > 0 ? 'it is better' : `a loss of ${allowed} or more is ruled out`;
    return `${gained}, at least ${signed(interval.low, unit)}: ${proven}`;
  }
  if (interval.high < -margin) return `${gained}, at most ${signed(interval.high, unit)}: it loses more than ${allowed}`;
  return `${gained}, between ${signed(interval.low, unit)} and ${signed(interval.high, unit)}: it may lose ${allowed} or not`;
}

/** What changed hands, where that can be counted. */
export function explainChange(
  { gained, lost, denominator }: PairedTotals,
  { method, clusters }: GainEstimate,
  metric: Metric<never>,
): string {
  if (metric.unit === 'seconds') return ` (${denominator} events that both detect, in ${clusters} clusters)`;
  if (metric.unit === 'per hour') return ` (${lost} more and ${gained} fewer false alarms in ${denominator.toFixed(1)} h)`;
  const chance = method === 'Tango 1998 score' ? `; exact McNemar p = ${mcnemar(gained, lost).toPrecision(2)}` : '';
  return ` (${gained} won and ${lost} lost of ${denominator} ${metric.counted}${chance})`;
}

/** @param by so many times what there is would decide; null when no realistic amount would */
export function remedyFor(by: number | null, { unit, clusters, minutes, site }: Footage): string {
  if (by === null) return 'no realistic amount of data would decide: the gain is too close to the margin';
  const more = Math.max(1, Math.ceil((by - 1) * clusters));
  const length = minutes > 0 ? ` (${Math.max(1, Math.ceil((by - 1) * minutes))} minutes of footage)` : '';
  return `about ${more} more ${unit}${length}${site === null ? '' : `, most from ${site},`} would decide if they are like these`;
}

/** A size without a sign, such as a margin. */
export function formatAmount(amount: number, unit: Subject['unit']): string {
  if (unit === 'fraction') return `${round(amount * 100)} pp`;
  if (unit === 'ratio') return `${round(Math.expm1(amount) * 100)}%`;
  return `${round(amount)}${{ 'per hour': '/h', seconds: ' s', milliseconds: ' ms', bytes: ' bytes' }[unit]}`;
}

function signed(gain: number, unit: Subject['unit']): string {
  const better = gain >= 0;
  return `${formatAmount(Math.abs(gain), unit)} ${better ? 'better' : 'worse'}`;
}

/** Two significant digits below one, one decimal above. */
function round(value: number): string {
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(2) : value.toFixed(1)));
}
