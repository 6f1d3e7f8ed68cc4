import type { Digest } from '#kernel';

/** A blob of an image, as its manifest lists it. */
export type Blob = { digest: Digest; size: number; mediaType: string };

/** What an image is, wherever it lies. */
export type Image = {
  kind: 'model' | 'container' | 'runtime' | 'clip';
  /** The digest of its manifest, or of the index of several platforms: what is pinned. */
  digest: Digest;
  /** Null where it is of several. */
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
  /** Where it is of several platforms: the image of each, by one index. What is said above of bytes is then that of the first. */
  index?: ImageIndex;
};

/** In the order of the index; none of them is an index itself. */
export type ImageIndex = { images: readonly BuiltImage[] };

/** An image whose digest and sizes are known, while its bytes may lie nowhere yet. */
export type DescribedImage = Omit<Image, 'kind'>;

/** What a node of a platform takes of an image: the image itself, unless it is of several platforms. */
export function imageOn(image: BuiltImage, platform: string): BuiltImage {
  const isFor = ({ platform: of }: BuiltImage) => of !== null && (platform === of || of.startsWith(`${platform}/`));
  const [first = image] = image.index?.images ?? [];
  return image.index?.images.find(isFor) ?? first;
}

/** Every image that a digest may stand for: its own, and those of its platforms. */
export function imagesOf(image: BuiltImage): readonly BuiltImage[] {
  return [image, ...(image.index?.images ?? [])];
}
