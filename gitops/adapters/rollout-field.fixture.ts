import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { fleetHistory } from '../../pipelines/watch/fleet-history.ts';
import type { Cluster } from '../../testing/rig/cluster.ts';
import type { Named } from '../../testing/rig/kube-client.ts';
import { asGuests, watchersRights } from '../../testing/rig/guest.ts';
import { kubeconfigOf } from '../../testing/rig/kubeconfig.ts';
import { nodeOf, startRig, type Rig } from '../../testing/rig/rig.ts';
import { digest, planOf } from '../plan.fixture.ts';
import { readDeployed } from '../read-deployed.ts';
import type { Controller, DeployedRelease, FleetPlan } from '../release.ts';
import { renderFleet } from '../render/render-fleet.ts';
import { namesAt, ownNames, replayObject } from '../rollout/places.ts';
import type { Rollout, RolloutTarget } from '../rollout/rollout.ts';
import { GitFleetRepository } from './git-fleet-repository.ts';
import { KubernetesRolloutWatcher } from './kubernetes-rollout-watcher.ts';

export const SITE = 'gate-oslo';
export const CHIPSET = 'orin';
const PLACE = { model: 'porch', site: SITE, chipset: CHIPSET };
export const OVERLAY = `apps/porch/overlays/${SITE}/${CHIPSET}`;
/** Starting a rig, and waiting for controllers, on a machine that does other things too. */
export const LONG = 600_000;

type Files = Record<string, string>;
export type Change = (files: Files) => void;

/** Replaces words in one of a release's files. @throws Error where they are not there */
export function edited(file: string, ...edits: readonly (readonly [from: string | RegExp, to: string])[]): Change {
  return (files) => {
    for (const [from, to] of edits) {
      const before = files[file] ?? '';
      files[file] = before.replace(from, to);
      if (files[file] === before) throw new Error(`${file} holds no ${String(from)}`);
    }
  };
}

/** The Job that shows a clip, as its cluster has it. */
export const REPLAY_JOB: Named = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'porch', name: `porch-replay-${CHIPSET}` };
export const CLIP = digest('c');

/** A fleet of one site on real controllers, and what a test does with it. */
export class RolloutField {
  readonly seen: Rollout[] = [];
  readonly rig: Rig;
  readonly #controller: Controller;
  readonly #folder: string;
  readonly #kubeconfig: string;
  /** Commits whose release is shown a clip. */
  readonly #shown = new Set<string>();

  private constructor(rig: Rig, controller: Controller) {
    this.rig = rig;
    this.#controller = controller;
    this.#folder = rig.git.create('fleet');
    this.#kubeconfig = path.join(rig.folder, 'guest-kubeconfig');
  }

  static async start(controller: Controller): Promise<RolloutField> {
    const sites = [{ name: SITE, nodes: [nodeOf(CHIPSET, 'linux/arm64')] }];
    const field = new RolloutField(await startRig({ controllers: [controller], sites }), controller);
    const clusters = field.#clusters();
    for (const { client } of clusters) await client.apply(watchersRights);
    writeFileSync(field.#kubeconfig, stringify(kubeconfigOf(asGuests(clusters))));
    return field;
  }

  get site(): Cluster {
    return this.rig.site(SITE);
  }

  /** The object of the release's controller. */
  get object(): Named {
    const kinds = {
      flux: { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' },
      argocd: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
    };
    return { ...kinds[this.#controller], ...this.#names().object };
  }

  /** Commits a release of the model with this digest; `change` may spoil its files. */
  release(letter: string, change: Change = () => {}, more: Partial<FleetPlan> = {}): string {
    const files = Object.fromEntries(renderFleet({ ...this.#planOf(letter), ...more }).map((file) => [file.path, file.content]));
    change(files);
    const commit = this.rig.git.commit('fleet', files, `Deploy ${letter}`);
    if (more.replay) this.#shown.add(commit);
    return commit;
  }

  async watch(commit: string, letter: string, timeout = 180_000): Promise<Rollout | undefined> {
    this.seen.length = 0;
    const names = this.#names();
    const target: RolloutTarget = {
      controller: this.#controller,
      ...PLACE,
      context: this.#controller === 'argocd' ? 'hub' : SITE,
      object: names.object,
      ...(this.#shown.has(commit) ? { replay: replayObject(this.#controller, PLACE) } : {}),
      pods: { context: SITE, ...names.pods },
      branch: 'main',
      commit,
      digests: { model: [digest(letter)], runtime: [digest('b')] },
      timeout,
    };
    const environment = { KUBECONFIG: this.#kubeconfig };
    const watcher = new KubernetesRolloutWatcher({ environment, pace: { first: 100, most: 1000 } });
    const fleet = new GitFleetRepository({ location: this.#folder, cacheFolder: this.rig.folder, environment: process.env });
    const history = fleetHistory(fleet, readDeployed);
    return (await watcher.watch([target], { history, onChange: (_, rollout) => this.seen.push(rollout) })).get(target);
  }

  async until(holds: (rollout: Rollout) => boolean): Promise<void> {
    const deadline = performance.now() + 120_000;
    while (!this.seen.some((rollout) => holds(rollout))) {
      if (performance.now() > deadline) throw new Error(`what was waited for is not in ${JSON.stringify(this.seen, null, 1)}`);
      await sleep(100);
    }
  }

  states(): Set<Rollout['state']> {
    return new Set(this.seen.map(({ state }) => state));
  }

  #clusters(): Cluster[] {
    return [this.site, ...(this.#controller === 'argocd' ? [this.rig.argocd().hub] : [])];
  }

  #names() {
    return namesAt(ownNames(this.#controller), PLACE);
  }

  #planOf(letter: string): FleetPlan {
    const plan = planOf(this.#controller);
    const site = plan.sites.find((entry) => entry.site.name === SITE && entry.site.chipset.name === CHIPSET)?.site;
    const pin = { image: 'registry.example/acme/porch', digest: digest(letter) };
    const runtime = { image: 'registry.example/acme/fieldproof-runtime', digest: digest('b') };
    const release: DeployedRelease = { kind: 'model', model: pin, runtime, variant: 'fp16' };
    return { ...plan, source: { url: this.rig.git.url('fleet'), branch: 'main' }, sites: site ? [{ site, release }] : [] };
  }
}
