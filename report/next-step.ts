import type { CheckReport, Finding } from './documents/check-report.ts';
import { findingName, unsettled } from './findings.ts';

/** The one thing to do next of a check that is undecided. */
export type NextStep = { finding: string; remedy: string };

/**
 * Of everything that is undecided, what asks for most: whoever does that has mostly done for the others too. Null where the check is
 * decided, or nobody knows what would.
 */
export function nextStep({ outcome, models }: Pick<CheckReport, 'outcome' | 'models'>): NextStep | null {
  if (outcome !== 'inconclusive') return null;
  const open = models.flatMap(({ findings }) => unsettled(findings)).filter(({ remedy }) => remedy !== null);
  const [first] = open.toSorted((a, b) => askedFor(b) - askedFor(a));
  return first?.remedy == null ? null : { finding: findingName(first), remedy: first.remedy };
}

/** How many times the data it takes until the nearer bound leaves the margin; where there is no interval, more than anything else. */
function askedFor({ gain: { value, interval }, margin }: Finding): number {
  if (value === null || interval === null) return Infinity;
  const [reach, distance] = value > -margin ? [value - interval.low, value + margin] : [interval.high - value, -margin - value];
  return distance > 0 ? (reach / distance) ** 2 : Infinity;
}
