import { z } from 'zod';
import { digestSchema } from '#kernel';

/** What stands of a model today: the releases that the fleet runs, and the last deployed one that was better beyond doubt. */
const release = z.strictObject({ model: digestSchema, runtime: digestSchema.nullable() });

export const standingSchema = z.strictObject({
  model: z.string().min(1).max(200),
  /** The fleet repository's commit; null where there is none. */
  commit: z.string().max(64).nullable(),
  deployed: z.array(z.strictObject({ site: z.string().max(200), chipset: z.string().max(200), release })).max(100_000),
  superior: release.nullable(),
});

export type Standing = z.infer<typeof standingSchema>;
