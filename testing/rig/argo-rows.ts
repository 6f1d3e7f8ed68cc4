import { stringify } from 'yaml';
import type { Resource } from './kube-client.ts';
import { application, digestOf, kustomization, type Expected, type Files } from './recording.ts';
import type { PodFate } from './stages.ts';

export type ArgoRow = {
  name: string;
  /** What the notes say of it. */
  about: string;
  files: Files;
  /** Parts of the Application's spec that differ from the other rows'. */
  spec?: object;
  source?: object;
  fate?: PodFate['fate'];
  /** Committed once the first commit is healthy; `watched` says which of the two is watched. */
  next?: { files: Files; watched: 'first' | 'second'; standing: string };
  until: (resource: Resource, commits: readonly string[]) => boolean;
  pods?: boolean;
  expected: Expected;
};

type ArgoStatus = {
  sync?: { status: string; revision: string };
  health?: { status: string };
  conditions?: { type: string }[];
  reconciledAt?: string;
  operationState?: { phase: string; finishedAt?: string; syncResult?: { revision: string } };
};

const statusOf = ({ status }: Resource): ArgoStatus => (status ?? {}) as ArgoStatus;
const phase = (wanted: string) => (resource: Resource) => statusOf(resource).operationState?.phase === wanted;
const complains = (type: string) => (resource: Resource) =>
  (statusOf(resource).conditions ?? []).some((condition) => condition.type === type);

/** Synced at a commit, and looked at since the last operation has finished. */
const settledAt = (which: number, health: string) => (resource: Resource, commits: readonly string[]) => {
  const { sync, health: is, reconciledAt = '', operationState } = statusOf(resource);
  const fresh = operationState?.phase === 'Succeeded' && reconciledAt >= (operationState.finishedAt ?? '');
  return sync?.status === 'Synced' && sync.revision === commits[which] && is?.status === health && fresh;
};
export const healthyAt = (which: number) => settledAt(which, 'Healthy');

/** A Job that must end before anything is synced. Its pod never becomes ready: the digest's fate is to be held. */
function withHook(row: string, job: object): Files {
  const files = application(row);
  const containers = [{ name: 'check', image: `registry.example/check@${digestOf(row)}` }];
  const template = { spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers } };
  const metadata = { name: row, namespace: row, annotations: { 'argocd.argoproj.io/hook': 'PreSync' } };
  const hook = { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { backoffLimit: 0, template, ...job } };
  return {
    ...files,
    'app/hook.yaml': stringify(hook),
    'app/kustomization.yaml': kustomization('deployment.yaml', 'hook.yaml'),
  };
}

const notes = { 'notes.md': 'something else\n' };
const byHand = { syncPolicy: { syncOptions: ['CreateNamespace=true'] } };

