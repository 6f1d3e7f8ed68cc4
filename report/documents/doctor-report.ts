import { z } from 'zod';

/** How a repository is set up on its code host; its JSON Schema is docs/schemas/doctor-report.schema.json. */
const diagnosisSchema = z.strictObject({
  /** What was looked at, such as `ledger branch`. */
  name: z.string(),
  /** `unknown`: it could not be looked at, which says nothing of whether it is well. */
  state: z.enum(['well', 'missing', 'unknown']),
  says: z.string(),
  /** The click or the command that mends it; null where it is well. */
  remedy: z.string().nullable(),
});

export const doctorReportSchema = z.strictObject({
  version: z.literal(1),
  /** `owner/name`. */
  repository: z.string(),
  branch: z.string(),
  diagnoses: z.array(diagnosisSchema),
});

export type DoctorReport = z.output<typeof doctorReportSchema>;
export type Diagnosis = DoctorReport['diagnoses'][number];
