import type { Digest } from '#kernel';
import type { ModelReport } from '#report';
import type { VerdictFact } from '#history';
import { sameRelease } from '#kernel';

/** Reports of checks, as far as somebody kept them: what the ledger has of a verdict is its numbers alone. */
export interface ReportShelf {
  /** What a report says of the model whose verdict is this record; null where none is kept. */
  find(record: Digest): Promise<ModelReport | null>;
  /** What could not be read, each as one sentence. */
  notes(): Promise<readonly string[]>;
}

export const noReports: ReportShelf = { find: () => Promise.resolve(null), notes: () => Promise.resolve([]) };

/**
 * A report is a file that anybody may have written. It is shown where it says of the verdict what the ledger does: the same release, the
 * same outcome, and the same numbers of every gate that decided.
 */
export function bearsOut(report: ModelReport, verdict: VerdictFact): boolean {
  if (report.model !== verdict.model || report.outcome !== verdict.outcome) return false;
  if (!sameRelease(report.candidate, verdict.candidate)) return false;
  const decided = report.findings.filter(({ role }) => role !== 'watches').map(({ metric, gain }) => [metric, gain.value]);
  return JSON.stringify(decided) === JSON.stringify(verdict.findings.map(({ metric, value }) => [metric, value]));
}
