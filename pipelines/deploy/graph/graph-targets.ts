import {
  appOf,
  BROKER,
  type DeployedAt,
  type DeployedGraph,
  type GraphPlan,
  type ImagePin,
  namesAt,
  ownNames,
  readBroker,
  readDeployed,
  type RolloutTarget,
} from '#gitops';
import type { Digest } from '#kernel';
import { patience, type ReadRelease } from '#pipelines/watch';

/**
 * Contexts of the kubeconfig: where the controller of a site's stages is, and where their pods are. Null is the current one, and of pods
 * that nobody here can ask.
 */
export type Contexts = { controller: (site: string) => string | null; pods: (site: string) => { context: string | null } | null };

type Where = {
  commit: string;
  /** Milliseconds; null: as long as each site needs. */
  timeout: number | null;
  contexts: Contexts;
  /** Every digest that stands for an image. */
  digestsOf: (pin: ImagePin) => readonly Digest[];
};

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
  const { commit, timeout, contexts, digestsOf } = where;
  const place = { model: appOf(plan.graph, stage), site, chipset };
  const names = namesAt(ownNames(plan.controller), place);
  const pods = contexts.pods(site);
  return {
    controller: plan.controller,
    ...place,
    context: contexts.controller(site),
    object: names.object,
    pods: pods === null ? null : { ...pods, ...names.pods },
    branch: plan.source.branch,
    commit,
    digests: { model: digestsOf(release.model), runtime: release.kind === 'model' ? digestsOf(release.runtime) : null },
    timeout: timeout ?? patienceAt(plan, site),
  };
}

function patienceAt({ stages, broker }: GraphPlan, name: string): number {
  const sites = [...stages.flatMap(({ places }) => places.map(({ site }) => site)), ...(broker === null ? [] : [broker.site])];
  const { link = null, timeout = null } = sites.find((site) => site.name === name) ?? {};
  return patience({ link }, timeout);
}

/** A stage is read as a model is, and the broker by itself. */
export const readerOf =
  (graph: string): ReadRelease =>
  async (snapshot, app) =>
    app === appOf(graph, BROKER) ? await readBroker(snapshot, graph) : await readDeployed(snapshot, app);
