import { describe, expect, it } from 'vitest';
import { readApplication } from '../adapters/kubernetes/read-argo.ts';
import { commitsOfArgo, judgeArgo } from './judge-argo.ts';
import { application, NEWER, NEWER_ELSEWHERE, OLDER, OURS, relations, STRANGER } from './resources.fixture.ts';

const BEFORE = '2026-01-02T03:00:00Z';
const FINISHED = '2026-01-02T03:01:00Z';
const AFTER = '2026-01-02T03:01:00Z'; // Kubernetes times have whole seconds: the same one counts
const synced = (revision: string) => ({ status: 'Synced', revision });
const operation = (phase: string, revision: string, fields = {}) => ({
  phase,
  message: 'successfully synced (all tasks run)',
  startedAt: BEFORE,
  ...(phase === 'Running' ? {} : { finishedAt: FINISHED }),
  operation: { sync: { revision } },
  syncResult: { revision },
  ...fields,
});
const at = (revision: string, health: string, fields = {}) => ({
  sync: synced(revision),
  health: { status: health },
  reconciledAt: AFTER,
  operationState: operation('Succeeded', revision),
  ...fields,
});

type Expected = { state: string; reason: RegExp; overdue?: 'failed' | 'unknown'; revision?: string | null };
type Row = [name: string, resource: unknown, expected: Expected, previousHealth?: string];

const passing: Row[] = [
  ['synced, operated and looked at since', application(at(OURS, 'Healthy')), { state: 'healthy', reason: /Synced, Healthy/ }],
  [
    'the same at a newer commit that leaves this release as it is',
    application(at(NEWER_ELSEWHERE, 'Healthy')),
    { state: 'healthy', reason: /Healthy/, revision: NEWER_ELSEWHERE },
  ],
  [
    'several sources: the revision that is a commit of the fleet counts',
    application({
      ...at(OURS, 'Healthy'),
      sync: { status: 'Synced', revisions: ['1.2.3', OURS] },
      operationState: operation('Succeeded', '', { syncResult: { revision: '', revisions: ['1.2.3', OURS] } }),
    }),
    { state: 'healthy', reason: /Healthy/ },
  ],
  [
    'a commit that changes nothing here: synced without an operation, so its pods must prove it',
    application(at(OURS, 'Healthy', { operationState: operation('Succeeded', OLDER) })),
    { state: 'applied', reason: /changes nothing here/ },
  ],
];

