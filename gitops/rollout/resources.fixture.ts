import type { CommitRelation } from './rollout.ts';

/** Resources as an API server sends them, small enough to read; recorded ones are in __recorded__/. */

export const sha = (letter: string): string => letter.repeat(40);
export const OURS = sha('a');
export const NEWER = sha('b');
export const NEWER_ELSEWHERE = sha('c');
export const OLDER = sha('d');
export const STRANGER = sha('e');

const STANDINGS = new Map<string, CommitRelation>([
  [OURS, 'same'],
  [NEWER, 'replaces'],
  [NEWER_ELSEWHERE, 'keeps'],
  [OLDER, 'older'],
  [STRANGER, 'elsewhere'],
]);
export const relations = (commit: string): CommitRelation => STANDINGS.get(commit) ?? 'unknown';

export const atBranch = (commit: string): string => `main@sha1:${commit}`;

type Fields = Readonly<Record<string, unknown>>;

export const condition = (type: string, status: string, reason: string, message = '', observedGeneration = 1): Fields => ({
  type,
  status,
  reason,
  message,
  observedGeneration,
  lastTransitionTime: '2026-01-02T03:04:05Z',
});

export function kustomization(status: Fields, { spec = {}, metadata = {} }: { spec?: Fields; metadata?: Fields } = {}): unknown {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { namespace: 'flux-system', name: 'porch.orin', generation: 1, resourceVersion: '10', ...metadata },
    spec: { wait: true, sourceRef: { kind: 'GitRepository', name: 'fieldproof' }, ...spec },
    status,
  };
}

export function gitRepository(revision: string | null, conditions: readonly Fields[], fields: Fields = {}): unknown {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { namespace: 'flux-system', name: 'fieldproof', generation: 1, resourceVersion: '11' },
    spec: {},
    status: { ...(revision === null ? {} : { artifact: { revision } }), conditions, ...fields },
  };
}

export function application(status: Fields, { spec = {}, metadata = {} }: { spec?: Fields; metadata?: Fields } = {}): unknown {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { namespace: 'argocd', name: 'porch.gate-oslo.orin', generation: 5, resourceVersion: '12', ...metadata },
    spec: { syncPolicy: { automated: { prune: true } }, ...spec },
    status,
  };
}

type PodParts = {
  imageIDs?: readonly string[];
  images?: readonly string[];
  volumes?: readonly string[];
  ready?: boolean;
  metadata?: Fields;
  phase?: string;
};

export function pod(
  { imageIDs = [], images = [], volumes = [], ready = true, metadata = {}, phase = 'Running' }: PodParts,
  status: Fields = {},
) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'porch', name: 'porch-orin-1', labels: { 'app.kubernetes.io/name': 'porch' }, ...metadata },
    spec: {
      containers: images.map((image) => ({ image })),
      volumes: [...volumes.map((reference) => ({ name: 'model', image: { reference } })), { name: 'tmp', emptyDir: {} }],
    },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: imageIDs.map((imageID, index) => ({ name: `c${index}`, imageID, ready })),
      ...status,
    },
  };
}
