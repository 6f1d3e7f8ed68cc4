import {
  appOf,
  BROKER,
  type DeployedAt,
  type DeployedGraph,
  type GraphPlan,
  namesAt,
  ownNames,
  readBroker,
  readDeployed,
  type RolloutTarget,
} from '#gitops';
import type { ReadRelease } from '#pipelines/watch';

/** Contexts of the kubeconfig: where the controller of a site's stages is, and where their pods are; null is the current one. */
export type Contexts = { controller: (site: string) => string | null; pods: (site: string) => string | null };

type Where = { commit: string; timeout: number; contexts: Contexts };

/** What has to run where, of every stage and of the broker, at one commit. */
export function graphTargets(
  plan: GraphPlan,
  { stages, broker }: { stages: DeployedGraph['stages']; broker: readonly DeployedAt[] },
  where: Where,
): { stage: string; target: RolloutTarget }[] {
  const deployed = plan.stages.flatMap(({ name }) => (stages[name] ?? []).map((at) => ({ stage: name, at })));
  const all = [...deployed, ...broker.map((at) => ({ stage: BROKER, at }))];
  return all.map(({ stage, at }) => ({ stage, target: targetOf(plan, stage, at, where) }));
}

function targetOf(plan: GraphPlan, stage: string, { site, chipset, release }: DeployedAt, where: Where): RolloutTarget {
  const { commit, timeout, contexts } = where;
  const place = { model: appOf(plan.graph, stage), site, chipset };
  const names = namesAt(ownNames(plan.controller), place);
  return {
    controller: plan.controller,
    ...place,
    context: contexts.controller(site),
    object: names.object,
    pods: { context: contexts.pods(site), ...names.pods },
    branch: plan.source.branch,
    commit,
    digests: { model: [release.model.digest], runtime: release.kind === 'model' ? [release.runtime.digest] : null },
    timeout,
  };
}

/** A stage is read as a model is, and the broker by itself. */
export const readerOf =
  (graph: string): ReadRelease =>
  async (snapshot, app) =>
    app === appOf(graph, BROKER) ? await readBroker(snapshot, graph) : await readDeployed(snapshot, app);
