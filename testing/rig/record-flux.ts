/** Rows of Flux's predicates, each brought about in real controllers and written down. */
import type { Cluster } from './cluster.ts';
import { fluxRows, readyAt, type FluxRow } from './flux-rows.ts';
import { Recorder, setFate, untilPodsAre } from './recording.ts';
import type { Rig } from './rig.ts';

const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/v1';
const SOURCE = 'source.toolkit.fluxcd.io/v1';
const NAMESPACE = 'flux-system';

/** May do all that a Kustomization needs but delete. */
const mayNotDelete = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'may-not-delete', namespace: NAMESPACE } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'may-not-delete' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'update'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'may-not-delete' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'may-not-delete' },
    subjects: [{ kind: 'ServiceAccount', name: 'may-not-delete', namespace: NAMESPACE }],
  },
];

export async function recordFlux(rig: Rig, site: Cluster, folder: string): Promise<void> {
  const recorder = new Recorder(folder, 'flux');
  await site.client.apply(mayNotDelete);
  for (const row of fluxRows) await recordRow(rig, site, recorder, row);
}

async function recordRow(rig: Rig, site: Cluster, recorder: Recorder, row: FluxRow): Promise<void> {
  const { name } = row;
  if (row.fate !== undefined) await setFate(site, name, row.fate);
  rig.git.create(name);
  const commits = [rig.git.commit(name, row.files)];
  const named = (kind: string, apiVersion: string) => ({ apiVersion, kind, name, namespace: NAMESPACE });
  const object = named('Kustomization', KUSTOMIZE);
  const [kustomizationObject, ...source] = fluxObjects(row, rig.git.url(name));
  await site.client.apply(source);
  // What a Kustomization says must not depend on whether its source was a moment slower.
  const fetches = source.length > 0 && !(row.source && 'url' in row.source);
  if (fetches) await site.client.until(named('GitRepository', SOURCE), ({ status }) => status?.artifact !== undefined);
  await site.client.apply([kustomizationObject ?? {}]);
  if (row.next !== undefined) {
    await site.client.until(object, (resource) => readyAt(0)(resource, commits));
    commits.push(rig.git.commit(name, row.next.files));
  }
  await site.client.until(object, (resource) => row.until(resource, commits), 120_000);
  if (row.pods === true) await untilPodsAre(site, name, row.fate);
  const [watched = '', other = ''] = row.next?.watched === 'second' ? commits.toReversed() : commits;
  const relations = row.next === undefined ? {} : { relations: { [other]: row.next.standing } };
  await recorder.record(
    { name, about: row.about, commit: watched, expected: { ...row.expected, ...relations } },
    { client: site.client, named: [object, named('GitRepository', SOURCE)], pods: row.pods === true ? site : null },
  );
}

function fluxObjects({ name, spec, source }: FluxRow, url: string): object[] {
  const metadata = { name, namespace: NAMESPACE };
  const sourceSpec = { interval: '1s', url, ref: { branch: 'main' }, ...source };
  const common = { interval: '1h', retryInterval: '3s', timeout: '60s', wait: true, prune: true, path: './app' };
  const sourceRef = { kind: 'GitRepository', name };
  return [
    { apiVersion: KUSTOMIZE, kind: 'Kustomization', metadata, spec: { ...common, sourceRef, ...spec } },
    ...(source === null ? [] : [{ apiVersion: SOURCE, kind: 'GitRepository', metadata, spec: sourceSpec }]),
  ];
}
