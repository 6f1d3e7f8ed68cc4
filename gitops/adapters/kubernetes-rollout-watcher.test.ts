import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApiServer, kubeconfigOf } from '../../testing/fakes/fake-api-server.ts';
import { digest } from '../plan.fixture.ts';
import {
  application,
  atBranch,
  condition,
  gitRepository,
  kustomization,
  NEWER,
  OLDER,
  OURS,
  pod,
  relations,
} from '../rollout/resources.fixture.ts';
import type { FleetHistory, Rollout, RolloutTarget } from '../rollout/rollout.ts';
import { KubernetesRolloutWatcher } from './kubernetes-rollout-watcher.ts';

const LABELS = { 'app.kubernetes.io/name': 'porch' };
const target: RolloutTarget = {
  controller: 'flux',
  model: 'porch',
  site: 'gate-oslo',
  chipset: 'orin',
  context: 'oslo',
  object: { namespace: 'flux-system', name: 'porch.orin' },
  pods: { context: 'oslo', namespace: 'porch', labels: LABELS },
  branch: 'main',
  commit: OURS,
  digests: { model: [digest('a')], runtime: null },
  timeout: 10_000,
};

const ready = condition('Ready', 'True', 'ReconciliationSucceeded', 'Applied');
const healthy = condition('Healthy', 'True', 'HealthCheckSucceeded');
const at = (commit: string) => ({
  lastAppliedRevision: atBranch(commit),
  lastAttemptedRevision: atBranch(commit),
  observedGeneration: 1,
});
const appliedAt = (commit: string) => kustomization({ ...at(commit), conditions: [ready, healthy] });
const runs = (letter: string, isReady = true) =>
  pod({ imageIDs: [`porch@${digest(letter)}`], ready: isReady, metadata: { labels: LABELS, name: 'porch-1' } });
const fetched = (commit: string, fields = {}) => gitRepository(atBranch(commit), [ready], fields);

let server: FakeApiServer;
let folder: string;
const seen: Rollout[] = [];

beforeEach(async () => {
  server = await new FakeApiServer().start();
  folder = await mkdtemp(join(tmpdir(), 'fieldproof-watch-'));
  await writeFile(join(folder, 'config'), kubeconfigOf({ oslo: server.url }));
  server.put('gitrepositories', fetched(OLDER));
  server.put('kustomizations', appliedAt(OLDER));
  server.put('pods', runs('b'));
  seen.length = 0;
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const history: FleetHistory = { relation: (_, commit) => Promise.resolve(relations(commit)) };
const watcher = () =>
  new KubernetesRolloutWatcher({
    environment: { KUBECONFIG: join(folder, 'config') },
    pace: { first: 10, most: 100 },
    patience: { answer: 2000, silence: 500 },
  });

const watch = async (over: Partial<RolloutTarget> = {}, from = watcher(), signal?: AbortSignal) => {
  const watched = { ...target, ...over };
  const result = await from.watch([watched], {
    history,
    onChange: (_, rollout) => seen.push(rollout),
    ...(signal ? { signal } : {}),
  });
  return result.get(watched);
};

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error('what was waited for has not come');
    await new Promise((wake) => setTimeout(wake, 10));
  }
}
const states = () => seen.map(({ state }) => state);
const beginsToWait = () => until(() => seen.length > 0);

/** What the controllers of a site do with the commit, in their order. */
async function rollOut(): Promise<void> {
  server.put('gitrepositories', fetched(OURS));
  const progressing = condition('Ready', 'Unknown', 'Progressing', 'Running health checks');
  server.put('kustomizations', kustomization({ ...at(OLDER), lastAttemptedRevision: atBranch(OURS), conditions: [progressing] }));
  await until(() => seen.some(({ reason }) => reason.includes('Running health checks')));
  server.put('pods', runs('a'));
  server.put('kustomizations', appliedAt(OURS));
}

