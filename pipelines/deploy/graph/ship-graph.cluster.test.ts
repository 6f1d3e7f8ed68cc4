import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { digestOf, silentProgress, systemClock, type Digest } from '#kernel';
import { appOf, graphRelease, readGraph, type Controller } from '#gitops';
import { GitFleetRepository, KubernetesRolloutWatcher } from '#gitops/adapters';
import { graphPlanOf, CLOUD, OSLO, STAGES } from '../../../gitops/graph/graph.fixture.ts';
import type { GraphPlan } from '../../../gitops/graph/graph-plan.ts';
import { digest } from '../../../gitops/plan.fixture.ts';
import { disks } from '../../../testing/rig/disks.ts';
import { asGuests, watchersRights } from '../../../testing/rig/guest.ts';
import { kubeconfigOf } from '../../../testing/rig/kubeconfig.ts';
import { nodeOf, startRig, whyNoRig, type Rig } from '../../../testing/rig/rig.ts';
import type { GraphLanding } from './graph-landing.ts';
import { shipGraph } from './ship-graph.ts';

/** Starting a rig, and waiting for controllers, on a machine that does other things too. */
const LONG = 600_000;
/** Milliseconds that a rollout may take at a site; a stage that fails is known by then. */
const ROLLOUT = 60_000;
const PLACES = [OSLO, CLOUD];
type Letters = Parameters<typeof graphPlanOf>[1];

class GraphField {
  readonly rig: Rig;
  readonly #controller: Controller;
  readonly #fleet: GitFleetRepository;
  readonly #kubeconfig: string;

  private constructor(rig: Rig, controller: Controller) {
    this.rig = rig;
    this.#controller = controller;
    const location = rig.git.create('fleet');
    this.#fleet = new GitFleetRepository({ location, cacheFolder: rig.folder, environment: process.env });
    this.#kubeconfig = path.join(rig.folder, 'guest-kubeconfig');
  }

