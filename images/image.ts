import type { Digest } from '#kernel';

/** A blob of an image, as its manifest lists it. */
export type Blob = { digest: Digest; size: number; mediaType: string };

/** What an image is, wherever it lies. */
export type Image = {
  kind: 'model' | 'container' | 'runtime' | 'clip';
  /** The manifest's digest: what is pinned. */
  digest: Digest;
  platform: string | null;
  config: Blob;
  layers: readonly Blob[];
};

/** An image on this machine's disk, as an OCI layout (with a docker-archive manifest.json beside, so that an engine loads the same bytes). */
export type BuiltImage = Image & {
  /** Folder of the OCI layout. */
  layout: string;
  /** For a model or clip image: its content unpacked, read-only. */
  folder: string | null;
};

/** An image whose digest and sizes are known, while its bytes may lie nowhere yet. */
export type DescribedImage = Omit<Image, 'kind'>;
