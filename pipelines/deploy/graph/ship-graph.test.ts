import { describe, expect, it } from 'vitest';
import { digestOf, silentProgress, systemClock, type Digest } from '#kernel';
import { graphRelease, readGraph, type RolloutTarget } from '#gitops';
import { BERLIN, graphPlanOf, STAGES } from '../../../gitops/graph/graph.fixture.ts';
import type { GraphPlan } from '../../../gitops/graph/graph-plan.ts';
import { digest } from '../../../gitops/plan.fixture.ts';
import { MemoryFleet } from '../../../testing/fakes/memory-fleet.ts';
import { failed, healthy, ScriptedWatcher, type Script } from '../../../testing/fakes/scripted-watcher.ts';
import type { GraphRequest } from './graph-landing.ts';
import { shipGraph } from './ship-graph.ts';

function world(script: Script = healthy) {
  const fleet = new MemoryFleet();
  const watcher = new ScriptedWatcher(script);
  const contexts = { controller: (site: string) => site, pods: (site: string) => ({ context: site }) };
  const images = { standFor: async (reference: string) => [reference.replace(/^.*@/, '') as Digest] };
  const ports = { fleet, watcher, images, clock: systemClock, progress: silentProgress, contexts };
  const held: string[] = [];
  const ship = async (plan: GraphPlan, more: Partial<GraphRequest> = {}) => {
    const journal: GraphRequest['journal'] = {
      begin: async () => digestOf(JSON.stringify(plan)),
      hold: async (_, reason) => digestOf(String(held.push(reason))),
      trailers: async () => ({}),
    };
    return await shipGraph({ plan, former: [], watch: 'auto', timeout: 1000, journal, ...more }, ports);
  };
  const running = async () => graphRelease(await readGraph(await fleet.snapshot('main'), 'porch', STAGES), STAGES)?.stages;
  const files = async () => await (await fleet.snapshot('main')).list('');
  return { fleet, watcher, ship, running, held, files };
}

const two = { speaks: 2, reads: [1, 2] as const };
const speaking = (plan: GraphPlan, stage: string, contract: GraphPlan['stages'][number]['contract']): GraphPlan => ({
  ...plan,
  stages: plan.stages.map((each) => (each.name === stage ? { ...each, contract } : each)),
});

describe('a release of a graph', () => {
  it('is a digest for each stage, watched at every place of every stage, and is its baseline from then on', async () => {
    const { ship, running, watcher } = world();
    expect(await ship(graphPlanOf('flux'))).toMatchObject({ state: 'healthy' });
    expect(watcher.asked.map(({ model, site }) => `${model}@${site}`)).toEqual([
      'porch-motion@gate-oslo',
      'porch-motion@lobby-berlin',
      'porch-detector@gate-oslo',
      'porch-detector@lobby-berlin',
      'porch-embedder@cloud-eu',
      'porch-events@cloud-eu',
      'porch-broker@cloud-eu',
    ]);
    expect(await running()).toMatchObject({
      motion: { model: digest('1'), runtime: null },
      detector: { model: digest('2'), runtime: digest('b') },
      embedder: { model: digest('3') },
      events: { model: digest('4') },
    });
    expect(await ship(graphPlanOf('flux'))).toEqual({ state: 'unchanged' });
  });

  it('goes back as a whole when one stage fails at one site', async () => {
    const bad = (target: RolloutTarget) =>
      target.model === 'porch-detector' && target.site === BERLIN.name && target.digests.model.includes(digest('7'));
    const { ship, running } = world((target) => (bad(target) ? failed(target) : healthy(target)));
    await ship(graphPlanOf('flux'));
    const before = await running();
    const landing = await ship(graphPlanOf('flux', { detector: '7', embedder: '8' }));
    expect(landing).toMatchObject({
      state: 'reverted',
      reason: expect.stringMatching(/^detector at lobby-berlin is failed: HealthCheckFailed/),
    });
    expect(await running()).toEqual(before);
    expect('after' in landing && landing.after.every(({ rollout }) => rollout.state === 'healthy')).toBe(true);
  });

  it('that is the first and fails leaves nothing of itself', async () => {
    const { ship, running, fleet } = world(failed);
    expect(await ship(graphPlanOf('flux'))).toMatchObject({ state: 'reverted' });
    expect(await running()).toBeUndefined();
    const left = await (await fleet.snapshot('main')).list('');
    expect(left.filter((path) => !path.endsWith('/fieldproof.yaml'))).toEqual([]);
  });

  it('whose ends would not understand each other is refused before anything is written', async () => {
    const { ship, fleet } = world();
    await ship(graphPlanOf('flux'));
    const tip = (await fleet.snapshot('main')).commit;
    const early = speaking(graphPlanOf('flux', { detector: '7' }), 'detector', two);
    await expect(ship(early)).rejects.toThrow(
      /detector that comes speaks version 2 .* embedder that comes reads version 1|embedder that runs reads version 1/,
    );
    expect((await fleet.snapshot('main')).commit).toBe(tip);
    const reader = speaking(graphPlanOf('flux', { embedder: '8' }), 'embedder', { speaks: 1, reads: [1, 2] });
    expect(await ship(reader)).toMatchObject({ state: 'healthy' });
    const both = speaking(
      speaking(graphPlanOf('flux', { detector: '7', embedder: '8' }), 'embedder', { speaks: 1, reads: [1, 2] }),
      'detector',
      two,
    );
    expect(await ship(both)).toMatchObject({ state: 'healthy' });
  });
});
