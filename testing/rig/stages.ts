/**
 * What becomes of pods, as kwok's Stages (kwok.x-k8s.io/v1alpha1). kwok runs no container: a stage writes the status that a
 * kubelet would write. The stages that kwok ships never set `imageID`; these do.
 */

/** What pods shall do that mention an image by this digest, in a container or as an image volume. */
export type PodFate =
  | { fate: 'held'; digest: string }
  | { fate: 'image-cannot-be-pulled'; digest: string }
  | { fate: 'crashes'; digest: string }
  /** What a Job starts ends, and not with 0. */
  | { fate: 'fails'; digest: string }
  /** The pod is Ready, but runs another digest than its spec says: a registry's index, or a moved tag. */
  | { fate: 'runs'; digest: string; instead: string };

type Expression = { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: readonly string[] };

const DIGESTS =
  '[.spec.containers[].image, (.spec.volumes // [])[].image.reference] | .[] | select(. != null) | split("@") | .[1]';
const OF_JOB = '(.metadata.ownerReferences // []) | .[].kind';
const WAITING = '(.status.containerStatuses // []) | .[].state.waiting.reason';

const notDeleted: Expression = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const pending: Expression = { key: '.status.phase', operator: 'In', values: ['Pending'] };
const running: Expression = { key: '.status.phase', operator: 'In', values: ['Running'] };
const ofJob: Expression = { key: OF_JOB, operator: 'In', values: ['Job'] };
const alive: Expression = { key: '.status.phase', operator: 'In', values: ['Pending', 'Running'] };
const notYet = (reason: string): Expression => ({ key: WAITING, operator: 'NotIn', values: [reason] });
const notReady: Expression = {
  key: '(.status.conditions // []) | .[] | select(.type == "Ready") | .status',
  operator: 'NotIn',
  values: ['True'],
};
const asksForVersion = (version: string): Expression[] => [
  { key: `.metadata.annotations["${versionAnnotation}"]`, operator: 'In', values: [version] },
  {
    key: `(.status.conditions // []) | .[] | select(.type == "${versionCondition}") | .reason`,
    operator: 'NotIn',
    values: [version],
  },
];
const mentions = (digests: readonly string[]): Expression => ({ key: DIGESTS, operator: 'In', values: digests });

function stage(name: string, kind: 'Pod' | 'Node', matchExpressions: readonly Expression[], next: object, weight = 1): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, weight, next },
  };
}

/** The annotation and the condition by which a node shows which version of the stages kwok goes by. */
export const versionAnnotation = 'rig.fieldproof.dev/stages';
export const versionCondition = 'Stages';

/** Every stage, given the fates of pods. A stage of the same name replaces the one before; the last tells the version. */
export function stages(fates: readonly PodFate[], version: string): object[] {
  const digestsOf = (fate: PodFate['fate']) => fates.filter((each) => each.fate === fate).map(({ digest }) => digest);
  // No digest is called `none`: kwok refuses an empty list.
  const some = (digests: readonly string[]) => (digests.length === 0 ? ['none'] : digests);
  const unready = fates.filter(({ fate }) => fate !== 'runs').map(({ digest }) => digest);
  const unpulled = some(digestsOf('image-cannot-be-pulled'));
  const crashed = some(digestsOf('crashes'));
  const failed = some(digestsOf('fails'));
  const replacements = fates.flatMap((each) => (each.fate === 'runs' ? [[each.digest, each.instead] as const] : []));
  return [
    stage('node-ready', 'Node', [notReady], { statusTemplate: nodeReady }),
    stage('pod-ready', 'Pod', [notDeleted, alive, notReady, { ...mentions(some(unready)), operator: 'NotIn' }], {
      statusTemplate: podReady(replacements),
    }),
    stage('pod-unpulled', 'Pod', [notDeleted, pending, notYet('ImagePullBackOff'), mentions(unpulled)], {
      statusTemplate: podWaiting('Pending', 'ImagePullBackOff', 'Back-off pulling image', 0),
    }),
    stage('pod-crashed', 'Pod', [notDeleted, alive, notYet('CrashLoopBackOff'), mentions(crashed)], {
      statusTemplate: podWaiting('Running', 'CrashLoopBackOff', 'back-off 40s restarting failed container', 3),
    }),
    stage('pod-complete', 'Pod', [notDeleted, running, ofJob], { statusTemplate: podEnded('Succeeded', 'Completed', 0) }),
    stage('pod-failed', 'Pod', [notDeleted, alive, ofJob, mentions(failed)], { statusTemplate: podEnded('Failed', 'Error', 1) }),
    stage('pod-delete', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], { delete: true }),
    stage('version', 'Node', asksForVersion(version), {
      statusTemplate: `conditions: [{type: ${versionCondition}, status: "True", reason: "${version}"}]`,
    }),
  ];
}

const nodeReady = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
allocatable: {cpu: "1000", memory: 1Ti, pods: "10000"}
capacity: {cpu: "1000", memory: 1Ti, pods: "10000"}
nodeInfo:
  architecture: {{ index .metadata.labels "kubernetes.io/arch" | Quote }}
  operatingSystem: linux
  containerRuntimeVersion: kwok
  kubeletVersion: kwok
  bootID: ""
  kernelVersion: ""
  kubeProxyVersion: ""
  machineID: ""
  osImage: ""
  systemUUID: ""
phase: Running
`;

const condition = (type: string, status: boolean, reason = '') => `
- type: ${type}
  status: "${status ? 'True' : 'False'}"
  lastTransitionTime: {{ $now | Quote }}
  ${reason === '' ? '' : `reason: ${reason}`}`;

const conditions = (ready: boolean) =>
  condition('Initialized', true) +
  condition('Ready', ready, ready ? '' : 'ContainersNotReady') +
  condition('ContainersReady', ready, ready ? '' : 'ContainersNotReady');

function podReady(replacements: readonly (readonly [string, string])[]): string {
  const imageId = ['.image', ...replacements.map(([from, to]) => `replace "${from}" "${to}"`)].join(' | ');
  return `
{{ $now := Now }}
conditions:${conditions(true)}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ ${imageId} | Quote }}
  containerID: kwok://container
  ready: true
  started: true
  restartCount: 0
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ end }}
hostIP: 127.0.0.1
podIP: 127.0.0.1
phase: Running
startTime: {{ $now | Quote }}
`;
}

const podWaiting = (phase: string, reason: string, message: string, restarts: number) => `
{{ $now := Now }}
conditions:${conditions(false)}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: ${restarts}
  state: {waiting: {reason: ${reason}, message: {{ printf "${message} %s" .image | Quote }}}}
{{ end }}
phase: ${phase}
startTime: {{ $now | Quote }}
`;

const podEnded = (phase: string, reason: string, exitCode: number) => `
{{ $now := Now }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: {terminated: {exitCode: ${exitCode}, reason: ${reason}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
{{ end }}
phase: ${phase}
`;
