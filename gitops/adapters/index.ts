export { GitFleetRepository } from './git-fleet-repository.ts';
export { KubernetesRolloutWatcher, kubernetesWatcher } from './kubernetes-rollout-watcher.ts';
