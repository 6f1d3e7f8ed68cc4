import type { Resource } from './kube-client.ts';
import { application, configMap, kustomization, type Expected, type Files } from './recording.ts';
import type { PodFate } from './stages.ts';

export type FluxRow = {
  name: string;
  /** What the notes say of it. */
  about: string;
  files: Files;
  spec?: object;
  /** Of the source; `null` for a Kustomization whose source is not there. */
  source?: object | null;
  fate?: PodFate['fate'];
  /** Committed once the first commit has been reconciled; `watched` says which of the two is watched. */
  next?: { files: Files; watched: 'first' | 'second'; standing: string };
  until: (resource: Resource, commits: readonly string[]) => boolean;
  pods?: boolean;
  expected: Expected;
};

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
export const readyAt = (which: number) => (resource: Resource, commits: readonly string[]) =>
  condition(resource, 'Ready')?.status === 'True' && at('lastAppliedRevision', which)(resource, commits);

const broken = { 'app/kustomization.yaml': kustomization('missing.yaml') };
const invalid = (row: string) => application(row, { replicas: -1 });
const short = { timeout: '8s' };

export const fluxRows: readonly FluxRow[] = [
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
    next: { files: { 'app/note.md': 'a push\n' }, watched: 'second', standing: 'older' },
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
    about:
      'unhealthy: HealthCheckFailed by an expression of the health check, before its timeout; the pods say whose failure it is',
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
    expected: { state: 'unhealthy', reason: '^HealthCheckFailed: ' },
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
    next: { files: application('flux-superseded', { replicas: 2 }), watched: 'first', standing: 'replaces' },
    until: readyAt(1),
    expected: { state: 'superseded', reason: 'a newer commit has taken its place' },
  },
  {
    name: 'flux-newer-commit-keeps-it',
    about: 'pass: the controller has gone past this revision, and what runs is still the release',
    files: application('flux-newer-commit-keeps-it'),
    next: { files: { 'notes.md': 'something else\n' }, watched: 'first', standing: 'keeps' },
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
    next: {
      files: { 'app/kustomization.yaml': kustomization('other.yaml'), 'app/other.yaml': configMap('other', {}) },
      watched: 'second',
      standing: 'older',
    },
    until: notReadyFor('PruneFailed'),
    expected: { state: 'failed', reason: '^PruneFailed: ' },
  },
];