export const argoRows: readonly ArgoRow[] = [
  {
    name: 'argo-healthy',
    about: 'pass: Synced and operated at this revision, Healthy, reconciled after the operation finished',
    files: application('argo-healthy'),
    until: healthyAt(0),
    pods: true,
    expected: { state: 'healthy', reason: '^Synced, Healthy' },
  },
  {
    name: 'argo-progressing',
    about: 'progressing: synced, and no pod is ready',
    files: application('argo-progressing'),
    fate: 'held',
    until: settledAt(0, 'Progressing'),
    pods: true,
    expected: { state: 'progressing', reason: '^Progressing.*no pod of it is ready', overdue: 'failed' },
  },
  {
    name: 'argo-hook-runs',
    about: 'progressing: the operation waits for a hook',
    files: withHook('argo-hook-runs', {}),
    fate: 'held',
    until: (resource) => phase('Running')(resource) && JSON.stringify(resource.status).includes('waiting for completion of hook'),
    expected: { state: 'progressing', reason: 'hook|OutOfSync' },
  },
  {
    name: 'argo-hook-failed',
    about: 'fail: the operation has failed, because a hook has',
    files: withHook('argo-hook-failed', { activeDeadlineSeconds: 2 }),
    fate: 'held',
    until: phase('Failed'),
    expected: { state: 'failed', reason: '^Failed: ' },
  },
  {
    name: 'argo-degraded',
    about: 'fail: Degraded, and it was Progressing before',
    files: application('argo-degraded', { progressDeadlineSeconds: 3 }),
    fate: 'image-cannot-be-pulled',
    until: settledAt(0, 'Degraded'),
    pods: true,
    expected: { state: 'failed', reason: '^Degraded', previousHealth: 'Progressing' },
  },
  {
    name: 'argo-comparison-error',
    about: 'progressing: ComparisonError, manifests that do not build; the deadline makes it failed',
    files: { 'app/kustomization.yaml': kustomization('missing.yaml') },
    until: complains('ComparisonError'),
    expected: { state: 'progressing', reason: '^ComparisonError: .*missing.yaml', overdue: 'failed' },
  },
  {
    name: 'argo-path-not-found',
    about: 'progressing: ComparisonError, a path that is not there',
    files: { 'app/kustomization.yaml': kustomization() },
    source: { path: 'elsewhere' },
    until: complains('ComparisonError'),
    expected: { state: 'progressing', reason: '^ComparisonError: .*elsewhere', overdue: 'failed' },
  },
  {
    name: 'argo-repository-unreachable',
    about: 'progressing: the repository cannot be reached, so the release has not been looked at',
    files: { 'app/kustomization.yaml': kustomization() },
    source: { repoURL: 'http://127.0.0.1:9/fleet.git' },
    until: complains('ComparisonError'),
    expected: { state: 'progressing', reason: '^ComparisonError: ', overdue: 'unknown' },
  },
  {
    name: 'argo-invalid-spec',
    about: 'progressing: InvalidSpecError, a project that is not there',
    files: application('argo-invalid-spec'),
    spec: { project: 'nobodys' },
    until: complains('InvalidSpecError'),
    expected: { state: 'progressing', reason: '^InvalidSpecError: .*nobodys', overdue: 'failed' },
  },
  {
    name: 'argo-sync-failed',
    about: 'fail: the operation has failed after its retries',
    files: application('argo-sync-failed', { replicas: -1 }),
    until: phase('Failed'),
    expected: { state: 'failed', reason: '^Failed: .*replicas' },
  },
  {
    name: 'argo-out-of-sync',
    about: 'progressing: nobody syncs it automatically',
    files: application('argo-out-of-sync'),
    spec: byHand,
    until: (resource) => statusOf(resource).sync?.status === 'OutOfSync',
    expected: { state: 'progressing', reason: '^OutOfSync', overdue: 'unknown' },
  },
  {
    name: 'argo-commit-changes-nothing',
    about: 'pass: no operation runs for a commit that leaves it unchanged; Synced at it, and the digest runs',
    files: application('argo-commit-changes-nothing'),
    next: { files: notes, watched: 'second', standing: 'older' },
    until: healthyAt(1),
    pods: true,
    expected: { state: 'healthy', reason: 'this commit changes nothing here' },
  },
  {
    name: 'argo-newer-commit-keeps-it',
    about: 'pass: Argo CD has gone past this revision, and what runs is still the release',
    files: application('argo-newer-commit-keeps-it'),
    next: { files: notes, watched: 'first', standing: 'keeps' },
    until: healthyAt(1),
    pods: true,
    expected: { state: 'healthy', reason: '^Synced, Healthy' },
  },
  {
    name: 'argo-superseded',
    about: 'superseded: Argo CD has gone past this revision, and the release is replaced',
    files: application('argo-superseded'),
    next: { files: application('argo-superseded', { replicas: 2 }), watched: 'first', standing: 'replaces' },
    until: healthyAt(1),
    expected: { state: 'superseded', reason: 'a newer commit has taken its place' },
  },
  {
    name: 'argo-suspended',
    about: 'progressing: Suspended is a pause that somebody wanted, and no failure',
    files: application('argo-suspended', { paused: true }),
    until: settledAt(0, 'Suspended'),
    expected: { state: 'progressing', reason: '^Suspended', overdue: 'unknown' },
  },
  {
    name: 'argo-other-digest-runs',
    about: 'a Healthy Application over a pod that runs another digest is not healthy',
    files: application('argo-other-digest-runs'),
    fate: 'runs',
    until: healthyAt(0),
    pods: true,
    expected: { state: 'progressing', reason: 'what runs is', overdue: 'failed' },
  },
];
