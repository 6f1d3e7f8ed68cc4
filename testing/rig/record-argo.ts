/** Rows of Argo CD's predicates, each brought about in real controllers and written down. */
import { argoRows, healthyAt, type ArgoRow } from './argo-rows.ts';
import type { Cluster } from './cluster.ts';
import { Recorder, setFate, untilPodsAre } from './recording.ts';
import type { Rig } from './rig.ts';

const NAMESPACE = 'argocd';
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };

export async function recordArgo(rig: Rig, site: Cluster, folder: string): Promise<void> {
  const recorder = new Recorder(folder, 'argocd');
  for (const row of argoRows) await recordRow(rig, site, recorder, row);
}

async function recordRow(rig: Rig, site: Cluster, recorder: Recorder, row: ArgoRow): Promise<void> {
  const { name } = row;
  const { client } = rig.argocd().hub;
  if (row.fate !== undefined) await setFate(site, name, row.fate);
  rig.git.create(name);
  const commits = [rig.git.commit(name, row.files)];
  const object = { ...APPLICATION, name, namespace: NAMESPACE };
  await client.apply([applicationOf(row, rig.git.url(name), site)]);
  if (row.next !== undefined) {
    await client.until(object, (resource) => healthyAt(0)(resource, commits), 120_000);
    commits.push(rig.git.commit(name, row.next.files));
  }
  await client.until(object, (resource) => row.until(resource, commits), 120_000);
  if (row.pods === true) await untilPodsAre(site, name, row.fate);
  const [watched = '', other = ''] = row.next?.watched === 'second' ? commits.toReversed() : commits;
  const relations = row.next === undefined ? {} : { relations: { [other]: row.next.standing } };
  await recorder.record(
    { name, about: row.about, commit: watched, expected: { ...row.expected, ...relations } },
    { client, named: [object], pods: row.pods === true ? site : null },
  );
}

function applicationOf({ name, spec, source }: ArgoRow, repoURL: string, site: Cluster): object {
  const syncPolicy = {
    automated: { prune: true, selfHeal: true },
    syncOptions: ['CreateNamespace=true'],
    retry: { limit: 1, backoff: { duration: '1s', maxDuration: '2s' } },
  };
  return {
    ...APPLICATION,
    metadata: { name, namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: { repoURL, targetRevision: 'main', path: 'app', ...source },
      destination: { name: site.name, namespace: name },
      syncPolicy,
      ...spec,
    },
  };
}
