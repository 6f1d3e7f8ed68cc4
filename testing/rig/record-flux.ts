/** Rows of Flux's predicates, each brought about in real controllers and written down. */
import type { Cluster } from './cluster.ts';
import { untilTrue, type Resource } from './kube-client.ts';
import { application, configMap, digestOf, kustomization, Recorder, type Expected, type Files } from './recording.ts';
import type { Rig } from './rig.ts';
import type { PodFate } from './stages.ts';

type FluxRow = {
  name: string;
  /** What the notes say of it. */
  about: string;
  files: Files;
  spec?: object;
  /** Of the source; `null` for a Kustomization whose source is not there. */
  source?: object | null;
  fate?: PodFate['fate'];
  /** Committed once the first commit has been reconciled; `watched` says which of the two is watched. */
  afterwards?: { files: Files; watched: 'first' | 'second'; standing: string };
  until: (resource: Resource, commits: readonly string[]) => boolean;
  pods?: boolean;
  expected: Expected;
};

const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/v1';
const SOURCE = 'source.toolkit.fluxcd.io/v1';
const NAMESPACE = 'flux-system';

type Condition = { type: string; status: string; reason: string };
const condition = ({ status }: Resource, type: string) =>
  (status?.conditions as Condition[] | undefined)?.find((each) => each.type === type);
const notReadyFor = (reason: string) => (resource: Resource) => {
  const ready = condition(resource, 'Ready');
  return ready?.status === 'False' && ready.reason === reason;
};
const at =
  (field: 'lastAppliedRevision' | 'lastAttemptedRevision', which: number) => (resource: Resource, commits: readonly string[]) =>
    resource.status?.[field] === `main@sha1:${commits[which]}`;
const readyAt = (which: number) => (resource: Resource, commits: readonly string[]) =>
  condition(resource, 'Ready')?.status === 'True' && at('lastAppliedRevision', which)(resource, commits);

const broken = { 'app/kustomization.yaml': kustomization('missing.yaml') };
const invalid = (row: string) => application(row, { replicas: -1 });
const short = { timeout: '8s' };

