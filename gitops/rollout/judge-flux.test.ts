import { describe, expect, it } from 'vitest';
import { readKustomization, readSource } from '../adapters/kubernetes/read-flux.ts';
import { commitsOfFlux, judgeFlux } from './judge-flux.ts';
import {
  atBranch,
  condition,
  gitRepository,
  kustomization,
  NEWER,
  NEWER_ELSEWHERE,
  OLDER,
  OURS,
  relations,
  STRANGER,
} from './resources.fixture.ts';

const applied = (commit: string) => ({
  lastAppliedRevision: atBranch(commit),
  lastAttemptedRevision: atBranch(commit),
  observedGeneration: 1,
});
const ready = condition('Ready', 'True', 'ReconciliationSucceeded', 'Applied revision: main@sha1:...');
const healthy = condition('Healthy', 'True', 'HealthCheckSucceeded', 'Health check passed in 2s');
const notReady = (reason: string, message: string) => condition('Ready', 'False', reason, message);
const retrying = condition('Reconciling', 'True', 'ProgressingWithRetry', 'retrying');
const fetched = (commit: string) => gitRepository(atBranch(commit), [condition('Ready', 'True', 'Succeeded', 'stored artifact')]);

type Expected = { state: string; reason: RegExp; overdue?: 'failed' | 'unknown' };
type Row = [name: string, resource: unknown, source: unknown, expected: Expected];

const passing: Row[] = [
  [
    'applied, ready and observed at this commit',
    kustomization({ ...applied(OURS), conditions: [ready, healthy] }),
    fetched(OURS),
    { state: 'healthy', reason: /ReconciliationSucceeded: Applied revision/ },
  ],
  [
    'applied at a newer commit that leaves this release as it is',
    kustomization({ ...applied(NEWER_ELSEWHERE), conditions: [ready, healthy] }),
    fetched(NEWER_ELSEWHERE),
    { state: 'healthy', reason: /Succeeded/ },
  ],
  [
    'applied from an OCI artifact whose origin is this commit',
    kustomization({
      lastAppliedRevision: `latest@sha256:${'1'.repeat(64)}`,
      lastAttemptedRevision: `latest@sha256:${'1'.repeat(64)}`,
      lastAppliedOriginRevision: atBranch(OURS),
      observedGeneration: 1,
      conditions: [ready, healthy],
    }),
    null,
    { state: 'healthy', reason: /Succeeded/ },
  ],
  [
    'without wait or health checks: Ready means applied, no more',
    kustomization({ ...applied(OURS), conditions: [ready] }, { spec: { wait: false } }),
    fetched(OURS),
    { state: 'applied', reason: /without a health check/ },
  ],
];

const waitingRows: Row[] = [
  ['no Kustomization', null, null, { state: 'progressing', reason: /no Kustomization/, overdue: 'unknown' }],
  [
    'a stale Ready: an older commit is applied, and a push bumps no generation',
    kustomization({ ...applied(OLDER), conditions: [ready, healthy] }),
    fetched(OLDER),
    { state: 'progressing', reason: /still at main@sha1:d.*source has fetched main@sha1:d/, overdue: 'unknown' },
  ],
  [
    'a stale failure of an older commit',
    kustomization({ ...applied(OLDER), conditions: [notReady('HealthCheckFailed', 'old trouble'), retrying] }),
    fetched(OLDER),
    { state: 'progressing', reason: /old trouble/, overdue: 'unknown' },
  ],
  [
    'this commit is attempted, the older one applied',
    kustomization({
      lastAppliedRevision: atBranch(OLDER),
      lastAttemptedRevision: atBranch(OURS),
      observedGeneration: 1,
      conditions: [
        condition('Ready', 'Unknown', 'Progressing', 'Running health checks for revision'),
        condition('Reconciling', 'True', 'Progressing'),
      ],
    }),
    fetched(OURS),
    { state: 'progressing', reason: /Running health checks/, overdue: 'failed' },
  ],
  [
    'Ready at this commit, for an older spec',
    kustomization({ ...applied(OURS), conditions: [ready, healthy] }, { metadata: { generation: 2 } }),
    fetched(OURS),
    { state: 'progressing', reason: /./, overdue: 'failed' },
  ],
  ...(
    [
      ['DependencyNotReady', "dependency 'flux-system/base' is not ready"],
      ['HealthCheckCanceled', 'New reconciliation triggered'],
      ['ArtifactFailed', 'kustomization path not found: stat /tmp/x/wrong: no such file or directory'],
    ] as const
  ).map(([reason, message]): Row => [
    `${reason}: it waits, in the controller's words`,
    kustomization({ ...applied(OLDER), conditions: [notReady(reason, message), retrying] }),
    fetched(OURS),
    { state: 'progressing', reason: new RegExp(`${reason}: .*${message.slice(0, 20)}`), overdue: 'failed' },
  ]),
  [
    'a source that cannot be fetched',
    kustomization({ ...applied(OLDER), conditions: [ready, healthy] }),
    gitRepository(atBranch(OLDER), [
      condition('FetchFailed', 'True', 'AuthenticationFailed', 'secret not found'),
      notReady('AuthenticationFailed', 'secret not found'),
    ]),
    {
      state: 'progressing',
      reason: /GitRepository flux-system\/fieldproof: AuthenticationFailed: secret not found/,
      overdue: 'unknown',
    },
  ],
  [
    'a source that fails after it has fetched this commit: no trouble of this release',
    kustomization({ ...applied(OLDER), conditions: [notReady('DependencyNotReady', 'waiting')] }),
    gitRepository(atBranch(OURS), [condition('FetchFailed', 'True', 'GitOperationFailed', 'timeout')]),
    { state: 'progressing', reason: /^DependencyNotReady/, overdue: 'failed' },
  ],
  [
    'suspended before it came to this commit',
    kustomization({ ...applied(OLDER), conditions: [ready, healthy] }, { spec: { suspend: true } }),
    fetched(OURS),
    { state: 'progressing', reason: /suspended/, overdue: 'unknown' },
  ],
  [
    'being deleted',
    kustomization(
      { ...applied(OURS), conditions: [ready, healthy] },
      { metadata: { deletionTimestamp: '2026-01-02T03:04:05Z' } },
    ),
    fetched(OURS),
    { state: 'progressing', reason: /being deleted/, overdue: 'unknown' },
  ],
  [
    'at a commit of another history',
    kustomization({ ...applied(STRANGER), conditions: [ready, healthy] }),
    fetched(STRANGER),
    { state: 'progressing', reason: /not in the history/, overdue: 'unknown' },
  ],
  [
    'new, without any status',
    kustomization({}),
    null,
    { state: 'progressing', reason: /applied nothing yet/, overdue: 'failed' },
  ],
  [
    'stalled by a spec that has changed since',
    kustomization(
      { ...applied(OLDER), conditions: [condition('Stalled', 'True', 'InvalidCELExpression', 'old')] },
      { metadata: { generation: 2 } },
    ),
    fetched(OURS),
    { state: 'progressing', reason: /./, overdue: 'failed' },
  ],
  [
    'stalled, and its source serves an older commit: this one may mend it',
    kustomization({ ...applied(OLDER), conditions: [condition('Stalled', 'True', 'InvalidCELExpression', 'old')] }),
    fetched(OLDER),
    { state: 'progressing', reason: /./, overdue: 'unknown' },
  ],
];

