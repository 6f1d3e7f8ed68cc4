import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoRig } from '../../testing/rig/rig.ts';
import { digest, fullPlanOf } from '../plan.fixture.ts';
import { CLIP, edited, LONG, OVERLAY, REPLAY_JOB, RolloutField, SITE } from './rollout-field.fixture.ts';

const reason = whyNoRig(['flux']);
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const CLUSTER_FILE = `clusters/${SITE}/porch.yaml`;
const dependingOn = (name: string) => edited(CLUSTER_FILE, ['prune: true', `prune: true\n  dependsOn: [{ name: ${name} }]`]);

/** One line of `flux get kustomizations`. Its revision is the last that was applied: a release that fails is not in it. */
type FluxSays = { revision: string; ready: string; message: string };

describe.skipIf(reason !== null)(`a rollout by Flux${reason === null ? '' : `: ${reason}`}`, { timeout: LONG }, () => {
  let field: RolloutField;
  beforeAll(async () => {
    field = await RolloutField.start('flux');
  }, LONG);
  afterAll(async () => await field?.rig.close(), LONG);

  const flux = (...args: string[]) => field.rig.flux(SITE).cli(...args);

  function fluxSays(name = field.object.name): FluxSays {
    const line = flux('get', 'kustomizations', name, '--no-header');
    const found = /^\S+\s+(?:(\S+@\S+)\s+)?(?:True|False)\s+(True|False|Unknown)\s+([^]*)$/.exec(line);
    if (found === null) throw new Error(`flux says: ${line}`);
    const [, revision = '', ready = '', message = ''] = found;
    return { revision, ready, message: message.trim() };
  }

  /** What Flux's own command line says when it rests. While it reconciles again, also what it has healthy, Ready is Unknown there. */
  async function fluxRests(name = field.object.name): Promise<FluxSays> {
    for (let tries = 0; tries < 150; tries += 1) {
      const says = fluxSays(name);
      if (says.ready !== 'Unknown') return says;
      await sleep(200);
    }
    return fluxSays(name);
  }

  /** A revision as the command line cuts it. */
  const short = (commit: string) => `main@sha1:${commit.slice(0, 8)}`;

  async function specIs(holds: (spec: Record<string, unknown>) => boolean): Promise<void> {
    await field.site.client.until(field.object, ({ spec }) => holds(spec as Record<string, unknown>));
  }

  it('is healthy at exactly this commit, and not while readiness is held back; flux says so too', async () => {
    await field.site.setFate({ fate: 'held', digest: digest('a') });
    const commit = field.release('a');
    await field.rig.flux(SITE).bootstrap(field.rig.git.url('fleet'));
    const result = field.watch(commit, 'a');
    await field.until((rollout) => rollout.revision?.endsWith(commit) === true && /pod/.test(rollout.reason));
    expect(field.states()).not.toContain('healthy');
    expect(fluxSays()).toMatchObject({ revision: '', ready: 'Unknown' });
    await field.site.clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: `main@sha1:${commit}` });
    const message = matching(/^Applied revision/);
    expect(await fluxRests()).toEqual({ revision: short(commit), ready: 'True', message });
  });

  it('is failed when its manifests do not build; flux says so too', async () => {
    const commit = field.release('c', edited(`${OVERLAY}/kustomization.yaml`, [/$/, '  - path: missing.yaml\n']));
    expect(await field.watch(commit, 'c')).toMatchObject({ state: 'failed', reason: matching(/^BuildFailed: .*missing\.yaml/) });
    expect(await fluxRests()).toMatchObject({ ready: 'False', message: matching(/missing\.yaml/) });
  });

  it('is failed when its image never becomes ready, in the words of the kubelet; flux still waits', async () => {
    await field.site.setFate({ fate: 'image-cannot-be-pulled', digest: digest('d') });
    const commit = field.release('d');
    expect(await field.watch(commit, 'd', 40_000)).toMatchObject({
      state: 'failed',
      reason: matching(/not healthy after .*ImagePullBackOff/),
    });
    // Its own timeout is minutes away: it has not said yes.
    const says = fluxSays();
    expect(says.ready).toBe('Unknown');
    expect(says.revision).not.toBe(short(commit));
    await field.site.clearFate();
  });

  it('is superseded when a newer commit overtakes it, whose release is healthy; flux is at the newer one', async () => {
    const overtaken = field.release('e');
    const commit = field.release('f');
    expect(await field.watch(commit, 'f')).toMatchObject({ state: 'healthy' });
    expect(await field.watch(overtaken, 'e')).toMatchObject({ state: 'superseded', revision: `main@sha1:${commit}` });
    expect(await fluxRests()).toMatchObject({ revision: short(commit), ready: 'True' });
  });

  it('goes on when its API server goes away and comes back', async () => {
    await field.site.setFate({ fate: 'held', digest: digest('a') });
    const commit = field.release('a');
    const result = field.watch(commit, 'a');
    await field.until((rollout) => rollout.revision?.endsWith(commit) === true);
    await field.site.stopApiServer('crash');
    await field.until(({ state }) => state === 'unknown');
    await field.site.startApiServer();
    await field.site.clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: `main@sha1:${commit}` });
    expect(await fluxRests()).toMatchObject({ revision: short(commit), ready: 'True' });
  });

  it('is failed when a health check fails; flux says so too, in the same words', async () => {
    // A health check that runs keeps its timeout, so the short one comes before the release that fails it.
    const shortly = edited(CLUSTER_FILE, [/timeout: \d+m/, 'timeout: 8s']);
    expect(await field.watch(field.release('1', shortly), '1')).toMatchObject({ state: 'healthy' });
    await specIs(({ timeout }) => timeout === '8s');
    await field.site.setFate({ fate: 'crashes', digest: digest('2') });
    const commit = field.release('2', shortly);
    const ours = await field.watch(commit, '2');
    const words = /^HealthCheckFailed: health check failed after \S+: (timeout waiting for: \[.*?\]); .*CrashLoopBackOff/;
    expect(ours).toMatchObject({ state: 'failed', reason: matching(words), revision: `main@sha1:${commit}` });
    const says = await fluxRests();
    expect(says).toMatchObject({ ready: 'False', message: matching(/^health check failed after/) });
    expect(says.message).toContain(words.exec(ours?.reason ?? '')?.[1]);
    expect(says.revision).not.toBe(short(commit));
    await field.site.clearFate();
  });

  it('is healthy only when it has answered its clip, and failed when the replay fails; flux says so too', async () => {
    const { replay = null } = fullPlanOf('flux');
    const commit = field.release('4', () => {}, { replay });
    const passed = await field.watch(commit, '4');
    expect(passed).toMatchObject({ state: 'healthy', replay: 'pass', revision: `main@sha1:${commit}` });
    expect(field.seen).toContainEqual(
      expect.objectContaining({ state: 'progressing', reason: matching(/the replay of its clip/) }),
    );
    const job = await field.site.client.get(REPLAY_JOB);
    expect(job.status).toMatchObject({ succeeded: 1 });
    expect(JSON.stringify(job.spec)).toContain(`fieldproof-clips@${CLIP}`);
    expect(await fluxRests(`${field.object.name}.replay`)).toMatchObject({ ready: 'True', revision: short(commit) });

    await field.site.setFate({ fate: 'fails', digest: CLIP });
    const other = field.release('5', () => {}, { replay });
    const reasoned = matching(/^the replay of its clip: HealthCheckFailed: .*porch-replay-orin/);
    expect(await field.watch(other, '5')).toMatchObject({ state: 'failed', replay: 'fail', reason: reasoned });
    expect(await fluxRests(`${field.object.name}.replay`)).toMatchObject({ ready: 'False' });
    expect(await fluxRests()).toMatchObject({ ready: 'True', revision: short(other) });
    await field.site.clearFate();
  });

  it('waits for what it depends on, and is failed when its time is over; flux says what it waits for', async () => {
    field.release('2', dependingOn('not-there'));
    await specIs(({ dependsOn }) => dependsOn !== undefined);
    const commit = field.release('3', dependingOn('not-there'));
    const words = matching(/not healthy after .*DependencyNotReady: .*not-there/);
    expect(await field.watch(commit, '3', 20_000)).toMatchObject({ state: 'failed', reason: words });
    expect(field.states()).toEqual(new Set(['progressing', 'failed']));
    expect(await fluxRests()).toMatchObject({ ready: 'False', message: matching(/not-there/) });
  });

  it('is unknown where nobody answers: controllers that are stopped; flux gets no answer either', async () => {
    await field.rig.flux(SITE).stop();
    const commit = field.release('c');
    expect(await field.watch(commit, 'c', 15_000)).toMatchObject({
      state: 'unknown',
      reason: matching(/source-controller .*has not answered/),
    });
    expect(field.states()).not.toContain('healthy');
    expect(() => flux('reconcile', 'source', 'git', 'fieldproof', '--timeout=3s')).toThrow(/context deadline exceeded/);
    expect(fluxSays().revision).not.toBe(short(commit));
  });
});
