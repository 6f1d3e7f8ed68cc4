import type { Clock, Progress } from '#kernel';
import type { SampleSource, Thumbnailer } from '#datasets';
import type { ClipTrial, SampleTrial, TrialStore } from '#tasks';
import type { ModelRunner } from '#runners';
import type { FleetRepository } from '#gitops';
import type { BuildRequest, BuiltImage, ClipImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from '#images';
import type { Ledger } from '#ledger';
import type { ModelRepository } from '#git';
import type { Standing } from './plan/deployed-state.ts';

/** Everything that a check touches in the world. Wired in compose.ts; a test may wire fakes. */
export type CheckPorts = {
  repository: ModelRepository;
  images: ImagePorts;
  samples: SampleSource;
  thumbnails: Thumbnailer;
  runner: ModelRunner;
  trials: { samples: TrialStore<SampleTrial>; clips: TrialStore<ClipTrial> };
  ledger: Ledger;
  /** The fleet repository that the configuration names. */
  openFleet: (location: string) => FleetRepository;
  /** What stands today, as somebody told us who may read it; null: it is read here. */
  standing: readonly Standing[] | null;
  clock: Clock;
  progress: Progress;
};

/** A model's folder at some commit, which is put on disk only for whoever builds it. */
export type BuildSource = Omit<BuildRequest, 'folder'> & { model: string; tree: string; extract: () => Promise<string> };

export type ImagePorts = {
  /** Builds the folder of a model, or finds what was built of it elsewhere. */
  build: (source: BuildSource, progress: Progress) => Promise<BuiltImage>;
  /** Clips that are shown to a model at its sites. */
  clips: ClipImageBuilder;
  store: ImageStore;
  registry: Registry;
  /** The stock runtime of this installation, of every platform. */
  runtime: RuntimeImageBuilder;
  /** The weight variants that an image offers. */
  variants: (image: BuiltImage) => Promise<readonly string[]>;
};
