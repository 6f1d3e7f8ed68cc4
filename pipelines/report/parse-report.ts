import { CouldNotRun } from '#kernel';
import { checkReportSchema, type CheckReport } from './check-report.ts';

/**
 * Reads a report that may have come from anywhere: strictly, or not at all.
 * @throws CouldNotRun with every field that is not as the schema says
 */
export function parseReport(text: string, file: string): CheckReport {
  const remedy = 'give the report.json that `fieldproof check --report` wrote';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CouldNotRun({ file, message: 'not JSON', remedy }, { cause });
  }
  const parsed = checkReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CouldNotRun(
    parsed.error.issues.map((issue) => ({ file, field: issue.path.join('.'), message: issue.message, remedy })),
  );
}
