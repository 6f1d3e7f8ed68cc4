import { z } from 'zod';
import { duration } from '#kernel';

/** What `fieldproof.yaml` says of audits of its gates. */
export const writtenAuditSchema = z.strictObject({
  'stale-after': duration.default(35 * 86_400_000).describe('When the last audit is too old to go by. Default: 35d'),
});

/** `staleAfter`: milliseconds. */
export type AuditConfig = { staleAfter: number };

export function normaliseAudit(written: z.output<typeof writtenAuditSchema>): AuditConfig {
  return { staleAfter: written['stale-after'] };
}
