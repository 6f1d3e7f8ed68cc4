import type { Clock, Progress } from '#kernel';
import type { SampleSource, Thumbnailer } from '#datasets';
import type { ClipTrial, ModelRunner, SampleTrial, TrialStore } from '#eval';
import type { FleetRepository } from '#gitops';
import type { BuiltImage, ClipImageBuilder, ImageBuilder, ImageStore, Registry } from '#images';
import type { Ledger } from '#ledger';
import type { ModelRepository } from '../model-repository.ts';

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
  clock: Clock;
  progress: Progress;
};

export type ImagePorts = {
  builder: ImageBuilder;
  /** Clips that are shown to a model at its sites. */
  clips: ClipImageBuilder;
  store: ImageStore;
  registry: Registry;
  /** The stock runtime of this installation, as an image; null where this host cannot make one. */
  runtime: () => Promise<BuiltImage | null>;
  /** The weight variants that an image offers. */
  variants: (image: BuiltImage) => Promise<readonly string[]>;
};
