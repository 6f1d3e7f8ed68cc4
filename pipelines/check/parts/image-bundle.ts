import { z } from 'zod';
import { digestSchema, parseStrictly } from '#kernel';
import { deployedStateSchema } from '../plan/deployed-state.ts';

/**
 * What goes from the machine that builds to those that measure: which image came of which folder, and what stands today.
 * It lies as images.json beside the layouts of the images.
 */
export const imageBundleSchema = z.strictObject({
  version: z.literal(2),
  base: z.string().max(64),
  head: z.string().max(64),
  /** The stock runtime of each platform, by digest: whoever measures or judges must have the same. */
  runtimes: z.record(z.string().max(64), digestSchema),
  built: z
    .array(
      z.strictObject({
        model: z.string().max(200),
        tree: z.string().max(64),
        digest: digestSchema,
        times: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }).exactOptional(),
      }),
    )
    .max(10_000)
    .describe('The image of a model, by the Git tree of its folder'),
  images: z.array(digestSchema).max(10_000),
  deployed: z.array(deployedStateSchema).max(1000),
});

export type ImageBundle = z.infer<typeof imageBundleSchema>;

/** What stands today, as a job that may read the fleet repository tells one that may not. */
export const deployedStateFileSchema = z.strictObject({
  version: z.literal(2),
  deployed: z.array(deployedStateSchema).max(1000),
});

export const imageBundleFile = 'images.json';

/** Reads a document that another machine wrote. @throws CouldNotRun as parseStrictly does */
export function parseExchanged<S extends z.ZodType>(schema: S, text: string, file: string): z.output<S> {
  const remedy = 'write it again with the version of Fieldproof that reads it; when it happens again, see who could change it';
  return parseStrictly(schema, text, { file, remedy });
}
