import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetHistory } from '../../pipelines/watch/fleet-history.ts';
import { binary } from '../../testing/rig/components.ts';
import { nodeOf, startRig, whyNoRig, type Rig } from '../../testing/rig/rig.ts';
import { digest, planOf } from '../plan.fixture.ts';
import { readDeployed } from '../read-deployed.ts';
import type { Controller, DeployedRelease, FleetPlan } from '../release.ts';
import { renderFleet } from '../render-fleet.ts';
import { namesAt, ownNames } from '../rollout/places.ts';
import type { Rollout, RolloutTarget } from '../rollout/rollout.ts';
import { GitFleetRepository } from './git-fleet-repository.ts';
import { KubernetesRolloutWatcher } from './kubernetes-rollout-watcher.ts';

const SITE = 'gate-oslo';
const CHIPSET = 'orin';
const KUSTOMIZATION = `apps/porch/overlays/${SITE}/${CHIPSET}/kustomization.yaml`;
const reason = whyNoRig();
/** Starting a rig, and waiting for controllers, on a machine that does other things too. */
const LONG = 600_000;

/** A fleet of one site on real controllers, and what a test does with it. */
class Field {
  readonly seen: Rollout[] = [];
  readonly #rig: Rig;
  readonly #controller: Controller;
  readonly #folder: string;

  constructor(rig: Rig, controller: Controller) {
    this.#rig = rig;
    this.#controller = controller;
    this.#folder = rig.git.create('fleet');
  }

