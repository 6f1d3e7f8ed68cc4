import type { Clock, Progress } from '#kernel';
import type { Footage, Thumbnailer } from '#datasets';
import type { ClipSignals, AnswerStore } from '#eval';
import type { ModelRunner } from '#runners';
import type { FleetRepository } from '#gitops';
import type { Ledger } from '#ledger';
import type { CodeHost, PictureStore } from '#codehost';
import type { ReplayConfig } from '#config';
import type { ImagePorts } from '#pipelines/releases';
import type { ModelRepository } from '#git';
import type { LabellingBranches } from './labelling-branches.ts';

/** Everything that a replay touches in the world. */
export type ReplayPorts = {
  repository: ModelRepository;
  branches: LabellingBranches;
  images: ImagePorts;
  openFootage: (config: ReplayConfig) => Promise<Footage>;
  thumbnails: Thumbnailer;
  runner: ModelRunner;
  /** Kept as they are made, so that a killed night goes on where it was. */
  signals: AnswerStore<ClipSignals>;
  ledger: Ledger;
  openFleet: (location: string) => FleetRepository;
  /** Null: what would be told there is printed and in the ledger. */
  codeHost: Pick<CodeHost, 'issues' | 'pullRequests'> | null;
  /** Null: policy stores no pictures of footage, and clips are told by their names. */
  pictures: PictureStore | null;
  clock: Clock;
  progress: Progress;
};

export type ReplayRequest = {
  /** The commit whose fieldproof.yaml and labelling files are read. */
  ref: string;
  /** The branch that labelling pull requests go into. */
  into: string;
  /** Another commit whose model is replayed beside the deployed one; null: none. */
  candidate: string | null;
  /** Null: every model that has `replays`. */
  model: string | null;
};