const waitingRows: Row[] = [
  ['no Application', null, { state: 'progressing', reason: /no Application/, overdue: 'unknown', revision: null }],
  [
    'healthy, and synced at an older commit',
    application(at(OLDER, 'Healthy')),
    { state: 'progressing', reason: /Synced at d+, which is older/, overdue: 'failed', revision: OLDER },
  ],
  [
    'a health that is older than the sync',
    application(at(OURS, 'Healthy', { reconciledAt: BEFORE })),
    { state: 'progressing', reason: /not been looked at since/, overdue: 'failed' },
  ],
  [
    'a sync under way, tried again',
    application(
      at(OURS, 'Healthy', { operationState: operation('Running', OURS, { message: 'Retrying attempt #2 at 3:04AM.' }) }),
    ),
    { state: 'progressing', reason: /^Running: Retrying attempt #2/, overdue: 'failed' },
  ],
  [
    'a failure of an older commit',
    application({
      ...at(OURS, 'Healthy'),
      sync: { status: 'OutOfSync', revision: OURS },
      operationState: operation('Failed', OLDER),
    }),
    { state: 'progressing', reason: /OutOfSync: no sync of this commit has begun/, overdue: 'failed' },
  ],
  [
    'a manifest that does not build',
    application({
      sync: { status: 'Unknown' },
      health: { status: 'Healthy' },
      reconciledAt: AFTER,
      conditions: [
        {
          type: 'ComparisonError',
          message: 'Failed to load target state: failed to generate manifest: `kustomize build` failed exit status 1',
        },
      ],
    }),
    { state: 'progressing', reason: /^ComparisonError: .*kustomize build/, overdue: 'failed', revision: null },
  ],
  [
    'a fleet repository that cannot be read',
    application({
      ...at(OLDER, 'Healthy'),
      conditions: [
        {
          type: 'ComparisonError',
          message: 'rpc error: code = Unknown desc = failed to list refs: dial tcp: connection refused',
        },
      ],
    }),
    { state: 'progressing', reason: /connection refused/, overdue: 'unknown', revision: OLDER },
  ],
  [
    'an invalid spec',
    application({ ...at(OURS, 'Healthy'), conditions: [{ type: 'InvalidSpecError', message: 'app path does not exist' }] }),
    { state: 'progressing', reason: /^InvalidSpecError: app path/, overdue: 'failed' },
  ],
  [
    'Degraded when first seen: nobody saw it turn',
    application(at(OURS, 'Degraded')),
    { state: 'progressing', reason: /Degraded/, overdue: 'failed' },
  ],
  [
    'Degraded from Unknown',
    application(at(OURS, 'Degraded')),
    { state: 'progressing', reason: /Degraded/, overdue: 'failed' },
    'Unknown',
  ],
  [
    'Degraded from Degraded',
    application(at(OURS, 'Degraded')),
    { state: 'progressing', reason: /Degraded/, overdue: 'failed' },
    'Degraded',
  ],
  [
    'Degraded at an older commit',
    application(at(OLDER, 'Degraded')),
    { state: 'progressing', reason: /older/, overdue: 'failed', revision: OLDER },
    'Healthy',
  ],
  ['Suspended is a pause', application(at(OURS, 'Suspended')), { state: 'progressing', reason: /paused/, overdue: 'unknown' }],
  ['Missing', application(at(OURS, 'Missing')), { state: 'progressing', reason: /^Missing/, overdue: 'failed' }],
  [
    'OutOfSync after its sync',
    application({ ...at(OURS, 'Healthy'), sync: { status: 'OutOfSync', revision: OURS } }),
    { state: 'progressing', reason: /^OutOfSync again/, overdue: 'failed' },
  ],
  [
    'OutOfSync, and nobody syncs by itself',
    application(
      { ...at(OURS, 'Healthy', { operationState: undefined }), sync: { status: 'OutOfSync', revision: OURS } },
      { spec: { syncPolicy: {} } },
    ),
    { state: 'progressing', reason: /somebody must/, overdue: 'unknown' },
  ],
  [
    'being deleted',
    application(at(OURS, 'Healthy'), { metadata: { deletionTimestamp: AFTER } }),
    { state: 'progressing', reason: /being deleted/, overdue: 'unknown' },
  ],
  [
    'at a commit of another history',
    application(at(STRANGER, 'Healthy')),
    { state: 'progressing', reason: /not in the history/, overdue: 'unknown', revision: STRANGER },
  ],
  [
    'new, without any status',
    application({}),
    { state: 'progressing', reason: /compared no revision yet/, overdue: 'failed', revision: null },
  ],
];

const ending: Row[] = [
  [
    'Failed after its retries',
    application(
      at(OURS, 'Healthy', {
        operationState: operation('Failed', OURS, { message: 'one or more objects failed to apply', retryCount: 5 }),
      }),
    ),
    { state: 'failed', reason: /^Failed: one or more objects failed to apply \(after 5 retries\)/ },
  ],
  [
    'Error of an operation that came to no result',
    application(at(OURS, 'Healthy', { operationState: operation('Error', OURS, { message: 'boom', syncResult: undefined }) })),
    { state: 'failed', reason: /^Error: boom/ },
  ],
  [
    'turned Degraded',
    application(at(OURS, 'Degraded', { health: { status: 'Degraded', message: 'exceeded its progress deadline' } })),
    { state: 'unhealthy', reason: /exceeded its progress deadline.*after Progressing/ },
    'Progressing',
  ],
  [
    'a newer commit that deploys something else',
    application(at(NEWER, 'Healthy')),
    { state: 'superseded', reason: /newer commit/, revision: NEWER },
  ],
  [
    'a sync of a newer commit that fails',
    application(at(OLDER, 'Healthy', { operationState: operation('Failed', NEWER) })),
    { state: 'superseded', reason: /newer commit/, revision: OLDER },
  ],
];

describe('what Argo CD says of a release', () => {
  it.each([...passing, ...waitingRows, ...ending])('%s', (_, resource, { state, reason, overdue, revision = OURS }, previous) => {
    const view = { application: resource === null ? null : readApplication(resource), previousHealth: previous ?? null };
    expect(judgeArgo(view, 'argocd/porch.gate-oslo.orin', relations)).toEqual({
      state,
      reason: expect.stringMatching(reason) as string,
      revision,
      ...(overdue === undefined ? {} : { overdue }),
    });
  });

  const replay = { namespace: 'porch', name: 'porch-replay-orin' };
  const hooked = (phase: string, hookPhase: string, message = '') => {
    const hook = { ...replay, kind: 'Job', hookType: 'PostSync', hookPhase, message };
    const resources = [{ namespace: 'porch', name: 'porch-orin', kind: 'Deployment', status: 'Synced', hookPhase: phase }, hook];
    const operationState = operation(phase, OURS, { syncResult: { revision: OURS, resources } });
    return { application: readApplication(application(at(OURS, 'Healthy', { operationState }))), previousHealth: null };
  };

  it('is that it answers its clip, where the hook that shows it has succeeded', () => {
    const view = hooked('Succeeded', 'Succeeded');
    const reason = 'Synced, Healthy; it answers its clip as judged';
    expect(judgeArgo({ ...view, replay }, 'x', relations)).toEqual({ state: 'healthy', reason, revision: OURS, replay: 'pass' });
    expect(judgeArgo(view, 'x', relations)).not.toHaveProperty('replay');
  });

  it('is which hook has failed, and of what', () => {
    const failed = judgeArgo({ ...hooked('Failed', 'Failed', 'Job has reached its backoff limit'), replay }, 'x', relations);
    const reason = expect.stringMatching(/^Failed: .*; hook porch-replay-orin: Job has reached its backoff limit$/) as string;
    expect(failed).toEqual({ state: 'failed', reason, revision: OURS, replay: 'fail' });
  });

  it('names every commit that Git must be asked about', () => {
    expect(
      commitsOfArgo(readApplication(application(at(OURS, 'Healthy', { operationState: operation('Succeeded', OLDER) })))),
    ).toEqual([OURS, OLDER]);
    expect(commitsOfArgo(null)).toEqual([]);
  });
});
