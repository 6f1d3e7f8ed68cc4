import type { FindingKey } from './finding.ts';
import type { Footage } from './footage.ts';
import type { Interval } from './gate.ts';

/** `method`: where there is no interval, why. */
type Known = { value: number; interval: Interval | null; method: string };

type Measured = Pick<FindingKey, 'margin' | 'unit' | 'better'>;

/**
 * Why a gate decided as it did, for somebody who has read no documentation: what changed, by how much, how sure that is, and what
 * would have been allowed. Two numbers at most: intervals stand in tables.
 * @param subject the metric in words, such as `the share of events that are found`
 */
export function explainOutcome(subject: string, { value, interval, method }: Known, key: Measured): string {
  const changed = `${subject} ${changeOf(value, key)}`;
  if (interval === null) return `${changed}, but nobody can tell by how much that is off: ${method}`;
  if (interval.low > 0) return `${changed}, which is clearly better`;
  const { margin, unit } = key;
  const allowed = `the ${formatAmount(margin, unit)} allowed`;
  if (interval.low > -margin)
    return value < 0 ? `${changed}, clearly less than ${allowed}` : `${changed}: no loss beyond ${allowed}`;
  if (interval.high < -margin)
    return margin === 0 ? `${changed}, and no loss is allowed` : `${changed}, clearly more than ${allowed}`;
  if (margin === 0) return `${changed}, and there is too little data to tell whether it got worse`;
  return value < 0
    ? `${changed}, and there is too little data to tell whether that is more than ${allowed}`
    : `${changed}, but there is too little data to rule out a loss of ${formatAmount(margin, unit)}`;
}

type Bounded = Pick<FindingKey, 'unit' | 'better' | 'against'>;

/** The same of a bound or a budget, which is about the candidate alone. */
export function explainBound(
  subject: string,
  { value, bound, interval, method }: { value: number; bound: number; interval: Interval | null; method: string },
  { unit, better, against }: Bounded,
): string {
  const measured = `${subject} is ${formatLevel(value, unit)}`;
  const asked = `the ${formatLevel(bound, unit)} ${better === 'more' ? 'required' : 'allowed'}`;
  if (interval === null) return `${measured} beside ${asked}, but nobody can tell by how much that is off: ${method}`;
  const side = (kept: boolean) => (kept === (better === 'more') ? 'above' : 'below');
  if (interval.low > 0) return `${measured}, clearly ${side(true)} ${asked}`;
  if (interval.high < 0) return `${measured}, clearly ${side(false)} ${asked}`;
  return `${measured}: too close to ${asked} to tell whether the ${against} is kept`;
}

/** @param by so many times what there is would decide; null when no realistic amount would */
export function remedyFor(by: number | null, { unit, clusters, minutes, site }: Footage): string {
  if (by === null) return 'no realistic amount of data would decide: what was measured is too close to the limit';
  const more = Math.max(1, Math.ceil((by - 1) * clusters));
  const length = minutes > 0 ? ` (${Math.max(1, Math.ceil((by - 1) * minutes))} minutes of footage)` : '';
  return `about ${more} more ${unit}${length}${site === null ? '' : `, most from ${site},`} would decide if they are like these`;
}

/** Below one in ten thousand, digits would only be those of the arithmetic. */
export function formatChance(p: number): string {
  return p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}`;
}

/** A size without a sign, such as a margin; of a `ratio`, how much longer that is. */
export function formatAmount(amount: number, unit: FindingKey['unit']): string {
  if (unit === 'fraction') return `${round(amount * 100)} ${round(amount * 100) === '1' ? 'point' : 'points'}`;
  if (unit === 'ratio') return `${round(Math.expm1(amount) * 100)}%`;
  return `${round(amount)}${UNIT[unit]}`;
}

const UNIT = { 'per hour': ' per hour', 'per image': ' per image', seconds: ' s', milliseconds: ' ms', bytes: ' bytes' } as const;

/** A number as it stands, such as a bound. */
export function formatLevel(level: number, unit: FindingKey['unit']): string {
  return unit === 'fraction' ? `${round(level * 100)}%` : formatAmount(level, unit);
}

function changeOf(gain: number, { unit, better }: Measured): string {
  if (gain === 0) return 'did not change';
  const rose = gain > 0 === (better === 'more');
  // A candidate that takes half the time is 50% faster to whoever waits, not 100%.
  const amount = unit === 'ratio' ? `${round(Math.abs(Math.expm1(-gain)) * 100)}%` : formatAmount(Math.abs(gain), unit);
  return `${rose ? 'rose' : 'fell'} by ${amount}`;
}

/** Two significant digits below one, one decimal above. */
function round(value: number): string {
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(2) : value.toFixed(1)));
}
