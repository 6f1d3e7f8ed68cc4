import type { Digest } from '#kernel';
import { commitMessage, planRevert, type RolloutWatcher, writtenFiles } from '#gitops';
import { againWhenMoved } from '../again-when-moved.ts';
import { isOfGraph } from './graph-changes.ts';
import type { GraphLanding, GraphPorts, GraphRequest, StageRollout } from './graph-landing.ts';
import { watchStages } from './watch-stages.ts';

export type Failure = { commit: string; record: Digest; reason: string; rollouts: readonly StageRollout[] };

/**
 * The whole release goes back by one commit: a graph of stages that were never judged together is no release. The hold is written before:
 * whatever ends us then, it does not go out again.
 */
export async function takeBack(
  failure: Failure,
  request: GraphRequest,
  watcher: RolloutWatcher | null,
  ports: GraphPorts,
): Promise<GraphLanding> {
  const { commit, record, reason, rollouts } = failure;
  const hold = await request.journal.hold(record, reason);
  const back = await againWhenMoved(ports.clock, async () => await revert(failure, hold, request, ports));
  if (back.kind === 'stays') return { state: 'stays', commit, record, reason: `${reason}; ${back.reason}`, rollouts };
  const after = watcher === null ? [] : await watchStages(request, back.commit, watcher, ports);
  return { state: 'reverted', commit, record, revertedBy: back.commit, reason, rollouts, after };
}

type Reverted = { kind: 'reverted'; commit: string } | { kind: 'stays'; reason: string };

async function revert(
  { commit, record, reason }: Failure,
  hold: Digest,
  request: GraphRequest,
  { fleet, clock }: GraphPorts,
): Promise<Reverted> {
  const { plan, journal } = request;
  const { branch } = plan.source;
  const tip = await fleet.snapshot(branch);
  const written = [{ commit, paths: null }];
  const files = await writtenFiles(isOfGraph(request), written, tip, async (at) => await fleet.at(branch, at));
  if (files === undefined) return { kind: 'stays', reason: `${branch} no longer holds the commit that deployed it` };
  const planned = planRevert(files, { model: plan.graph, record });
  if (planned.kind === 'leave') return { kind: 'stays', reason: planned.reason };
  if (planned.kind === 'done') return { kind: 'stays', reason: 'it was taken back already' };
  if (planned.kind === 'propose') return { kind: 'stays', reason: `somebody has edited it since: ${planned.edited.join(', ')}` };
  const trailers = {
    'Fieldproof-Model': plan.graph,
    'Fieldproof-Record': record,
    'Fieldproof-Reverts': commit,
    'Fieldproof-Hold': hold,
    ...(await journal.trailers()),
  };
  const subject = `Revert ${plan.graph} to what ran before ${commit.slice(0, 12)}`;
  const message = commitMessage({ subject, body: reason, trailers });
  const back = await fleet.commit({ parent: tip.commit, branch, files: planned.files, message, date: clock.now() });
  return { kind: 'reverted', commit: back.commit };
}