describe('a rollout that is watched', () => {
  it('is healthy when it is applied, ready and running, and not before', async () => {
    const result = watch();
    await beginsToWait();
    await rollOut();
    expect(await result).toMatchObject({ state: 'healthy', revision: atBranch(OURS) });
    expect(new Set(states().slice(0, -1))).toEqual(new Set(['progressing']));
    await until(() => server.watching === 0);
  });

  it('is nothing yet while its pods are being listed, where its controller is content already', async () => {
    server.put('kustomizations', appliedAt(OURS));
    server.put('pods', runs('a'));
    server.held.set('pods', new Promise((listed) => setTimeout(listed, 1500)));
    expect(await watch()).toMatchObject({ state: 'healthy' });
    expect(states()).toEqual(['healthy']);
  });

  it('is not healthy while another digest runs, whatever the controller says', async () => {
    server.put('kustomizations', appliedAt(OURS));
    expect(await watch({ timeout: 300 })).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/what runs is sha256:bbbb/) as string,
    });
    expect(states()).not.toContain('healthy');
  });

  it('is not healthy while readiness is held back', async () => {
    server.put('kustomizations', appliedAt(OURS));
    server.put('pods', runs('a', false));
    const result = watch();
    await beginsToWait();
    await new Promise((wake) => setTimeout(wake, 150));
    expect(new Set(states())).toEqual(new Set(['progressing']));
    server.put('pods', runs('a'));
    expect(await result).toMatchObject({ state: 'healthy' });
  });

  it('fails in the words of its controller', async () => {
    const failed = condition('Ready', 'False', 'BuildFailed', 'accumulating resources: no such file');
    server.put('kustomizations', kustomization({ lastAttemptedRevision: atBranch(OURS), conditions: [failed] }));
    expect(await watch()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('BuildFailed: accumulating') as string,
    });
  });

  it('is superseded when a newer commit is applied', async () => {
    const result = watch();
    await beginsToWait();
    server.put('kustomizations', appliedAt(NEWER));
    expect(await result).toMatchObject({ state: 'superseded', revision: atBranch(NEWER) });
  });

  it('is what it was when it is interrupted', async () => {
    const abort = new AbortController();
    const result = watch({}, watcher(), abort.signal);
    await beginsToWait();
    abort.abort();
    expect(await result).toMatchObject({ state: 'progressing' });
    await until(() => server.watching === 0);
  });
});

describe('controllers', () => {
  it('are asked to hurry, the source before the Kustomization', async () => {
    const result = watch();
    await until(() => server.requests.some((request) => request.startsWith('PATCH')));
    await rollOut();
    await result;
    const asked = server.requests
      .filter((request) => request.startsWith('PATCH'))
      .map((request) => request.replace(/^.*\/(\w+\/[\w.]+)\?.*$/, '$1'));
    expect(asked).toEqual(['gitrepositories/fieldproof', ...(asked.length > 1 ? ['kustomizations/porch.orin'] : [])]);
  });

  it('need not be asked: where that is forbidden they are only watched', async () => {
    server.refusals.set('gitrepositories', []);
    const result = watch();
    await beginsToWait();
    server.refusals.get('gitrepositories')?.push(403, 403);
    await rollOut();
    expect(await result).toMatchObject({ state: 'healthy' });
  });

  it('that do not answer leave it unknown when its time is over', async () => {
    expect(await watch({ timeout: 400 })).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(
        /source-controller \(GitRepository flux-system\/fieldproof\) has not answered the request/,
      ) as string,
    });
  });

  it('that have the commit and do not begin with it leave it unknown too', async () => {
    server.put('gitrepositories', fetched(OURS));
    const reason = expect.stringMatching(
      /kustomize-controller \(Kustomization flux-system\/porch.orin\) has not answered/,
    ) as string;
    expect(await watch({ timeout: 400 })).toMatchObject({ state: 'unknown', reason });
  });

  it('that answer, and say that something is not ready, let it fail when its time is over', async () => {
    server.put('gitrepositories', fetched(OURS));
    const result = watch({ timeout: 500 });
    const requestedAt = () =>
      JSON.stringify(server.get('kustomizations', 'flux-system', 'porch.orin')?.metadata).match(/requestedAt":"([^"]+)/)?.[1];
    await until(() => requestedAt() !== undefined);
    const waits = condition('Ready', 'False', 'DependencyNotReady', "dependency 'flux-system/base' is not ready");
    server.put('kustomizations', kustomization({ ...at(OLDER), lastHandledReconcileAt: requestedAt(), conditions: [waits] }));
    expect(await result).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/not healthy after .*DependencyNotReady/) as string,
    });
  });
});

