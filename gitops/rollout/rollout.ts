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
  /** The revision that the controller last applied, where it says one. */
  revision: string | null;
};

/** One release at one site on one chipset, at one commit of the fleet repository. */
export type RolloutTarget = {
  controller: Controller;
  model: string;
  site: string;
  chipset: string;
  /** The cluster, as a context of the kubeconfig; null is the current one. */
  context: string | null;
  /** Branch and full commit id of the fleet repository. */
  branch: string;
  commit: string;
  /** What must run: model, and runtime where there is one; each with every digest that stands for it (an index's children). */
  digests: { model: readonly Digest[]; runtime: readonly Digest[] | null };
  /** Milliseconds that the rollout may take; controllers retry for ever, so the deadline is ours. */
  timeout: number;
};

export interface RolloutWatcher {
  /**
   * Watches targets until each has ended (healthy, failed, superseded) or its time is over, then says what it is: a target
   * that is still under way when its time is over is `failed` where its controller answers, `unknown` where not.
   */
  watch(
    targets: readonly RolloutTarget[],
    options: { onChange: (target: RolloutTarget, rollout: Rollout) => void; signal?: AbortSignal },
  ): Promise<ReadonlyMap<RolloutTarget, Rollout>>;
}
