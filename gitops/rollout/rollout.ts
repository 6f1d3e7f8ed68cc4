import type { Digest } from '#kernel';
import type { Controller } from '../release.ts';

/**
 * What the controller made of one release at one site. Unknown is never healthy: a site that does not answer, or whose
 * controller does not, is `unknown`, whatever it said last.
 */
export type Rollout = {
  state: 'progressing' | 'healthy' | 'failed' | 'superseded' | 'unknown';
  /** In the controller's own words where it has said something. */
  reason: string;
  /** The revision that the controller speaks of: the one it last tried, else the one it last applied. */
  revision: string | null;
  /** How the clip was answered that was shown to it there, by the Job that showed it; not there where none has said so. */
  replay?: 'pass' | 'fail';
};

/** One release at one site on one chipset, at one commit of the fleet repository. */
export type RolloutTarget = {
  controller: Controller;
  model: string;
  site: string;
  chipset: string;
  /** The cluster where the controller's object is, as a context of the kubeconfig; null is the current one. */
  context: string | null;
  /** The Kustomization or Application that applies it. */
  object: { namespace: string; name: string };
  /**
   * Where its pods are; null where nobody here can look at them (an Argo CD that deploys to clusters to which this machine
   * has no way): then healthy is the controller's word alone, and says so.
   */
  pods: PodPlace | null;
  /**
   * What shows it a clip once it runs, where something does: for Flux a Kustomization beside its own, for Argo CD the Job that
   * is a hook of its Application. Then healthy is only what has answered the clip too.
   */
  replay?: { namespace: string; name: string };
  /** Branch and full commit id of the fleet repository. */
  branch: string;
  commit: string;
  /** What must run: model, and runtime where there is one; each with every digest that stands for it (an index's children). */
  digests: { model: readonly Digest[]; runtime: readonly Digest[] | null };
  /** Milliseconds that the rollout may take; controllers retry for ever, so the deadline is ours. */
  timeout: number;
};

/** Pods by namespace and labels, in a cluster that is a context of the kubeconfig; null is the current one. */
export type PodPlace = { context: string | null; namespace: string; labels: Readonly<Record<string, string>> };

export interface RolloutWatcher {
  /**
   * Watches targets until each has ended (healthy, failed, superseded) or its time is over, then says what it is: a target
   * that is still under way when its time is over is `failed` where its controller answers and speaks of this release,
   * `unknown` where not. Aborted, it says what each is at that moment. What it does to a cluster is look, and ask the
   * controllers to hurry: it changes nothing.
   * @throws CouldNotRun when the kubeconfig can't be read or has no such context
   */
  watch(
    targets: readonly RolloutTarget[],
    options: {
      /** What Git says of the commits that the controllers speak of. */
      history: FleetHistory;
      onChange: (target: RolloutTarget, rollout: Rollout) => void;
      signal?: AbortSignal;
    },
  ): Promise<ReadonlyMap<RolloutTarget, Rollout>>;
}

/**
 * How a commit that a controller speaks of stands to the one that is watched: the `same`; newer and deploying this release
 * here still (`keeps`) or no longer (`replaces`); `older`; in neither's history (`elsewhere`); or Git can't say (`unknown`).
 */
export type CommitRelation = 'same' | 'keeps' | 'replaces' | 'older' | 'elsewhere' | 'unknown';

/** Of one fleet repository. */
export interface FleetHistory {
  relation(target: RolloutTarget, commit: string): Promise<CommitRelation>;
}
