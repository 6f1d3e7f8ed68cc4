import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApiServer, kubeconfigOf } from '../../testing/fakes/fake-api-server.ts';
import { digest } from '../plan.fixture.ts';
import { atBranch, condition, gitRepository, kustomization, OLDER, OURS, pod, relations } from '../rollout/resources.fixture.ts';
import type { Rollout, RolloutTarget } from '../rollout/rollout.ts';
import { KubernetesRolloutWatcher } from './kubernetes-rollout-watcher.ts';

const LABELS = { 'app.kubernetes.io/name': 'porch' };
const REPLAY = { metadata: { name: 'porch.orin.replay' } };
const ready = condition('Ready', 'True', 'ReconciliationSucceeded', 'Applied');
const healthy = condition('Healthy', 'True', 'HealthCheckSucceeded');
const at = (commit: string, conditions = [ready, healthy]) => ({
  lastAppliedRevision: atBranch(commit),
  lastAttemptedRevision: atBranch(commit),
  observedGeneration: 1,
  conditions,
});

let server: FakeApiServer;
let folder: string;
const seen: Rollout[] = [];

beforeEach(async () => {
  server = await new FakeApiServer().start();
  folder = await mkdtemp(join(tmpdir(), 'fieldproof-watch-'));
  await writeFile(join(folder, 'config'), kubeconfigOf({ oslo: server.url }));
  server.put('gitrepositories', gitRepository(atBranch(OURS), [ready]));
  server.put('kustomizations', kustomization(at(OURS)));
  server.put('pods', pod({ imageIDs: [`porch@${digest('a')}`], metadata: { labels: LABELS, name: 'porch-1' } }));
  server.put('kustomizations', kustomization(at(OLDER), REPLAY));
  seen.length = 0;
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function watch(timeout = 10_000): Promise<Rollout | undefined> {
  const target: RolloutTarget = {
    controller: 'flux',
    model: 'porch',
    site: 'gate-oslo',
    chipset: 'orin',
    context: 'oslo',
    object: { namespace: 'flux-system', name: 'porch.orin' },
    replay: { namespace: 'flux-system', name: 'porch.orin.replay' },
    pods: { context: 'oslo', namespace: 'porch', labels: LABELS },
    branch: 'main',
    commit: OURS,
    digests: { model: [digest('a')], runtime: null },
    timeout,
  };
  const watcher = new KubernetesRolloutWatcher({ environment: { KUBECONFIG: join(folder, 'config') } });
  const history = { relation: (_: RolloutTarget, commit: string) => Promise.resolve(relations(commit)) };
  const results = await watcher.watch([target], { history, onChange: (_, rollout) => seen.push(rollout) });
  return results.get(target);
}

async function untilItWaits(): Promise<void> {
  for (let tries = 0; seen.length === 0; tries += 1) {
    if (tries > 500) throw new Error('nothing was seen of it');
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

describe('a release that is shown a clip where it runs', () => {
  it('is healthy when it has answered it, and not before', async () => {
    const result = watch();
    await untilItWaits();
    expect(seen.at(-1)).toMatchObject({
      state: 'progressing',
      reason: expect.stringContaining('the replay of its clip') as string,
    });
    server.put('kustomizations', kustomization(at(OURS), REPLAY));
    expect(await result).toMatchObject({
      state: 'healthy',
      replay: 'pass',
      reason: expect.stringContaining('answers') as string,
    });
  });

  it('is failed when the replay is, in its words', async () => {
    const failed = condition('Ready', 'False', 'HealthCheckFailed', "Job/porch/porch-replay-orin status: 'Failed'");
    const status = { ...at(OLDER, [failed]), lastAttemptedRevision: atBranch(OURS) };
    server.put('kustomizations', kustomization(status, REPLAY));
    const reason = expect.stringMatching(/^the replay of its clip: HealthCheckFailed: .*Failed/) as string;
    expect(await watch()).toMatchObject({ state: 'failed', replay: 'fail', reason });
  });

  it('is unknown when nobody shows it one, and hurries the controller that should', async () => {
    const rollout = await watch(400);
    const reason = expect.stringMatching(/porch\.orin\.replay\) has not answered the request to reconcile/) as string;
    expect(rollout).toMatchObject({ state: 'unknown', reason });
    expect(rollout).not.toHaveProperty('replay');
  });
});