describe('an API server', () => {
  it('that drops connections, ends watches and sends bookmarks is followed on', async () => {
    const result = watch();
    await beginsToWait();
    server.bookmark();
    server.endWatches();
    await until(() => server.watching === 3);
    server.dropConnections();
    await until(() => server.watching === 3);
    await rollOut();
    expect(await result).toMatchObject({ state: 'healthy' });
    expect(states()).not.toContain('unknown');
    expect(server.requests.filter((request) => /GET .*pods/.test(request) && !request.includes('watch=true'))).toHaveLength(1);
  });

  it('that has forgotten the version is listed again', async () => {
    const result = watch();
    await beginsToWait();
    await until(() => server.watching === 3);
    await server.stop();
    server.delete('pods', 'porch', 'porch-1');
    server.put('kustomizations', appliedAt(OURS));
    server.put('pods', pod({ imageIDs: [`porch@${digest('a')}`], metadata: { labels: LABELS, name: 'porch-2' } }));
    server.compact();
    await server.start();
    expect(await result).toMatchObject({ state: 'healthy' });
  });

  it('that goes away leaves it unknown, and it goes on when it is back', async () => {
    const result = watch();
    await beginsToWait();
    await server.stop();
    await until(() => states().includes('unknown'));
    expect(seen.at(-1)?.reason).toMatch(/does not answer: .*ECONNREFUSED/);
    await server.start();
    await rollOut();
    expect(await result).toMatchObject({ state: 'healthy' });
  });

  it('that falls silent is asked again', async () => {
    const result = watch();
    await beginsToWait();
    const before = server.requests.length;
    await until(() => server.requests.length >= before + 3);
    await rollOut();
    expect(await result).toMatchObject({ state: 'healthy' });
  });

  it('that is gone when the time is over leaves it unknown, though it was healthy before', async () => {
    server.put('kustomizations', appliedAt(OURS));
    const result = watch({ timeout: 600 });
    await beginsToWait();
    await server.stop();
    server.put('pods', runs('a'));
    expect(await result).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/ECONNREFUSED/) as string });
  });

  it('that no longer takes the token is asked with the one that the kubeconfig has by then', async () => {
    const result = watch();
    await beginsToWait();
    server.requireToken('another-token');
    server.dropConnections();
    await until(() => states().includes('unknown'));
    await writeFile(join(folder, 'config'), kubeconfigOf({ oslo: server.url }, 'another-token'));
    await rollOut();
    expect(await result).toMatchObject({ state: 'healthy' });
  });

  it('that forbids to look at pods leaves it unknown', async () => {
    server.put('kustomizations', appliedAt(OURS));
    server.refusals.set(
      'pods',
      Array.from({ length: 100 }, () => 403),
    );
    expect(await watch({ timeout: 400 })).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/answers 403/) as string,
    });
  });

  it('of a context that the kubeconfig does not have is said before anything is watched', async () => {
    await expect(watch({ context: 'bergen' })).rejects.toThrow(/no context bergen[\s\S]*it has: oslo/);
    await expect(
      new KubernetesRolloutWatcher({ environment: { KUBECONFIG: join(folder, 'none') } }).watch([target], {
        history,
        onChange: () => {},
      }),
    ).rejects.toThrow(/no kubeconfig with a cluster/);
  });
});

