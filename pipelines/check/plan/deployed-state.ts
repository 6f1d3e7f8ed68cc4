import { z } from 'zod';
import { releaseSchema } from '#kernel';

/** What is deployed of a model today: by site, and the last deployed release that was better beyond doubt. */
export const deployedStateSchema = z.strictObject({
  model: z.string().min(1).max(200),
  /** The fleet repository's commit; null where there is none. */
  commit: z.string().max(64).nullable(),
  deployed: z
    .array(z.strictObject({ site: z.string().max(200), chipset: z.string().max(200), release: releaseSchema }))
    .max(100_000),
  superior: releaseSchema.nullable(),
});

export type DeployedState = z.infer<typeof deployedStateSchema>;
