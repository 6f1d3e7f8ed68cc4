import type { Cluster } from './cluster.ts';
import type { Reachable } from './kubeconfig.ts';

/** How `guest` reaches clusters: somebody who may do nothing there but what a test allows. */
export function asGuests(clusters: readonly Cluster[]): Reachable[] {
  return clusters.map(({ name, server, certificate, guestToken: token }) => ({ name, server, certificate, token }));
}

/** Lets the guest do what watching needs by docs/rollouts.md, and no more. */
export const watchersRights = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'fieldproof-watch' },
    rules: [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
      {
        apiGroups: ['kustomize.toolkit.fluxcd.io', 'source.toolkit.fluxcd.io', 'argoproj.io'],
        resources: ['kustomizations', 'gitrepositories', 'ocirepositories', 'buckets', 'applications'],
        verbs: ['get', 'list', 'watch', 'patch'],
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'fieldproof-watch' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'fieldproof-watch' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'guest' }],
  },
];
