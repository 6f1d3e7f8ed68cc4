import { parseStrictly } from '#kernel';
import { checkReportSchema, type CheckReport } from './check-report.ts';

/** Reads a report that may have come from anywhere. @throws CouldNotRun as parseStrictly does */
export function parseReport(text: string, file: string): CheckReport {
  return parseStrictly(checkReportSchema, text, { file, remedy: 'give the report.json that `fieldproof check --report` wrote' });
}
