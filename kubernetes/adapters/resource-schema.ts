import { z } from 'zod';
import type { Condition } from '../condition.ts';

/**
 * Resources as the API server sends them, narrowed to what is judged: all else is dropped at once, so that memory grows with
 * what is watched and not with what others write into it.
 */

export const absent = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? null);
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const metadataSchema = z.looseObject({
  namespace: text,
  name: z.string(),
  resourceVersion: absent(z.string()),
  generation: z.number().default(0),
  deletionTimestamp: absent(z.string()),
  annotations: z.record(z.string(), z.string()).nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
});

const conditionSchema = z
  .looseObject({
    type: z.string(),
    status: z.enum(['True', 'False', 'Unknown']),
    reason: text,
    message: text,
    observedGeneration: absent(z.number()),
  })
  .transform(({ type, status, reason, message, observedGeneration }): Condition => ({
    type,
    status,
    reason,
    message,
    observedGeneration,
  }));
export const conditions = z
  .array(conditionSchema)
  .nullish()
  .transform((value) => value ?? []);
