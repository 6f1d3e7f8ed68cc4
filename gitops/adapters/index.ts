export { GitFleetRepository } from './git-fleet-repository.ts';
export { kubernetesWatcher, KubernetesRolloutWatcher } from './kubernetes-rollout-watcher.ts';