describe('a fleet', () => {
  it('costs one list and one watch for each kind of a cluster, however many targets there are', async () => {
    const other = await new FakeApiServer().start();
    await writeFile(join(folder, 'config'), kubeconfigOf({ oslo: server.url, berlin: other.url }));
    const many = ['oslo', 'berlin'].flatMap((context) =>
      ['one', 'two', 'three'].map((chipset): RolloutTarget => {
        const cluster = context === 'oslo' ? server : other;
        const labels = { ...LABELS, 'fieldproof.dev/chipset': chipset };
        cluster.put(
          'kustomizations',
          kustomization({ ...at(OURS), conditions: [ready, healthy] }, { metadata: { name: `porch.${chipset}` } }),
        );
        cluster.put('pods', pod({ imageIDs: [`porch@${digest('a')}`], metadata: { name: chipset, labels } }));
        const object = { namespace: 'flux-system', name: `porch.${chipset}` };
        return { ...target, context, chipset, object, pods: { context, namespace: 'porch', labels } };
      }),
    );
    const from = watcher();
    const results = await from.watch(many, { history, onChange: () => {} });
    await other.stop();
    expect([...results.values()].map(({ state }) => state)).toEqual(many.map(() => 'healthy'));
    expect(from.calls.list).toBeLessThanOrEqual(6);
    expect(from.calls.patch).toBe(0);
    const listed = server.requests.find((request) => /GET .*\/pods/.test(request)) ?? '';
    expect(decodeURIComponent(listed)).toContain(
      'labelSelector=app.kubernetes.io/name=porch,fieldproof.dev/chipset+in+(one,three,two)',
    );
  });
});

describe('Argo CD', () => {
  const argo: Partial<RolloutTarget> = {
    controller: 'argocd',
    context: 'oslo',
    object: { namespace: 'argocd', name: 'porch.gate-oslo.orin' },
    pods: null,
  };
  const app = (revision: string, health: string, operated = revision, finishedAt = '2026-01-02T03:04:05Z') =>
    application({
      sync: { status: 'Synced', revision },
      health: { status: health },
      reconciledAt: '2026-01-02T03:04:05Z',
      operationState: { phase: 'Succeeded', message: '', finishedAt, syncResult: { revision: operated } },
    });

  it('is asked to refresh, and believed where nobody can look at the pods', async () => {
    server.put('applications', app(OLDER, 'Healthy'));
    const result = watch(argo);
    await until(() => server.requests.some((request) => request.startsWith('PATCH') && request.includes('porch.gate-oslo.orin')));
    server.put('applications', app(OURS, 'Progressing'));
    await until(() => seen.some(({ reason }) => reason === 'Progressing'));
    server.put('applications', app(OURS, 'Healthy'));
    expect(await result).toMatchObject({ state: 'healthy', reason: expect.stringMatching(/pods can't be looked at/) as string });
  });

  it('has failed when its health turns at this commit', async () => {
    server.put('applications', app(OURS, 'Progressing'));
    const result = watch(argo);
    await beginsToWait();
    server.put('applications', app(OURS, 'Degraded'));
    expect(await result).toMatchObject({ state: 'failed', reason: 'Degraded (after Progressing)' });
  });

  it('leaves it unknown where its site cannot be seen, or where it does not answer', async () => {
    await writeFile(join(folder, 'config'), kubeconfigOf({ oslo: server.url, offline: 'http://127.0.0.1:1' }));
    server.put('applications', app(OURS, 'Healthy'));
    const offline = { ...argo, pods: { context: 'offline', namespace: 'porch', labels: LABELS }, timeout: 300 };
    expect(await watch(offline)).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/127\.0\.0\.1:1 does not answer/) as string,
    });
    server.put('applications', app(OLDER, 'Healthy'));
    expect(await watch({ ...argo, timeout: 300 })).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/Argo CD .* has not answered/) as string,
    });
  });

  it('must be proved right by the pods where the commit changed nothing for it', async () => {
    server.put('applications', app(OURS, 'Healthy', OLDER));
    expect(await watch({ ...argo, timeout: 300 })).toMatchObject({ state: 'unknown' });
    server.put('pods', runs('a'));
    expect(await watch({ ...argo, pods: { context: 'oslo', namespace: 'porch', labels: LABELS } })).toMatchObject({
      state: 'healthy',
    });
  });
});
