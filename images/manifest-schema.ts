import { checkValue, CouldNotRun, digestSchema, type Digest } from '#kernel';
import { z } from 'zod';
import type { Blob } from './image.ts';
import { INDEX_TYPE, MANIFEST_TYPE } from './manifest.ts';

/** What the Docker engine calls the same two documents; registries keep whichever was pushed. */
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json';

export const ACCEPTED_MANIFESTS = [MANIFEST_TYPE, DOCKER_MANIFEST, INDEX_TYPE, DOCKER_INDEX].join(', ');

/** An index lists so many images at most, attestations of theirs included. */
const MOST_PLATFORMS = 64;

const blobSchema = z.object({ mediaType: z.string(), digest: digestSchema, size: z.int().nonnegative() });

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.enum([MANIFEST_TYPE, DOCKER_MANIFEST]).default(MANIFEST_TYPE),
  config: blobSchema,
  layers: z.array(blobSchema).max(512),
  annotations: z.record(z.string(), z.string()).optional(),
});

const indexSchema = z.object({
  mediaType: z.enum([INDEX_TYPE, DOCKER_INDEX]).default(INDEX_TYPE),
  manifests: z
    .array(z.object({ digest: digestSchema, platform: z.object({ os: z.string(), architecture: z.string() }).optional() }))
    .max(MOST_PLATFORMS),
});

const configSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  rootfs: z.object({ diff_ids: z.array(digestSchema) }),
});

export type ImageManifest = {
  mediaType: string;
  config: Blob;
  layers: readonly Blob[];
  annotations: Readonly<Record<string, string>>;
};

/**
 * @param where how messages name the document
 * @throws CouldNotRun when it is not the manifest of one image
 */
export function parseManifest(text: string, where: string): ImageManifest {
  const value = parseJson(text, where);
  const index = checkValue(indexSchema, value);
  if (index.success) {
    const choices = index.data.manifests.flatMap(({ digest, platform }) =>
      platform ? [`${platform.os}/${platform.architecture} ${digest}`] : [],
    );
    throw new CouldNotRun({
      file: where,
      message: 'an index of images for several platforms, not an image',
      remedy: `pin the image of one platform: ${choices.slice(0, 12).join(', ')}`,
    });
  }
  const { mediaType, config, layers, annotations = {} } = parseAs(manifestSchema, value, where, 'an image manifest');
  return { mediaType, config, layers, annotations };
}

/** The digests of an index's images; none where it is the manifest of one. @throws CouldNotRun when it is not JSON */
export function childrenOf(text: string, where = 'an image'): readonly Digest[] {
  const index = checkValue(indexSchema, parseJson(text, where));
  return index.success ? index.data.manifests.map(({ digest }) => digest) : [];
}

/**
 * Which image a digest stands for on a platform: itself, or one of its index.
 * @throws CouldNotRun when its index has none for the platform
 */
export function imageFor(platform: string, { digest, text, where }: { digest: Digest; text: string; where: string }): Digest {
  const index = checkValue(indexSchema, parseJson(text, where));
  if (!index.success) return digest;
  const child = index.data.manifests.find((entry) => isFor(platform, entry.platform));
  if (child !== undefined) return child.digest;
  const remedy = 'name an image that is made for it';
  throw new CouldNotRun({ file: where, message: `holds no image for ${platform}`, remedy });
}

function isFor(platform: string, made: { os: string; architecture: string } | undefined): boolean {
  if (made === undefined) return false;
  const name = `${made.os}/${made.architecture}`;
  return platform === name || platform.startsWith(`${name}/`);
}

/**
 * An index whose images are all of some platform, so that each can be had; undefined for anything else, such as the manifest of
 * one image, or an index that holds attestations.
 */
export function parseIndex(text: string, where: string): { mediaType: string; images: readonly Digest[] } | undefined {
  const index = checkValue(indexSchema, parseJson(text, where));
  if (!index.success || index.data.manifests.length === 0) return undefined;
  const isKnown = index.data.manifests.every(({ platform }) => platform !== undefined && platform.os !== 'unknown');
  return isKnown ? { mediaType: index.data.mediaType, images: index.data.manifests.map(({ digest }) => digest) } : undefined;
}

/** @throws CouldNotRun when it is not the config of an image */
export function parseConfig(text: string, where: string): { platform: string; diffIds: readonly Digest[] } {
  const { os, architecture, variant, rootfs } = parseAs(configSchema, parseJson(text, where), where, 'an image config');
  return { platform: [os, architecture, variant].filter(Boolean).join('/'), diffIds: rootfs.diff_ids };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CouldNotRun({ file: where, message: 'not JSON', remedy: 'check that this really is an OCI image' }, { cause });
  }
}

function parseAs<S extends z.ZodType>(schema: S, value: unknown, where: string, what: string): z.output<S> {
  const result = checkValue(schema, value);
  if (result.success) return result.data;
  throw new CouldNotRun(
    result.error.issues.map((issue) => ({
      file: where,
      field: issue.path.join('.'),
      message: `not ${what}: ${issue.message}`,
      remedy: 'check that this really is an OCI image',
    })),
  );
}