  /** Commits a release of the model with this digest; `change` may spoil its files. */
  release(letter: string, change: (files: Record<string, string>) => void = () => {}): string {
    const files = Object.fromEntries(renderFleet(this.#planOf(letter)).map(({ path, content }) => [path, content]));
    change(files);
    return this.#rig.git.commit('fleet', files, `Deploy ${letter}`);
  }

  async watch(commit: string, letter: string, timeout = 180_000): Promise<Rollout | undefined> {
    this.seen.length = 0;
    const argo = this.#controller === 'argocd';
    const names = namesAt(ownNames(this.#controller), { model: 'porch', site: SITE, chipset: CHIPSET });
    const target: RolloutTarget = {
      controller: this.#controller,
      model: 'porch',
      site: SITE,
      chipset: CHIPSET,
      context: argo ? 'hub' : SITE,
      object: names.object,
      pods: { context: SITE, ...names.pods },
      branch: 'main',
      commit,
      digests: { model: [digest(letter)], runtime: [digest('b')] },
      timeout,
    };
    const watcher = new KubernetesRolloutWatcher({
      environment: { KUBECONFIG: this.#rig.kubeconfig },
      pace: { first: 100, most: 1000 },
    });
    const fleet = new GitFleetRepository({ location: this.#folder, cacheFolder: this.#rig.folder, environment: process.env });
    const history = fleetHistory(fleet, readDeployed);
    return (await watcher.watch([target], { history, onChange: (_, rollout) => this.seen.push(rollout) })).get(target);
  }

  async until(holds: (rollout: Rollout) => boolean): Promise<void> {
    while (!this.seen.some((rollout) => holds(rollout))) await new Promise((wake) => setTimeout(wake, 100));
  }

  states(): Set<Rollout['state']> {
    return new Set(this.seen.map(({ state }) => state));
  }

  #planOf(letter: string): FleetPlan {
    const plan = planOf(this.#controller);
    const site = plan.sites.find((entry) => entry.site.name === SITE && entry.site.chipset.name === CHIPSET)?.site;
    const pin = { image: 'registry.example/acme/porch', digest: digest(letter) };
    const runtime = { image: 'registry.example/acme/fieldproof-runtime', digest: digest('b') };
    const release: DeployedRelease = { kind: 'model', model: pin, runtime, variant: 'fp16' };
    return { ...plan, source: { url: this.#rig.git.url('fleet'), branch: 'main' }, sites: site ? [{ site, release }] : [] };
  }
}

/** A change of the Kustomization that Flux has for the release. */
const inCluster =
  (from: RegExp, to: string) =>
  (files: Record<string, string>): void => {
    const name = `clusters/${SITE}/porch.yaml`;
    files[name] = files[name]?.replace(from, to) ?? '';
  };

const rigWith = async (controller: Controller) =>
  await startRig({ controllers: [controller], sites: [{ name: SITE, nodes: [nodeOf(CHIPSET, 'linux/arm64')] }] });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

describe.skipIf(reason !== null)(`a rollout by Flux${reason === null ? '' : `: ${reason}`}`, { timeout: LONG }, () => {
  let rig: Rig;
  let field: Field;
  beforeAll(async () => {
    rig = await rigWith('flux');
    field = new Field(rig, 'flux');
  }, LONG);
  afterAll(async () => await rig?.close(), LONG);

  /** What Flux's own command line says, once it has heard of the commit and rests. */
  async function fluxSaysOf(commit: string): Promise<string> {
    const env = { KUBECONFIG: rig.site(SITE).kubeconfig, HOME: rig.folder };
    for (let tries = 0; ; tries += 1) {
      const said = execFileSync(binary('flux'), ['get', 'kustomizations', `porch.${CHIPSET}`, '--no-header'], {
        env,
        encoding: 'utf8',
      });
      if ((said.includes(commit.slice(0, 8)) && !said.includes('in progress')) || tries === 300) return said;
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }

  async function specIs(holds: (spec: Record<string, unknown>) => boolean): Promise<void> {
    const { namespace, name } = namesAt(ownNames('flux'), { model: 'porch', site: SITE, chipset: CHIPSET }).object;
    const named = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', namespace, name };
    await rig.site(SITE).client.until(named, ({ spec }) => holds(spec as Record<string, unknown>));
  }

  it('is healthy at exactly this commit, and not while readiness is held back', async () => {
    await rig.site(SITE).setFate({ fate: 'held', digest: digest('a') });
    const commit = field.release('a');
    await rig.flux(SITE).bootstrap(rig.git.url('fleet'));
    const result = field.watch(commit, 'a');
    await field.until((rollout) => rollout.revision?.endsWith(commit) === true && /pod/.test(rollout.reason));
    expect(field.states()).not.toContain('healthy');
    await rig.site(SITE).clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: `main@sha1:${commit}` });
    expect(await fluxSaysOf(commit)).toMatch(/False\s+True\s+Applied revision/);
  });

  it('is failed when its manifests do not build', async () => {
    const commit = field.release('c', (files) => (files[KUSTOMIZATION] = `${files[KUSTOMIZATION]}  - path: missing.yaml\n`));
    expect(await field.watch(commit, 'c')).toMatchObject({ state: 'failed', reason: matching(/^BuildFailed: .*missing\.yaml/) });
  });

  it('is failed when its image never becomes ready, in the words of the kubelet', async () => {
    await rig.site(SITE).setFate({ fate: 'image-cannot-be-pulled', digest: digest('d') });
    const commit = field.release('d');
    expect(await field.watch(commit, 'd', 40_000)).toMatchObject({
      state: 'failed',
      reason: matching(/not healthy after .*ImagePullBackOff/),
    });
    await rig.site(SITE).clearFate();
  });

  it('is superseded when a newer commit overtakes it, whose release is healthy', async () => {
    const overtaken = field.release('e');
    const commit = field.release('f');
    expect(await field.watch(commit, 'f')).toMatchObject({ state: 'healthy' });
    expect(await field.watch(overtaken, 'e')).toMatchObject({ state: 'superseded', revision: `main@sha1:${commit}` });
  });

  it('goes on when its API server goes away and comes back', async () => {
    await rig.site(SITE).setFate({ fate: 'held', digest: digest('a') });
    const commit = field.release('a');
    const result = field.watch(commit, 'a');
    await field.until((rollout) => rollout.revision?.endsWith(commit) === true);
    await rig.site(SITE).stopApiServer('crash');
    await field.until(({ state }) => state === 'unknown');
    await rig.site(SITE).startApiServer();
    await rig.site(SITE).clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: `main@sha1:${commit}` });
  });

  it('is failed when a health check fails', async () => {
    // A health check that runs keeps its timeout, so the short one comes before the release that fails it.
    const shortly = inCluster(/timeout: \d+m/, 'timeout: 8s');
    expect(await field.watch(field.release('1', shortly), '1')).toMatchObject({ state: 'healthy' });
    await specIs(({ timeout }) => timeout === '8s');
    await rig.site(SITE).setFate({ fate: 'crashes', digest: digest('2') });
    const commit = field.release('2', shortly);
    const words = matching(/^HealthCheckFailed: .*CrashLoopBackOff/);
    expect(await field.watch(commit, '2')).toMatchObject({ state: 'failed', reason: words, revision: `main@sha1:${commit}` });
    expect(await fluxSaysOf(commit)).toMatch(/False\s+False\s+health check failed after/);
    await rig.site(SITE).clearFate();
  });

  it('waits for what it depends on, and is failed when its time is over', async () => {
    const depending = inCluster(/prune: true/, 'prune: true\n  dependsOn: [{ name: not-there }]');
    field.release('2', depending);
    await specIs(({ dependsOn }) => dependsOn !== undefined);
    const commit = field.release('3', depending);
    const words = matching(/not healthy after .*DependencyNotReady: .*not-there/);
    expect(await field.watch(commit, '3', 20_000)).toMatchObject({ state: 'failed', reason: words });
    expect(field.states()).toEqual(new Set(['progressing', 'failed']));
  });

  it('is unknown where nobody answers: controllers that are stopped', async () => {
    await rig.flux(SITE).stop();
    const commit = field.release('c');
    expect(await field.watch(commit, 'c', 15_000)).toMatchObject({
      state: 'unknown',
      reason: matching(/source-controller .*has not answered/),
    });
    expect(field.states()).not.toContain('healthy');
  });
});

describe.skipIf(reason !== null)(`a rollout by Argo CD${reason === null ? '' : `: ${reason}`}`, { timeout: LONG }, () => {
  let rig: Rig;
  let field: Field;
  beforeAll(async () => {
    rig = await rigWith('argocd');
    field = new Field(rig, 'argocd');
  }, LONG);
  afterAll(async () => await rig?.close(), LONG);

  it('is healthy at exactly this commit, and not while readiness is held back', async () => {
    await rig.site(SITE).setFate({ fate: 'held', digest: digest('a') });
    const commit = field.release('a');
    await rig.argocd().bootstrap(rig.git.url('fleet'));
    const result = field.watch(commit, 'a');
    await field.until((rollout) => rollout.revision === commit && /pod/.test(rollout.reason));
    expect(field.states()).not.toContain('healthy');
    await rig.site(SITE).clearFate();
    expect(await result).toMatchObject({ state: 'healthy', revision: commit });
  });

  it('is failed, in its own words, when its manifests do not build', async () => {
    const commit = field.release('c', (files) => (files[KUSTOMIZATION] = `${files[KUSTOMIZATION]}  - path: missing.yaml\n`));
    expect(await field.watch(commit, 'c', 40_000)).toMatchObject({
      state: 'failed',
      reason: matching(/ComparisonError: .*missing\.yaml/),
    });
  });

  it('is superseded when a newer commit overtakes it, whose release is healthy', async () => {
    const overtaken = field.release('e');
    const commit = field.release('f');
    expect(await field.watch(commit, 'f')).toMatchObject({ state: 'healthy' });
    expect(await field.watch(overtaken, 'e')).toMatchObject({ state: 'superseded', revision: commit });
  });
});
