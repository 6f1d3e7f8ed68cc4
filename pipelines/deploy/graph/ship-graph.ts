import { isDigest, type Digest } from '#kernel';
import { commitMessage, type FleetRepository, type GraphPlan, parseTrailers, type RolloutWatcher } from '#gitops';
import { againWhenMoved } from '../again-when-moved.ts';
import { graphChanges, ownPaths, type Planned } from './graph-changes.ts';
import type { GraphLanding, GraphPorts, GraphRequest } from './graph-landing.ts';
import { takeBack } from './take-back.ts';
import { watchStages } from './watch-stages.ts';

/**
 * One release of a graph: read what runs, refuse what would not understand itself, commit it, watch every stage, and take all of it back
 * if one fails.
 * @throws CouldNotRun for an incompatible pair, before anything is written
 */
export async function shipGraph(request: GraphRequest, ports: GraphPorts): Promise<GraphLanding> {
  const landed = await againWhenMoved(ports.clock, async () => await land(request, ports));
  if (!landed.fresh && request.watch !== 'always') return { state: 'unchanged' };
  if (ports.watcher === null || request.watch === 'never') return unwatched(landed);
  return await settle(landed, request, ports.watcher, ports);
}

/** A commit of the branch that deploys the plan; `fresh`: by this very call. `record`: of its shipment, where it is one. */
export type Landed = { commit: string; record: Digest | null; fresh: boolean };

async function land(request: GraphRequest, { fleet, clock }: GraphPorts): Promise<Landed> {
  const { plan, journal } = request;
  const { branch } = plan.source;
  const tip = await fleet.snapshot(branch);
  const files = await graphChanges(request, tip);
  if (files.length === 0) return await lastShipped(request, fleet);
  const record = await journal.begin();
  const trailers = { 'Fieldproof-Model': plan.graph, 'Fieldproof-Record': record, ...(await journal.trailers()) };
  const message = commitMessage({ subject: `Deploy ${plan.graph}`, body: digestsOf(plan), trailers });
  const { commit } = await fleet.commit({ parent: tip.commit, branch, files, message, date: clock.now() });
  return { commit, record, fresh: true };
}

/** The commit that brought what is there already; somebody's own is no shipment. */
export async function lastShipped(planned: Planned, fleet: FleetRepository): Promise<Landed> {
  const { graph, source } = planned.plan;
  const tip = await fleet.snapshot(source.branch);
  const commit = (await tip.lastChange(await ownPaths(planned, tip))) ?? tip.commit ?? '';
  const trailers = parseTrailers((await fleet.at(source.branch, commit))?.message ?? '');
  const named = trailers['Fieldproof-Record'] ?? '';
  const isShipment = trailers['Fieldproof-Model'] === graph && trailers['Fieldproof-Reverts'] === undefined && isDigest(named);
  return { commit, record: isShipment ? named : null, fresh: false };
}

function unwatched({ commit, record, fresh }: Landed): GraphLanding {
  return fresh && record !== null ? { state: 'landed', commit, record } : { state: 'unchanged' };
}

async function settle(
  { commit, record }: Landed,
  request: GraphRequest,
  watcher: RolloutWatcher,
  ports: GraphPorts,
): Promise<GraphLanding> {
  const rollouts = await watchStages(request, commit, watcher, ports);
  const failed = rollouts.find(({ rollout }) => rollout.state === 'failed');
  if (failed === undefined) {
    // A commit that the branch holds no more was watched nowhere.
    const isHealthy = rollouts.length > 0 && rollouts.every(({ rollout }) => rollout.state === 'healthy');
    return { state: isHealthy ? 'healthy' : 'unknown', commit, record, rollouts };
  }
  const reason = `${failed.stage} at ${failed.site} is failed: ${failed.rollout.reason}`;
  if (record === null)
    return { state: 'stays', commit, record, reason: `${reason}; ${commit.slice(0, 12)} is no release of ours`, rollouts };
  return await takeBack({ commit, record, reason, rollouts }, request, watcher, ports);
}

function digestsOf({ stages }: GraphPlan): string {
  return stages.map(({ name, places }) => `${name} ${places[0]?.release.model.digest ?? ''}`).join('\n');
}