  static async start(controller: Controller): Promise<GraphField> {
    const sites = PLACES.map(({ name, chipset }) => ({ name, nodes: [nodeOf(chipset.name)] }));
    const field = new GraphField(await startRig({ controllers: [controller], sites }), controller);
    const clusters = PLACES.map(({ name }) => field.rig.site(name));
    for (const { client } of clusters) await client.apply(disks);
    const watched = [...clusters, ...(controller === 'argocd' ? [field.rig.argocd().hub] : [])];
    for (const { client } of watched) await client.apply(watchersRights);
    writeFileSync(field.#kubeconfig, stringify(kubeconfigOf(asGuests(watched))));
    return field;
  }

  plan(letters: Letters = {}): GraphPlan {
    const plan = graphPlanOf(this.#controller, letters);
    const here = (name: string) => PLACES.some((place) => place.name === name);
    const stages = plan.stages.map((stage) => ({
      ...stage,
      places: stage.places
        .filter(({ site }) => here(site.name))
        .map(({ site, release }) => ({ site: { ...site, timeout: ROLLOUT }, release })),
    }));
    return { ...plan, source: { url: this.rig.git.url('fleet'), branch: 'main' }, stages };
  }

  async ship(plan: GraphPlan): Promise<GraphLanding> {
    const watcher = new KubernetesRolloutWatcher({
      environment: { KUBECONFIG: this.#kubeconfig },
      pace: { first: 100, most: 1000 },
    });
    const contexts = {
      controller: (site: string) => (this.#controller === 'argocd' ? 'hub' : site),
      pods: (site: string) => ({ context: site }),
    };
    const images = { standFor: async (reference: string) => [reference.replace(/^.*@/, '') as Digest] };
    const ports = { fleet: this.#fleet, watcher, images, clock: systemClock, progress: silentProgress, contexts };
    const journal = {
      begin: async () => digestOf(JSON.stringify(plan)),
      hold: async (shipment: Digest) => shipment,
      trailers: async () => ({}),
    };
    return await shipGraph({ plan, former: [], watch: 'auto', timeout: ROLLOUT * 2, journal }, ports);
  }

  async bootstrap(): Promise<void> {
    const url = this.rig.git.url('fleet');
    if (this.#controller === 'argocd') return await this.rig.argocd().bootstrap(url);
    for (const { name } of PLACES) await this.rig.flux(name).bootstrap(url);
  }

  async tip() {
    return await this.#fleet.snapshot('main');
  }

  /** The pods of each stage as their clusters have them: what they run, and which pods they are. */
  async pods(): Promise<Record<string, { digest: string; uid: string }[]>> {
    const found = STAGES.map(async (stage) => {
      const namespace = appOf('porch', stage);
      const pods = await Promise.all(
        PLACES.map(async ({ name }) => await this.rig.site(name).client.list({ apiVersion: 'v1', kind: 'Pod', namespace })),
      );
      const alive = pods.flat().filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
      return [stage, alive.map(({ spec, metadata }) => ({ digest: modelOf(spec), uid: String(metadata['uid']) }))] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }
}

type PodSpec = { containers: { image: string }[]; volumes?: { name: string; image?: { reference: string } }[] };
function modelOf({ containers, volumes = [] }: PodSpec): string {
  const image = volumes.find(({ name }) => name === 'model')?.image?.reference ?? containers[0]?.image;
  return image?.split('@')[1] ?? '';
}

const two = { speaks: 2, reads: [1, 2] as const };

describe.each(['flux', 'argocd'] as const)('a graph on real clusters, with %s', (controller) => {
  const reason = whyNoRig([controller]);
  describe.skipIf(reason !== null)(`is released as one${reason === null ? '' : `: ${reason}`}`, { timeout: LONG }, () => {
    let field: GraphField;
    beforeAll(async () => {
      field = await GraphField.start(controller);
    }, LONG);
    afterAll(async () => await field?.rig.close(), LONG);

    const digests = async () => {
      const pods = await field.pods();
      return Object.fromEntries(STAGES.map((stage) => [stage, [...new Set(pods[stage]?.map((pod) => pod.digest))]]));
    };
    const all = (motion: string, detector: string, embedder: string, events: string) => ({
      motion: [digest(motion)],
      detector: [digest(detector)],
      embedder: [digest(embedder)],
      events: [digest(events)],
    });
    const running = async () => graphRelease(await readGraph(await field.tip(), 'porch', STAGES), STAGES)?.stages;
    const modelOfStage = (stages: Awaited<ReturnType<typeof running>>, stage: string): Digest | undefined =>
      stages?.[stage]?.model;

    it('each stage at its place, with its broker', async () => {
      const shipping = field.ship(field.plan());
      await expect.poll(async () => (await field.tip()).commit, { timeout: 30_000 }).not.toBeNull();
      await field.bootstrap();
      const landing = await shipping;
      expect(landing).toMatchObject({ state: 'healthy' });
      expect(await digests()).toEqual(all('1', '2', '3', '4'));
      const broker = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'porch-broker', name: 'broker' };
      await field.rig.site(CLOUD.name).client.until(broker, ({ status }) => status?.readyReplicas === 1);
      const policies = await field.rig.site(OSLO.name).client.list({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' });
      expect(new Set(policies.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['porch-detector', 'porch-motion']));
    });

    it('of which a stage that is updated moves alone', async () => {
      const before = await field.pods();
      const landing = await field.ship(field.plan({ detector: '7' }));
      expect(landing).toMatchObject({ state: 'healthy' });
      await expect.poll(digests, { timeout: 30_000 }).toEqual(all('1', '7', '3', '4'));
      const after = await field.pods();
      expect({ ...after, detector: [] }).toEqual({ ...before, detector: [] });
      expect(after['detector']).not.toEqual(before['detector']);
    });

    it('and goes back as one when a stage fails, the stages that were healthy too', async () => {
      await field.rig.site(OSLO.name).setFate({ fate: 'crashes', digest: digest('8') });
      const landing = await field.ship(field.plan({ detector: '8', events: '5' }));
      expect(landing).toMatchObject({
        state: 'reverted',
        reason: expect.stringMatching(/^detector at gate-oslo is failed: .*CrashLoopBackOff/),
      });
      await field.rig.site(OSLO.name).clearFate();
      expect('after' in landing && landing.after.map(({ rollout }) => rollout.state)).toEqual(Array(5).fill('healthy'));
      await expect.poll(digests, { timeout: 60_000 }).toEqual(all('1', '7', '3', '4'));
      expect(modelOfStage(await running(), 'events')).toBe(digest('4'));
    });

    it('or not at all when its stages would not understand each other', async () => {
      const plan = field.plan({ detector: '9' });
      const stages = plan.stages.map((stage) => (stage.name === 'detector' ? { ...stage, contract: two } : stage));
      const before = await field.tip();
      await expect(field.ship({ ...plan, stages })).rejects.toThrow(/speaks version 2 of the message contract[\s\S]*remedy/);
      expect((await field.tip()).commit).toBe(before.commit);
      expect(await digests()).toEqual(all('1', '7', '3', '4'));
    });
  });
});
