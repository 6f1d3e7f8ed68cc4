import { canonicalJson, digestOf, hexOf, type Digest, type Json } from '#kernel';
import type { Blob, Image } from './image.ts';

const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
/** Weights don't compress, and gzip would cost more than all the rest: a layer stays a plain tar, its digest its diffID. */
export const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';

/** Says in the manifest what the image is; one that has it not is a container image. */
const KIND = 'fieldproof.kind';

/** How a container of the image starts; an image that is only mounted has none. */
export type RunConfig = { Entrypoint: string[]; Cmd: string[]; User: string; WorkingDir: string; Env: string[]; port: number };

/** A small file of an image, kept as the text that its digest was taken of. */
type LayoutFile = { path: string; text: string };

/** `linux/arm64/v8` in its parts. Throws RangeError when it is none. */
function parsePlatform(platform: string): { os: string; architecture: string; variant?: string } {
  const [os, architecture, variant, ...rest] = platform.split('/');
  if (!os || !architecture || rest.length > 0) throw new RangeError(`not a platform, such as linux/amd64: ${platform}`);
  return variant ? { os, architecture, variant } : { os, architecture };
}

/**
 * The config of an image that we make. It always names a platform: containerd unpacks an image only where its config's
 * platform is the node's (core/unpack: "unpacker does not support platform, only fetching layers"), so a model image that
 * claimed none could never be mounted.
 */
export function imageConfig(platform: string, diffIds: readonly Digest[], run: RunConfig | null): string {
  const { port, ...rest } = run ?? { port: null };
  return canonicalJson({
    ...parsePlatform(platform),
    config: run === null ? {} : { ...rest, ExposedPorts: { [`${port}/tcp`]: {} } },
    created: EPOCH,
    history: diffIds.map(() => ({ created: EPOCH, created_by: 'fieldproof' })),
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
}

const EPOCH = '1970-01-01T00:00:00Z';

export type ImageDescription = {
  kind: Image['kind'];
  digest: Digest;
  config: Blob;
  layers: readonly Blob[];
  /** Every file of the layout but the layers, blobs of manifest and config included. */
  files: readonly LayoutFile[];
};

/** All of an OCI layout that follows from a config, its layers and annotations: the manifest, and so the digest, too. */
export function describeImage(
  kind: Image['kind'],
  config: string,
  layers: readonly Blob[],
  annotations: Readonly<Record<string, string>>,
): ImageDescription {
  const named = kind === 'container' ? annotations : { ...annotations, [KIND]: kind };
  const configBlob = blobOf(config, CONFIG_TYPE);
  const manifest = canonicalJson({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: configBlob,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    ...(Object.keys(named).length > 0 ? { annotations: named } : {}),
  });
  return describeManifest({ kind, manifest, mediaType: MANIFEST_TYPE, config, configBlob, layers });
}

/** An image of an index, as the index lists it. */
export type IndexEntry = Blob & { platform: string };

/** The index of images of several platforms. It is the same for the same images, in whatever order they come. */
export function indexOf(entries: readonly IndexEntry[]): string {
  const manifests = entries
    .toSorted((a, b) => (a.platform < b.platform ? -1 : 1))
    .map(({ platform, digest, mediaType, size }) => ({ digest, mediaType, platform: parsePlatform(platform), size }));
  return canonicalJson({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
}

/** The layout's files for an index; its images lie beside it, or in layouts of their own. */
export function describeIndex(text: string, mediaType = INDEX_TYPE): Pick<ImageDescription, 'digest' | 'files'> {
  const blob = blobOf(text, mediaType);
  return { digest: blob.digest, files: [...layoutFiles(blob), { path: blobPath(blob.digest), text }] };
}

type WrittenImage = {
  kind: Image['kind'];
  manifest: string;
  mediaType: string;
  config: string;
  configBlob: Blob;
  layers: readonly Blob[];
};

/** The layout's files for a manifest that is there already, byte for byte: one that was pulled. */
export function describeManifest({ kind, manifest, mediaType, config, configBlob, layers }: WrittenImage): ImageDescription {
  const blob = blobOf(manifest, mediaType);
  const files = [
    ...layoutFiles(blob),
    { path: 'manifest.json', text: dockerArchive(configBlob.digest, layers) },
    { path: blobPath(blob.digest), text: manifest },
    { path: blobPath(configBlob.digest), text: config },
  ];
  return { kind, digest: blob.digest, config: configBlob, layers, files };
}

function layoutFiles(blob: Blob): LayoutFile[] {
  return [
    { path: 'oci-layout', text: canonicalJson({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', text: canonicalJson({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [blob] }) },
  ];
}

/** The kind that a manifest's annotations tell. */
export function kindOf(annotations: Readonly<Record<string, string>> | undefined): Image['kind'] {
  const kind = annotations?.[KIND];
  return kind === 'model' || kind === 'runtime' || kind === 'clip' ? kind : 'container';
}

/** Where a blob lies below an OCI layout. */
export function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

function blobOf(text: string, mediaType: string): Blob {
  return { digest: digestOf(text), size: Buffer.byteLength(text), mediaType };
}

/** An engine reads this beside the layout and loads the very blobs, so that its image id is the config's digest. */
function dockerArchive(config: Digest, layers: readonly Blob[]): string {
  const archive: Json = [{ Config: blobPath(config), RepoTags: null, Layers: layers.map((layer) => blobPath(layer.digest)) }];
  return canonicalJson(archive);
}
