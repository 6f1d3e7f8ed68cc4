import type { FindingKey } from './finding.ts';
import type { Footage } from './footage.ts';
import type { Interval } from './gate.ts';

/** `method`: where there is no interval, why. */
type Known = { value: number; interval: Interval | null; method: string };

/** Why a gate decided as it did, in one clause: how much better or worse, and what that rules out. */
export function explainOutcome(
  { value, interval, method }: Known,
  { margin, unit }: Pick<FindingKey, 'margin' | 'unit'>,
): string {
  const gained = signed(value, unit);
  const allowed = formatAmount(margin, unit);
  if (interval === null) return `${gained}, but nobody can tell by how much that is off: ${method}`;
  if (interval.low > 0) return `${gained}, and better beyond doubt: ${signed(interval.low, unit)} at worst`;
  if (interval.low > -margin) return `${gained}, ${signed(interval.low, unit)} at worst: a loss of ${allowed} is ruled out`;
  if (interval.high < -margin) return `${gained}, ${signed(interval.high, unit)} at best: it loses more than ${allowed}`;
  return `${gained}, from ${signed(interval.low, unit)} to ${signed(interval.high, unit)}: a loss of ${allowed} is within that`;
}

/** The same of a bound or a budget: by how much it is kept. */
export function explainBound(
  { value, interval, method }: Known,
  { unit, against }: Pick<FindingKey, 'unit' | 'against'>,
): string {
  const off = formatAmount(Math.abs(value), unit);
  const kept = value >= 0 ? `the ${against} is kept by ${off}` : `the ${against} is missed by ${off}`;
  if (interval === null) return `${kept}, but nobody can tell by how much that is off: ${method}`;
  if (interval.low > 0) return `${kept}, by ${formatAmount(interval.low, unit)} at worst`;
  if (interval.high < 0) return `${kept}, by ${formatAmount(-interval.high, unit)} at best`;
  return `${kept}, but may be missed by ${formatAmount(-interval.low, unit)} or kept by ${formatAmount(interval.high, unit)}`;
}

/** @param by so many times what there is would decide; null when no realistic amount would */
export function remedyFor(by: number | null, { unit, clusters, minutes, site }: Footage): string {
  if (by === null) return 'no realistic amount of data would decide: the gain is too close to the margin';
  const more = Math.max(1, Math.ceil((by - 1) * clusters));
  const length = minutes > 0 ? ` (${Math.max(1, Math.ceil((by - 1) * minutes))} minutes of footage)` : '';
  return `about ${more} more ${unit}${length}${site === null ? '' : `, most from ${site},`} would decide if they are like these`;
}

/** Below one in ten thousand, digits would only be those of the arithmetic. */
export function formatChance(p: number): string {
  return p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}`;
}

/** A size without a sign, such as a margin. */
export function formatAmount(amount: number, unit: FindingKey['unit']): string {
  if (unit === 'fraction') return `${round(amount * 100)} pp`;
  if (unit === 'ratio') return `${round(Math.expm1(amount) * 100)}%`;
  return `${round(amount)}${{ 'per hour': '/h', seconds: ' s', milliseconds: ' ms', bytes: ' bytes' }[unit]}`;
}

function signed(gain: number, unit: FindingKey['unit']): string {
  if (gain === 0) return 'no difference';
  const [better, worse] = unit === 'ratio' ? ['faster', 'slower'] : ['better', 'worse'];
  return `${formatAmount(Math.abs(gain), unit)} ${gain > 0 ? better : worse}`;
}

/** Two significant digits below one, one decimal above. */
function round(value: number): string {
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(2) : value.toFixed(1)));
}
