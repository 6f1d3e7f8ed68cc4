/** What a kubeconfig needs to know of a cluster. */
export type Reachable = { name: string; server: string; certificate: string; token: string };

/** A kubeconfig with a context per cluster, named as the cluster is; the first is the current one. Namespaces by cluster. */
export function kubeconfigOf(clusters: readonly Reachable[], namespaces: Readonly<Record<string, string>> = {}): object {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0]?.name ?? '',
    clusters: clusters.map(({ name, server, certificate }) => ({
      name,
      cluster: { server, 'certificate-authority-data': encode(certificate) },
    })),
    users: clusters.map(({ name, token }) => ({ name, user: { token } })),
    contexts: clusters.map(({ name }) => ({
      name,
      context: { cluster: name, user: name, namespace: namespaces[name] ?? 'default' },
    })),
  };
}
