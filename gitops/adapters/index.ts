export { GitFleetRepository } from './git-fleet-repository.ts';
export { KubernetesRolloutWatcher } from './kubernetes-rollout-watcher.ts';
export { hasKubeconfig } from './kubernetes/kubeconfig.ts';
