import { z } from 'zod';
import { digestOfJson, digestSchema, type Digest } from './ids.ts';

/** The bytes of one stage: its model, and the runtime that preprocesses for it. Null: the model's image brings its own. */
export type StageRelease = { model: Digest; runtime: Digest | null };

/** What is judged and deployed as one: its stages by name. One model alone is a release of one stage. */
export type Release = { stages: Readonly<Record<string, StageRelease>> };

/** The name of the stage where there is no other. */
const ALONE = 'model';

const stageReleaseSchema = z.strictObject({ model: digestSchema, runtime: digestSchema.nullable() });

export const releaseSchema: z.ZodType<Release> = z.strictObject({
  stages: z
    .record(z.string().min(1).max(200), stageReleaseSchema)
    .refine((stages) => Object.keys(stages).length > 0, 'a release has at least one stage'),
});

/** A release as it was written before releases had stages: one model and its runtime. */
export const unstagedReleaseSchema: z.ZodType<Release> = stageReleaseSchema.transform((stage) => releaseOf(stage));

/** One model alone, as a release. */
export function releaseOf(stage: StageRelease): Release {
  return { stages: { [ALONE]: stage } };
}

/**
 * The stage of a release that has no other.
 * @throws RangeError for a release of several stages
 */
export function onlyStage({ stages }: Release): StageRelease {
  const [only, ...others] = Object.values(stages);
  if (only === undefined || others.length > 0)
    throw new RangeError(`a release of ${Object.keys(stages).length} stages is no single model`);
  return only;
}

/** The same for equal releases, and for no others. */
export function releaseId(release: Release): Digest {
  return digestOfJson(release);
}

/** What a release is called where one digest has to do: a model alone by its image, several stages by all of theirs. */
export function releaseName(release: Release): Digest {
  const [only, ...others] = Object.values(release.stages);
  return only === undefined || others.length > 0 ? releaseId(release) : only.model;
}

export function sameRelease(a: Release, b: Release): boolean {
  return releaseId(a) === releaseId(b);
}
