import { randomBytes } from 'node:crypto';
import type { Cluster } from './cluster.ts';

export const NAMESPACE = 'argocd';

const labels = { 'app.kubernetes.io/part-of': 'argocd' };

/** The ConfigMaps and the Secret without which its programs do not start. */
export function settings(): object[] {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels: { ...labels, 'app.kubernetes.io/name': name } });
  const maps = [
    'argocd-rbac-cm',
    'argocd-cmd-params-cm',
    'argocd-ssh-known-hosts-cm',
    'argocd-tls-certs-cm',
    'argocd-gpg-keys-cm',
  ];
  const key = randomBytes(32).toString('base64');
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('argocd-cm'),
      data: { 'timeout.reconciliation': '3s', 'timeout.reconciliation.jitter': '0s' },
    },
    ...maps.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name) })),
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('argocd-secret'), stringData: { 'server.secretkey': key } },
  ];
}

/** The project of every Application that Fieldproof writes. */
export const defaultProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default', namespace: NAMESPACE },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ namespace: '*', server: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

/** What `argocd cluster add` leaves behind: a destination by the site's name. */
export function clusterSecret({ name, server, token, certificate }: Cluster): object {
  const caData = Buffer.from(certificate).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `cluster-${name}`,
      namespace: NAMESPACE,
      labels: { ...labels, 'argocd.argoproj.io/secret-type': 'cluster', 'fieldproof.dev/site': name },
    },
    stringData: { name, server, config: JSON.stringify({ bearerToken: token, tlsClientConfig: { caData } }) },
  };
}
