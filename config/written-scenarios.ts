import { z } from 'zod';
import type { Scenario } from '#eval';
import { duration } from '#kernel';

const lasts = duration.default(60_000).describe('How long it is kept up; MLPerf asks for ten minutes. Default: 60s');
const perSecond = z.number().positive().max(10_000);

/** How load comes to a chipset, by MLPerf's names; shown beside its latency, and never judged by. */
export const writtenScenarioSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['single-stream', 'multi-stream', 'offline']), lasts }),
  z.strictObject({
    kind: z.enum(['server', 'camera']),
    'per-second': perSecond.describe('Queries by chance (server), or frames evenly (camera)'),
    lasts,
  }),
]);

export function normaliseScenario(written: z.output<typeof writtenScenarioSchema>): Scenario {
  const seconds = written.lasts / 1000;
  return 'per-second' in written
    ? { kind: written.kind, seconds, perSecond: written['per-second'] }
    : { kind: written.kind, seconds };
}
