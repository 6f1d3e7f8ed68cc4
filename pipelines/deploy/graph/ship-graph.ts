import { type Clock, CouldNotRun, type Digest } from '#kernel';
import {
  commitMessage,
  concernsGraph,
  contractProblems,
  type FleetFile,
  type FleetRepository,
  type FleetSnapshot,
  type GraphPlan,
  planRevert,
  readBroker,
  readGraph,
  renderGraph,
  type Rollout,
  type RolloutTarget,
  type RolloutWatcher,
  writtenFiles,
} from '#gitops';
import { fleetHistory } from '#pipelines/watch';
import { graphTargets, type Contexts, readerOf } from './graph-targets.ts';

export type ShipPorts = { fleet: FleetRepository; watcher: RolloutWatcher; clock: Pick<Clock, 'now'>; contexts: Contexts };

/** What comes of a release of a graph. `record`: the ledger's record of its verdict. */
export type GraphRequest = { plan: GraphPlan; record: Digest; timeout: number };

export type GraphLanding =
  | { state: 'unchanged' }
  | { state: 'healthy' | 'unknown'; commit: string; rollouts: readonly StageRollout[] }
  /** Every stage that the release changed is as it was, those that were healthy too; `stays` says why nothing could be taken back. */
  | {
      state: 'reverted';
      commit: string;
      revertedBy: string;
      reason: string;
      rollouts: readonly StageRollout[];
      after: readonly StageRollout[];
    }
  | { state: 'stays'; commit: string; reason: string; rollouts: readonly StageRollout[] };

export type StageRollout = { stage: string; site: string; rollout: Rollout };

/**
 * One release of a graph: read what runs, refuse what would not understand itself, commit it, watch every stage, and take all of it back
 * if one fails.
 * @throws CouldNotRun for an incompatible pair, before anything is written
 */
export async function shipGraph(request: GraphRequest, ports: ShipPorts): Promise<GraphLanding> {
  const { plan, record } = request;
  const stages = plan.stages.map(({ name }) => name);
  const { branch } = plan.source;
  const tip = await ports.fleet.snapshot(branch);
  const running = await readGraph(tip, plan.graph, stages);
  const problems = contractProblems(plan, running.contracts);
  if (problems.length > 0) throw new CouldNotRun(problems);
  const files = await changedFiles(tip, renderGraph(plan));
  if (files.length === 0) return { state: 'unchanged' };
  const message = messageOf(plan, record, `Deploy ${plan.graph}`, {});
  const { commit } = await ports.fleet.commit({ parent: tip.commit, branch, files, message, date: ports.clock.now() });
  const rollouts = await watchAll(request, commit, ports);
  const failed = rollouts.find(({ rollout }) => rollout.state === 'failed');
  if (failed !== undefined) return await takeBack(request, { commit, rollouts, failed }, ports);
  return { state: rollouts.every(({ rollout }) => rollout.state === 'healthy') ? 'healthy' : 'unknown', commit, rollouts };
}

async function changedFiles(tip: FleetSnapshot, files: readonly { path: string; content: string }[]): Promise<FleetFile[]> {
  const before = await Promise.all(files.map(async ({ path }) => await tip.read(path)));
  return files.filter(({ content }, index) => before[index] !== content);
}

async function watchAll({ plan, timeout }: GraphRequest, commit: string, ports: ShipPorts): Promise<StageRollout[]> {
  const snapshot = await ports.fleet.at(plan.source.branch, commit);
  if (snapshot === undefined) return [];
  const running = await readGraph(
    snapshot,
    plan.graph,
    plan.stages.map(({ name }) => name),
  );
  const broker = await readBroker(snapshot, plan.graph);
  const targets = graphTargets(plan, { ...running, broker }, { commit, timeout, contexts: ports.contexts });
  const history = fleetHistory(ports.fleet, readerOf(plan.graph));
  const options = { history, onChange: () => {} };
  const rollouts = await ports.watcher.watch(
    targets.map(({ target }) => target),
    options,
  );
  return targets.map(({ stage, target }) => ({ stage, site: target.site, rollout: rollouts.get(target) ?? unheard(target) }));
}

const unheard = ({ site }: RolloutTarget): Rollout => ({
  state: 'unknown',
  reason: `${site} has not said anything`,
  revision: null,
});

type Failure = { commit: string; rollouts: readonly StageRollout[]; failed: StageRollout };

/** The whole release goes back by one commit: a graph of stages that were never judged together is no release. */
async function takeBack(request: GraphRequest, { commit, rollouts, failed }: Failure, ports: ShipPorts): Promise<GraphLanding> {
  const { plan, record } = request;
  const { branch } = plan.source;
  const why = `${failed.stage} at ${failed.site} is failed: ${failed.rollout.reason}`;
  const stays = (reason: string): GraphLanding => ({ state: 'stays', commit, reason: `${why}; ${reason}`, rollouts });
  const tip = await ports.fleet.snapshot(branch);
  const ours = (path: string) =>
    concernsGraph(
      path,
      plan.graph,
      plan.stages.map(({ name }) => name),
    );
  const files = await writtenFiles(ours, [{ commit, paths: null }], tip, async (at) => await ports.fleet.at(branch, at));
  if (files === undefined) return stays(`${branch} no longer holds the commit that deployed it`);
  const revert = planRevert(files, { model: plan.graph, record });
  if (revert.kind !== 'commit') return stays('reason' in revert ? revert.reason : `somebody has edited it since`);
  const message = messageOf(
    plan,
    record,
    `Revert ${plan.graph} to what ran before ${commit.slice(0, 12)}`,
    { 'Fieldproof-Reverts': commit },
    why,
  );
  const back = await ports.fleet.commit({ parent: tip.commit, branch, files: revert.files, message, date: ports.clock.now() });
  const after = await watchAll(request, back.commit, ports);
  return { state: 'reverted', commit, revertedBy: back.commit, reason: why, rollouts, after };
}

function messageOf(plan: GraphPlan, record: Digest, subject: string, more: Readonly<Record<string, string>>, body = ''): string {
  const digests = plan.stages.map(({ name, places }) => `${name} ${places[0]?.release.model.digest ?? ''}`);
  return commitMessage({
    subject,
    body: body === '' ? digests.join('\n') : body,
    trailers: { 'Fieldproof-Model': plan.graph, 'Fieldproof-Record': record, ...more },
  });
}