const rows: readonly FluxRow[] = [
  {
    name: 'flux-healthy',
    about: 'pass: applied this revision, Ready, generation observed, pods run it',
    files: application('flux-healthy'),
    until: readyAt(0),
    pods: true,
    expected: { state: 'healthy', reason: 'ReconciliationSucceeded' },
  },
  {
    name: 'flux-health-checks-run',
    about: 'progressing: health checks of this revision run, and no pod is ready',
    files: application('flux-health-checks-run'),
    fate: 'held',
    until: (resource, commits) =>
      at('lastAttemptedRevision', 0)(resource, commits) && /health checks/i.test(JSON.stringify(resource.status?.conditions)),
    pods: true,
    expected: { state: 'progressing', reason: 'no pod of it is ready' },
  },
  {
    name: 'flux-ready-at-the-commit-before',
    about: 'a push bumps no generation: Ready is of the commit before',
    files: application('flux-ready-at-the-commit-before'),
    source: { interval: '1h' },
    afterwards: { files: { 'app/note.md': 'a push\n' }, watched: 'second', standing: 'older' },
    until: readyAt(0),
    expected: { state: 'progressing', reason: 'still at' },
  },
  {
    name: 'flux-build-failed',
    about: 'fail: BuildFailed at this revision',
    files: broken,
    until: notReadyFor('BuildFailed'),
    expected: { state: 'failed', reason: '^BuildFailed: .*missing.yaml' },
  },
  {
    name: 'flux-reconciliation-failed',
    about: 'fail: ReconciliationFailed at this revision',
    files: invalid('flux-reconciliation-failed'),
    until: notReadyFor('ReconciliationFailed'),
    expected: { state: 'failed', reason: '^ReconciliationFailed: .*replicas' },
  },
  {
    name: 'flux-health-check-failed',
    about: 'fail: HealthCheckFailed, an image that can never be pulled; the controller tries for ever',
    files: application('flux-health-check-failed'),
    spec: short,
    fate: 'image-cannot-be-pulled',
    until: notReadyFor('HealthCheckFailed'),
    pods: true,
    expected: { state: 'failed', reason: '^HealthCheckFailed: .*ImagePullBackOff' },
  },
  {
    name: 'flux-health-expression-failed',
    about: 'fail: HealthCheckFailed by an expression of the health check, before its timeout',
    files: {
      'app/state.yaml': configMap('flux-health-expression-failed', { state: 'broken' }),
      'app/kustomization.yaml': kustomization('state.yaml'),
    },
    spec: {
      healthCheckExprs: [
        { apiVersion: 'v1', kind: 'ConfigMap', failed: "data.state == 'broken'", current: "data.state == 'good'" },
      ],
    },
    until: notReadyFor('HealthCheckFailed'),
    expected: { state: 'failed', reason: '^HealthCheckFailed: ' },
  },
  {
    name: 'flux-dependency-not-ready',
    about: 'progressing: what it depends on is not ready',
    files: application('flux-dependency-not-ready'),
    spec: { dependsOn: [{ name: 'flux-build-failed' }] },
    until: notReadyFor('DependencyNotReady'),
    expected: { state: 'progressing', reason: '^DependencyNotReady: ', overdue: 'failed' },
  },
  {
    name: 'flux-path-not-found',
    about: 'progressing: ArtifactFailed for a wrong path, where lastAttemptedRevision never advances',
    files: { 'app/kustomization.yaml': kustomization() },
    spec: { path: './elsewhere' },
    until: notReadyFor('ArtifactFailed'),
    expected: { state: 'progressing', reason: '^ArtifactFailed: .*elsewhere', overdue: 'failed' },
  },
  {
    name: 'flux-source-not-found',
    about: 'progressing: the source is not there',
    files: { 'app/kustomization.yaml': kustomization() },
    source: null,
    until: notReadyFor('ArtifactFailed'),
    expected: { state: 'progressing', reason: '^ArtifactFailed: ' },
  },
  {
    name: 'flux-source-unreachable',
    about: 'progressing: the source cannot be fetched; what has not reached a site has not failed there',
    files: { 'app/kustomization.yaml': kustomization() },
    source: { url: 'http://127.0.0.1:9/fleet.git' },
    until: (resource) => condition(resource, 'Ready')?.status === 'False',
    expected: { state: 'progressing', reason: 'GitRepository .*GitOperationFailed', overdue: 'unknown' },
  },
  {
    name: 'flux-stalled',
    about: 'fail: Stalled is terminal',
    files: { 'app/kustomization.yaml': kustomization() },
    spec: { healthCheckExprs: [{ apiVersion: 'v1', kind: 'ConfigMap', current: 'no such (' }] },
    until: (resource) => condition(resource, 'Stalled')?.status === 'True',
    expected: { state: 'failed', reason: '^Stalled: ' },
  },
  {
    name: 'flux-superseded',
    about: 'superseded: the controller has gone past this revision, and the release is replaced',
    files: application('flux-superseded'),
    afterwards: { files: application('flux-superseded', { replicas: 2 }), watched: 'first', standing: 'replaces' },
    until: readyAt(1),
    expected: { state: 'superseded', reason: 'a newer commit has taken its place' },
  },
  {
    name: 'flux-newer-commit-keeps-it',
    about: 'pass: the controller has gone past this revision, and what runs is still the release',
    files: application('flux-newer-commit-keeps-it'),
    afterwards: { files: { 'notes.md': 'something else\n' }, watched: 'first', standing: 'keeps' },
    until: readyAt(1),
    pods: true,
    expected: { state: 'healthy', reason: 'ReconciliationSucceeded' },
  },
  {
    name: 'flux-without-wait',
    about: 'without wait the Healthy condition is gone: Ready means applied, and the pods must say the rest',
    files: application('flux-without-wait'),
    spec: { wait: false },
    fate: 'held',
    until: readyAt(0),
    pods: true,
    expected: { state: 'progressing', reason: 'no pod of it is ready', overdue: 'failed' },
  },
  {
    name: 'flux-other-digest-runs',
    about: 'a healthy Kustomization over a pod that runs another digest is not healthy',
    files: application('flux-other-digest-runs'),
    fate: 'runs',
    until: readyAt(0),
    pods: true,
    expected: { state: 'progressing', reason: 'what runs is', overdue: 'failed' },
  },
  {
    name: 'flux-suspended',
    about: 'progressing: suspended before it began with this commit',
    files: application('flux-suspended'),
    spec: { suspend: true },
    until: () => true,
    expected: { state: 'progressing', reason: 'suspended', overdue: 'unknown' },
  },
  {
    name: 'flux-prune-failed',
    about: 'fail: PruneFailed, the controller may not delete what a commit removes',
    files: {
      'app/state.yaml': configMap('flux-prune-failed', { state: 'good' }),
      'app/kustomization.yaml': kustomization('state.yaml'),
    },
    spec: { serviceAccountName: 'may-not-delete' },
    afterwards: {
      files: { 'app/kustomization.yaml': kustomization('other.yaml'), 'app/other.yaml': configMap('other', {}) },
      watched: 'second',
      standing: 'older',
    },
    until: notReadyFor('PruneFailed'),
    expected: { state: 'failed', reason: '^PruneFailed: ' },
  },
];

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
  for (const row of rows) await recordRow(rig, site, recorder, row);
}

async function recordRow(rig: Rig, site: Cluster, recorder: Recorder, row: FluxRow): Promise<void> {
  const { name } = row;
  const digest = row.fate === 'runs' ? digestOf(name, 'runtime') : digestOf(name);
  if (row.fate === 'runs') await site.setFate({ fate: 'runs', digest, instead: digestOf(name, 'another') });
  else if (row.fate !== undefined) await site.setFate({ fate: row.fate, digest });
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
  if (row.afterwards !== undefined) {
    await site.client.until(object, (resource) => readyAt(0)(resource, commits));
    commits.push(rig.git.commit(name, row.afterwards.files));
  }
  await site.client.until(object, (resource) => row.until(resource, commits), 120_000);
  if (row.pods === true) await untilPodsAre(site, name, row.fate);
  const [watched = '', other = ''] = row.afterwards?.watched === 'second' ? commits.toReversed() : commits;
  const standings = row.afterwards === undefined ? {} : { standings: { [other]: row.afterwards.standing } };
  await recorder.record(
    { name, about: row.about, commit: watched, expected: { ...row.expected, ...standings } },
    { client: site.client, named: [object, named('GitRepository', SOURCE)], pods: row.pods === true ? site : null },
  );
}

/** Pods come a moment after the Deployment: a row that is about pods waits for them, in the state that is their fate. */
async function untilPodsAre(site: Cluster, namespace: string, fate: PodFate['fate'] | undefined): Promise<void> {
  const wanted = { held: 'Pending', runs: 'Running', crashes: 'Running', 'image-cannot-be-pulled': 'ImagePullBackOff' };
  await untilTrue(async () => {
    const pods = await site.client.list({ apiVersion: 'v1', kind: 'Pod', namespace });
    return pods.length > 0 && JSON.stringify(pods).includes(`"${wanted[fate ?? 'runs']}"`);
  }, `pods in ${namespace}`);
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
