import { type Rollout, type RolloutTarget, type RolloutWatcher, readBroker, readGraph } from '#gitops';
import { fleetHistory, imageDigests, pinsOf } from '#pipelines/watch';
import { stagesOf } from './graph-changes.ts';
import { graphTargets, readerOf } from './graph-targets.ts';
import type { GraphPorts, GraphRequest, StageRollout } from './graph-landing.ts';

/** Watches every stage, and the broker, at every place until each has ended. */
export async function watchStages(
  { plan, timeout }: Pick<GraphRequest, 'plan' | 'timeout'>,
  commit: string,
  watcher: RolloutWatcher,
  ports: GraphPorts,
): Promise<StageRollout[]> {
  const snapshot = await ports.fleet.at(plan.source.branch, commit);
  if (snapshot === undefined) return [];
  const { stages } = await readGraph(snapshot, plan.graph, stagesOf(plan));
  const broker = await readBroker(snapshot, plan.graph);
  const digestsOf = await imageDigests(pinsOf([...Object.values(stages).flat(), ...broker]), ports);
  const targets = graphTargets(plan, { stages, broker }, { commit, timeout, contexts: ports.contexts, digestsOf });
  const stageOf = new Map(targets.map(({ stage, target }) => [target, stage]));
  const rollouts = await watcher.watch([...stageOf.keys()], {
    history: fleetHistory(ports.fleet, readerOf(plan.graph)),
    onChange: (target, { state, reason }) =>
      ports.progress.note(`${stageOf.get(target) ?? target.model} at ${target.site} (${target.chipset}): ${state}. ${reason}`),
  });
  return targets.map(({ stage, target }) => {
    const { site, chipset } = target;
    return { stage, site, chipset, rollout: rollouts.get(target) ?? unheard(target) };
  });
}

const unheard = ({ site }: RolloutTarget): Rollout => ({
  state: 'unknown',
  reason: `${site} has not said anything`,
  revision: null,
});
