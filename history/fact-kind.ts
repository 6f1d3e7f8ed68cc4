import { releaseSchema, unstagedReleaseSchema, type Release } from '#kernel';
import { z } from 'zod';

/**
 * One kind of fact: how it is written today, and how to read what was written of it before. The version goes up when the shape
 * changes; each schema gives today's form, so that nobody else knows of the earlier ones. Version 1 is how facts were written
 * before they said their version.
 */
export type FactKind<F> = { version: number; schemas: Readonly<Record<number, z.ZodType<F>>> };

/** A kind that holds no release: what is written today differs from the first version by its number alone. */
export function unchangedKind<S extends z.ZodType>(schema: S): FactKind<z.output<S>> {
  return { version: 2, schemas: { 1: schema as z.ZodType<z.output<S>>, 2: schema as z.ZodType<z.output<S>> } };
}

/** A kind that holds releases: in its first version, they were one model and its runtime. */
export function kindWithReleases<F>(schemaWith: (release: z.ZodType<Release>) => z.ZodType<F>): FactKind<F> {
  return { version: 2, schemas: { 1: schemaWith(unstagedReleaseSchema), 2: schemaWith(releaseSchema) } };
}

export const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();

/** A number with its uncertainty, as eval gives it. */
export const estimateSchema = z.strictObject({
  value: z.number().nullable(),
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  method: z.string(),
  clusters: z.number(),
  n: z.number(),
});

/** ISO 8601. */
export const instant = z.string();
/** A calendar day, YYYY-MM-DD. */
export const day = z.string();
