import type { Clock, Digest, Progress } from '#kernel';
import type { FleetRepository, Rollout, RolloutWatcher } from '#gitops';
import type { ImageDigests } from '#pipelines/watch';
import type { Planned } from './graph-changes.ts';
import type { Contexts } from './graph-targets.ts';

export type StageRollout = { stage: string; site: string; chipset: string; rollout: Rollout };

export type GraphPorts = {
  fleet: FleetRepository;
  /** Null where no cluster can be asked from here. */
  watcher: RolloutWatcher | null;
  images: ImageDigests;
  clock: Pick<Clock, 'now' | 'elapsed' | 'sleep'>;
  progress: Progress;
  contexts: Contexts;
};

/** Where a release is written down, apart from the fleet repository. */
export type ShipJournal = {
  /** What is about to be committed. Returns its record, which the commit names; asked again, the same one. */
  begin: () => Promise<Digest>;
  /** That a release is not to go out again, before it is taken back. Returns that record. */
  hold: (shipment: Digest, reason: string) => Promise<Digest>;
  /** What the commit says of the ledger. */
  trailers: () => Promise<Readonly<Record<string, string>>>;
};

/**
 * What comes of a release of a graph. `watch`: auto, where a cluster can be asked, and something was committed; always, also what is there
 * already. `timeout`: milliseconds; null: as long as each site needs.
 */
export type GraphRequest = Planned & {
  watch: 'always' | 'auto' | 'never';
  timeout: number | null;
  journal: ShipJournal;
};

export type GraphLanding =
  | { state: 'unchanged' }
  /** Committed; what the controllers make of it was not watched. */
  | { state: 'landed'; commit: string; record: Digest }
  | { state: 'healthy' | 'unknown'; commit: string; record: Digest | null; rollouts: readonly StageRollout[] }
  /** Every stage that the release changed is as it was, those that were healthy too; `stays` says why nothing could be taken back. */
  | {
      state: 'reverted';
      commit: string;
      record: Digest;
      revertedBy: string;
      reason: string;
      rollouts: readonly StageRollout[];
      after: readonly StageRollout[];
    }
  | { state: 'stays'; commit: string; record: Digest | null; reason: string; rollouts: readonly StageRollout[] };
