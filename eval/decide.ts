import type { Finding } from './finding.ts';
import type { Interval, Outcome } from './gate.ts';

/**
 * The one rule of every gate: a pass when the one-sided 95% lower bound of the gain is above minus the margin, a fail when
 * the upper bound is below it, and otherwise inconclusive. Without an interval nothing is known.
 */
export function decide(interval: Interval | null, margin: number): Outcome {
  if (interval === null) return 'inconclusive';
  if (interval.low > -margin) return 'pass';
  return interval.high < -margin ? 'fail' : 'inconclusive';
}

/**
 * One verdict of many findings: what is only watched has no say; each of the others decides on its own (intersection-union:
 * all must hold, so none needs a correction). With nothing that decides there is no verdict but `inconclusive`.
 */
export function combine(findings: readonly Pick<Finding, 'role' | 'outcome'>[]): Outcome {
  const outcomes = findings.filter(({ role }) => role !== 'watches').map(({ outcome }) => outcome);
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.length === 0 || outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
}
