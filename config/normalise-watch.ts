import { ownNames, type Controller, type RolloutNames } from '#gitops';
import type { WrittenConfig } from './written-config.ts';

/** How clusters are looked at. */
export type WatchConfig = {
  /** Where the objects of the controller are, of sites that say nothing else; null is the kubeconfig's current context. */
  context: string | null;
  /** Milliseconds that a rollout may take; null: by the link of each site. */
  timeout: number | null;
  names: RolloutNames;
};

export function normaliseWatch(deploy: NonNullable<WrittenConfig['deploy']>): WatchConfig {
  const own = ownNames(deploy.controller satisfies Controller);
  return {
    context: deploy.context ?? null,
    timeout: deploy.timeout ?? null,
    names: { object: deploy.watch?.object ?? own.object, pods: deploy.watch?.pods ?? own.pods },
  };
}
