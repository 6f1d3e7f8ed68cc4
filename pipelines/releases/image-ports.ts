import type { Progress } from '#kernel';
import type { BuildRequest, BuiltImage, ClipImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from '#images';

/** A model's folder at some commit, which is put on disk only for whoever builds it. */
export type BuildSource = Omit<BuildRequest, 'folder' | 'platform'> & {
  model: string;
  tree: string;
  platforms: readonly string[];
  extract: () => Promise<string>;
};

/** From when until when something was built; ISO 8601. */
export type BuildTimes = { from: string; to: string };

export type ImagePorts = {
  /** Builds the folder of a model for all of the platforms, or finds what was built of it elsewhere. */
  build: (source: BuildSource, progress: Progress) => Promise<BuiltImage>;
  /** When what was handed over was built; left out where it is built here. */
  builtAt?: (source: Pick<BuildSource, 'model' | 'tree'>) => BuildTimes | null;
  /** Clips that are shown to a model at its sites. */
  clips: ClipImageBuilder;
  store: ImageStore;
  registry: Registry;
  /** The stock runtime of this installation, of every platform. */
  runtime: RuntimeImageBuilder;
  /** The weight variants that an image offers. */
  variants: (image: BuiltImage) => Promise<readonly string[]>;
};
