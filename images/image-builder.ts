import type { Progress } from '#kernel';
import type { BuiltImage, DescribedImage } from './image.ts';

export type BuildRequest = {
  /** A folder with a Dockerfile, or with a model.yaml alone. */
  folder: string;
  /** How messages name the folder: its path in the user's repository. */
  displayPath: string;
  /** OCI platform, such as linux/amd64. A model image names it too, for a node mounts an image of its own platform only. */
  platform: string;
  /** Becomes org.opencontainers.image.* annotations; part of the manifest, so the same for the same source. */
  annotations: Readonly<Record<string, string>>;
  signal?: AbortSignal;
};

/** Turns a folder into an image whose digest is known before anything is pushed. */
export interface ImageBuilder {
  /** @throws CouldNotRun with file, line and the end of the build's log */
  build(request: BuildRequest, progress: Progress): Promise<BuiltImage>;
}

/** The stock runtime, which serves model images, as an image of its own: one for each platform, the same on every machine. */
export interface RuntimeImageBuilder {
  /** Known without fetching anything; null where there is none for the platform. */
  describe(platform: string): Promise<DescribedImage | null>;
  /** @throws CouldNotRun when there is none for the platform, or its parts can't be fetched */
  build(platform: string, progress: Progress, signal?: AbortSignal): Promise<BuiltImage>;
}

export type ClipRequest = {
  /** The clip's id in its dataset. */
  clip: string;
  /** OCI platforms of the sites that mount it. */
  platforms: readonly string[];
  /** RGB, height x width x 3, in order; seconds from the start of the clip. */
  frames: AsyncIterable<{ timestamp: number; width: number; height: number; pixels: Uint8Array }>;
};

/** Makes the frames of a clip into an image that a site mounts as it mounts a model. */
export interface ClipImageBuilder {
  /** The same frames give the same digest. @throws CouldNotRun when there are too many of them */
  build(request: ClipRequest, progress: Progress): Promise<BuiltImage>;
}
