import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { binary } from '../../testing/rig/components.ts';
import { whyNoRig } from '../../testing/rig/rig.ts';
import { digest, fullPlanOf } from '../plan.fixture.ts';
import { CLIP, edited, LONG, OVERLAY, REPLAY_JOB, RolloutField, SITE, type Change } from './rollout-field.fixture.ts';

const reason = whyNoRig(['argocd']);
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

const DEPLOYMENT = `${OVERLAY}/deployment.yaml`;
const KUSTOMIZATION = `${OVERLAY}/kustomization.yaml`;
/** A sync that fails is tried again for minutes; what comes of it is the same after one retry. */
const soonSure = edited(`clusters/${SITE}/porch.yaml`, ['limit: 5', 'limit: 1'], ['duration: 10s', 'duration: 1s']);
const both =
  (...changes: readonly Change[]): Change =>
  (files) => {
    for (const change of changes) change(files);
  };

/** A Job that Argo CD waits for before it syncs: what it calls a hook is how a release depends on something there. */
const behindHook = (letter: string): Change =>
  both(edited(KUSTOMIZATION, ['resources:\n', 'resources:\n  - gate.yaml\n']), (files) => {
    const metadata = { name: 'gate', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } };
    const containers = [{ name: 'gate', image: `registry.example/gate@${digest(letter)}` }];
    const template = { spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers } };
    files[`${OVERLAY}/gate.yaml`] = stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template } });
  });

type ArgoSays = {
  sync: { status: string; revision: string };
  health: { status: string };
  conditions?: { type: string; message: string }[];
  operationState: { phase: string; message: string; syncResult?: { revision: string } };
};

