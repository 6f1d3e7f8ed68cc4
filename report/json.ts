import { z } from 'zod';
import { canonicalJson } from '#kernel';
import { checkReportSchema, type CheckReport } from './documents/check-report.ts';

/**
 * The report as JSON: sorted keys and a fixed indent, so that equal reports are equal files.
 * @throws ZodError when the report does not match its own schema
 */
export function renderJson(report: CheckReport): string {
  const checked = checkReportSchema.parse(report);
  return `${JSON.stringify(JSON.parse(canonicalJson(z.json().parse(checked))), null, 2)}\n`;
}