const ending: Row[] = [
  ...(
    [
      ['BuildFailed', 'failed'],
      ['ReconciliationFailed', 'failed'],
      ['HealthCheckFailed', 'unhealthy'],
      ['PruneFailed', 'failed'],
    ] as const
  ).map(([reason, state]): Row => [
    `${reason} of this commit, whatever generation was observed`,
    kustomization({
      lastAppliedRevision: atBranch(OLDER),
      lastAttemptedRevision: atBranch(OURS),
      observedGeneration: -1,
      conditions: [notReady(reason, 'because of this'), retrying],
    }),
    fetched(OURS),
    { state, reason: new RegExp(`^${reason}: because of this$`) },
  ]),
  [
    'Stalled is terminal, also before its source has fetched anything',
    kustomization({ conditions: [condition('Stalled', 'True', 'InvalidCELExpression', 'no such key')] }),
    gitRepository(null, []),
    { state: 'failed', reason: /^Stalled: / },
  ],
  [
    'Stalled is terminal',
    kustomization({ ...applied(OLDER), conditions: [condition('Stalled', 'True', 'InvalidCELExpression', 'no such key')] }),
    fetched(OURS),
    { state: 'failed', reason: /^Stalled: InvalidCELExpression: no such key/ },
  ],
  [
    'a newer commit that deploys something else has been applied',
    kustomization({ ...applied(NEWER), conditions: [ready, healthy] }),
    fetched(NEWER),
    { state: 'superseded', reason: /newer commit.*main@sha1:b/ },
  ],
  [
    'a newer commit that deploys something else fails: that is not our failure',
    kustomization({ ...applied(OLDER), lastAttemptedRevision: atBranch(NEWER), conditions: [notReady('BuildFailed', 'theirs')] }),
    fetched(NEWER),
    { state: 'superseded', reason: /newer commit.*theirs/ },
  ],
  [
    'a newer commit with this very release fails: that is ours',
    kustomization({
      ...applied(OLDER),
      lastAttemptedRevision: atBranch(NEWER_ELSEWHERE),
      conditions: [notReady('HealthCheckFailed', 'ours')],
    }),
    fetched(NEWER_ELSEWHERE),
    { state: 'unhealthy', reason: /ours/ },
  ],
];

describe('what Flux says of a release', () => {
  it.each([...passing, ...waitingRows, ...ending])('%s', (_, resource, source, { state, reason, overdue }) => {
    const view = {
      kustomization: resource === null ? null : readKustomization(resource),
      source: source === null ? null : readSource('GitRepository')(source),
    };
    const judgement = judgeFlux(view, 'flux-system/porch.orin', relations);
    expect(judgement).toEqual({
      state,
      reason: expect.stringMatching(reason) as string,
      revision: view.kustomization?.lastAttemptedRevision ?? null,
      ...(overdue === undefined ? {} : { overdue }),
    });
  });

  it('names every commit that Git must be asked about', () => {
    const view = {
      kustomization: readKustomization(kustomization({ ...applied(OLDER), lastAttemptedRevision: `main/${NEWER}` })),
      source: readSource('GitRepository')(fetched(OURS)),
    };
    expect(commitsOfFlux(view)).toEqual([OLDER, NEWER, OURS]);
  });
});