describe.skipIf(reason !== null)(`a rollout by Argo CD${reason === null ? '' : `: ${reason}`}`, { timeout: LONG }, () => {
  let field: RolloutField;
  beforeAll(async () => {
    field = await RolloutField.start('argocd');
  }, LONG);
  afterAll(async () => await field?.rig.close(), LONG);

  const name = () => field.object.name;
  const release = (letter: string, change: Change = () => {}) => field.release(letter, both(soonSure, change));
  const argoSays = () => (JSON.parse(field.rig.argocd().cli('app', 'get', name(), '-o', 'json')) as { status: ArgoSays }).status;

  /** Whether `argocd app wait` says yes within some seconds, and what it says. */
  function argoWaits(...conditions: readonly string[]): { yes: boolean; words: string } {
    const args = ['app', 'wait', name(), ...conditions, '--timeout', '8', ...field.rig.argocd().cliArguments];
    const env = { HOME: field.rig.folder, PATH: process.env['PATH'] };
    const { status, stdout, stderr } = spawnSync(binary('argocd'), args, { env, encoding: 'utf8', timeout: 60_000 });
    return { yes: status === 0, words: stdout + stderr };
  }
  const isFine = () => argoWaits('--sync', '--health', '--operation').yes;

  it('is healthy at exactly this commit, and not while readiness is held back; argocd says so too', async () => {
    await field.site.setFate({ fate: 'held', digest: digest('a') });
    const commit = release('a');
    await field.rig.argocd().bootstrap(field.rig.git.url('fleet'));
    const result = field.watch(commit, 'a');
    await field.until((rollout) => rollout.revision === commit && /pod/.test(rollout.reason));
    expect(field.states()).not.toContain('healthy');
    expect(argoWaits('--health')).toMatchObject({ yes: false, words: matching(/timed out/) });
    await field.site.clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: commit });
    expect(isFine()).toBe(true);
    expect(argoSays()).toMatchObject({ sync: { status: 'Synced', revision: commit }, health: { status: 'Healthy' } });
  });

  it('is failed, in its own words, when its manifests do not build; argocd quotes the same error', async () => {
    const commit = release('c', edited(KUSTOMIZATION, [/$/, '  - path: missing.yaml\n']));
    expect(await field.watch(commit, 'c', 30_000)).toMatchObject({
      state: 'failed',
      reason: matching(/ComparisonError: .*missing\.yaml/),
    });
    const error = { type: 'ComparisonError', message: matching(/missing\.yaml/) };
    expect(argoSays().conditions).toContainEqual(expect.objectContaining(error));
    expect(argoWaits('--sync').yes).toBe(false);
  });

  it('is failed when its image never becomes ready, in the words of the kubelet; argocd still waits', async () => {
    await field.site.setFate({ fate: 'image-cannot-be-pulled', digest: digest('d') });
    const commit = release('d');
    expect(await field.watch(commit, 'd', 30_000)).toMatchObject({
      state: 'failed',
      reason: matching(/not healthy after .*Progressing.*ImagePullBackOff/),
    });
    expect(argoSays()).toMatchObject({ sync: { revision: commit }, health: { status: 'Progressing' } });
    await field.site.clearFate();
  });

  it('is superseded when a newer commit overtakes it, whose release is healthy; argocd is at the newer one', async () => {
    const overtaken = release('e');
    const commit = release('f');
    expect(await field.watch(commit, 'f')).toMatchObject({ state: 'healthy' });
    expect(await field.watch(overtaken, 'e')).toMatchObject({ state: 'superseded', revision: commit });
    expect(argoSays()).toMatchObject({ sync: { status: 'Synced', revision: commit }, health: { status: 'Healthy' } });
  });

  it('is failed when its health check fails; argocd sees it degraded too', async () => {
    await field.site.setFate({ fate: 'crashes', digest: digest('1') });
    const commit = release('1', edited(DEPLOYMENT, ['progressDeadlineSeconds: 600', 'progressDeadlineSeconds: 5']));
    expect(await field.watch(commit, '1')).toMatchObject({
      state: 'failed',
      reason: matching(/^Degraded.*\(after Progressing\).*CrashLoopBackOff/),
      revision: commit,
    });
    expect(argoWaits('--degraded').yes).toBe(true);
    expect(argoWaits('--health').yes).toBe(false);
    await field.site.clearFate();
  });

  it('is failed when its sync fails; argocd says why in the same words', async () => {
    const commit = release('2', edited(DEPLOYMENT, [/^spec:$/m, 'spec:\n  replicas: -1']));
    const ours = await field.watch(commit, '2');
    expect(ours).toMatchObject({ state: 'failed', reason: matching(/^Failed: .*replicas/), revision: commit });
    const { sync, operationState } = argoSays();
    expect([sync.status, operationState.phase]).toEqual(['OutOfSync', 'Failed']);
    expect(ours?.reason).toContain(operationState.message.replaceAll(/\s+/g, ' ').trim());
    expect(argoWaits('--sync').yes).toBe(false);
  });

  it('is healthy only when it has answered its clip, and failed when the hook that shows it fails', async () => {
    const { replay = null } = fullPlanOf('argocd');
    const commit = field.release('8', soonSure, { replay });
    expect(await field.watch(commit, '8')).toMatchObject({ state: 'healthy', replay: 'pass', revision: commit });
    const job = await field.site.client.get(REPLAY_JOB);
    expect(job.status).toMatchObject({ succeeded: 1 });
    expect(JSON.stringify(job.spec)).toContain(`fieldproof-clips@${CLIP}`);
    expect(isFine()).toBe(true);

    await field.site.setFate({ fate: 'fails', digest: CLIP });
    const other = field.release('9', soonSure, { replay });
    const reasoned = matching(/^Failed: .*; hook porch-replay-orin: /);
    expect(await field.watch(other, '9')).toMatchObject({ state: 'failed', replay: 'fail', reason: reasoned });
    expect(argoSays().operationState.phase).toBe('Failed');
    await field.site.clearFate();
  });

  it('waits for what it depends on, is failed when its time is over, and healthy when that comes about', async () => {
    await field.site.setFate({ fate: 'held', digest: digest('4') });
    const commit = release('3', behindHook('4'));
    const words = matching(/not healthy after .*Running: waiting for completion of hook batch\/Job\/gate/);
    expect(await field.watch(commit, '3', 20_000)).toMatchObject({ state: 'failed', reason: words });
    expect(field.states()).toEqual(new Set(['progressing', 'failed']));
    expect(argoSays().operationState).toMatchObject({ phase: 'Running', message: matching(/completion of hook/) });
    await field.site.clearFate();
    expect(await field.watch(commit, '3')).toMatchObject({ state: 'healthy', revision: commit });
    expect(isFine()).toBe(true);
  });

  it.each(['its site', 'the hub'])('goes on when the API server of %s goes away and comes back', async (where) => {
    const [cluster, letter] = where === 'the hub' ? [field.rig.argocd().hub, '5'] : [field.site, '6'];
    await field.site.setFate({ fate: 'held', digest: digest(letter) });
    const commit = release(letter);
    const result = field.watch(commit, letter);
    await field.until((rollout) => rollout.revision === commit && /what runs is/.test(rollout.reason));
    await cluster.stopApiServer('crash');
    await field.until(({ state }) => state === 'unknown');
    await cluster.startApiServer();
    await field.site.clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: commit });
    expect(isFine()).toBe(true);
  });

  it('is unknown where nobody answers: a controller that is stopped; argocd gets no answer either', async () => {
    await field.rig.argocd().stop('application-controller');
    const commit = release('7');
    expect(await field.watch(commit, '7', 15_000)).toMatchObject({
      state: 'unknown',
      reason: matching(/Argo CD \(Application .*has not answered/),
    });
    expect(field.states()).not.toContain('healthy');
    // Asked to look anew, it waits for its controller, gives up, and shows what it had.
    const refreshed = field.rig.argocd().cli('app', 'get', name(), '--refresh', '--timeout', '5');
    expect(refreshed).toMatch(/cancelling context/);
    expect(argoSays().sync.revision).not.toBe(commit);
  });
});
