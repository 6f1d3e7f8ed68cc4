import type { Subject } from './finding.ts';
import type { Metric, PairedTotals } from '#tasks';
import { mcnemar } from './stats/exact.ts';
import type { GainEstimate } from './stats/gain.ts';
import type { Interval } from './gate.ts';

/** What more of the same would be: pictures, clips or whole sites; `clusters` and `minutes` are what there is now. */
export type Footage = { unit: 'samples' | 'clips' | 'sites'; clusters: number; minutes: number; site: string | null };

type Known = { value: number; interval: Interval | null };

/** Why a gate decided as it did, in one clause: how much better or worse, and what that rules out. */
export function explainOutcome({ value, interval }: Known, { margin, unit }: Pick<Subject, 'margin' | 'unit'>): string {
  const gained = signed(value, unit);
  const allowed = formatAmount(margin, unit);
  if (interval === null) return `${gained}, but of a single cluster nobody knows the spread`;
  if (interval.low > 0) return `${gained}, and better beyond doubt: ${signed(interval.low, unit)} at worst`;
  if (interval.low > -margin) return `${gained}, ${signed(interval.low, unit)} at worst: a loss of ${allowed} is ruled out`;
  if (interval.high < -margin) return `${gained}, ${signed(interval.high, unit)} at best: it loses more than ${allowed}`;
  return `${gained}, from ${signed(interval.low, unit)} to ${signed(interval.high, unit)}: a loss of ${allowed} is within that`;
}

/** The same of a bound or a budget: by how much it is kept. */
export function explainBound({ value, interval }: Known, { unit, against }: Pick<Subject, 'unit' | 'against'>): string {
  const off = formatAmount(Math.abs(value), unit);
  const kept = value >= 0 ? `the ${against} is kept by ${off}` : `the ${against} is missed by ${off}`;
  if (interval === null) return `${kept}, but of a single cluster nobody knows the spread`;
  if (interval.low > 0) return `${kept}, by ${formatAmount(interval.low, unit)} at worst`;
  if (interval.high < 0) return `${kept}, by ${formatAmount(-interval.high, unit)} at best`;
  return `${kept}, but may be missed by ${formatAmount(-interval.low, unit)} or kept by ${formatAmount(interval.high, unit)}`;
}

/** What changed hands, where that can be counted. */
export function explainChange(
  { gained, lost, denominator }: PairedTotals,
  { method, clusters }: GainEstimate,
  metric: Metric<never>,
): string {
  if (metric.unit === 'seconds') return ` (${denominator} events that both detect, in ${clusters} clusters)`;
  if (metric.unit === 'per hour') return ` (${lost} more and ${gained} fewer false alarms in ${denominator.toFixed(1)} h)`;
  const chance = method === 'Tango 1998 score' ? `; exact McNemar p ${formatChance(mcnemar(gained, lost))}` : '';
  return ` (${gained} won and ${lost} lost of ${denominator} ${metric.counted}${chance})`;
}

/** @param by so many times what there is would decide; null when no realistic amount would */
export function remedyFor(by: number | null, { unit, clusters, minutes, site }: Footage): string {
  if (by === null) return 'no realistic amount of data would decide: the gain is too close to the margin';
  const more = Math.max(1, Math.ceil((by - 1) * clusters));
  const length = minutes > 0 ? ` (${Math.max(1, Math.ceil((by - 1) * minutes))} minutes of footage)` : '';
  return `about ${more} more ${unit}${length}${site === null ? '' : `, most from ${site},`} would decide if they are like these`;
}

/** Below one in ten thousand, digits would only be those of the arithmetic. */
function formatChance(p: number): string {
  return p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}`;
}

/** A size without a sign, such as a margin. */
export function formatAmount(amount: number, unit: Subject['unit']): string {
  if (unit === 'fraction') return `${round(amount * 100)} pp`;
  if (unit === 'ratio') return `${round(Math.expm1(amount) * 100)}%`;
  return `${round(amount)}${{ 'per hour': '/h', seconds: ' s', milliseconds: ' ms', bytes: ' bytes' }[unit]}`;
}

function signed(gain: number, unit: Subject['unit']): string {
  if (gain === 0) return 'no difference';
  const [better, worse] = unit === 'ratio' ? ['faster', 'slower'] : ['better', 'worse'];
  return `${formatAmount(Math.abs(gain), unit)} ${gain > 0 ? better : worse}`;
}

/** Two significant digits below one, one decimal above. */
function round(value: number): string {
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(2) : value.toFixed(1)));
}
