import { parseStrictly } from '#kernel';
import { anyCheckReportSchema, type CheckReport } from './check-report.ts';

/** Reads a report that may have come from anywhere, and from any version of Fieldproof before this one. @throws CouldNotRun as parseStrictly does */
export function parseReport(text: string, file: string): CheckReport {
  return parseStrictly(anyCheckReportSchema, text, {
    file,
    remedy: 'give the report.json that `fieldproof check --report` wrote',
  });
}
