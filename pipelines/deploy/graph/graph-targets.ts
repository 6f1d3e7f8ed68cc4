import { appOf, namesAt, ownNames, readDeployed, type DeployedGraph, type GraphPlan, type RolloutTarget } from '#gitops';
import type { ReadRelease } from '#pipelines/watch';

/** Contexts of the kubeconfig: where the controller of a site's stages is, and where their pods are; null is the current one. */
export type Contexts = { controller: (site: string) => string | null; pods: (site: string) => string | null };

/** What has to run where, of every stage, at one commit. */
export function graphTargets(
  plan: GraphPlan,
  { stages }: DeployedGraph,
  { commit, timeout, contexts }: { commit: string; timeout: number; contexts: Contexts },
): { stage: string; target: RolloutTarget }[] {
  return plan.stages.flatMap(({ name }) =>
    (stages[name] ?? []).map(({ site, chipset, release }) => {
      const place = { model: appOf(plan.graph, name), site, chipset };
      const names = namesAt(ownNames(plan.controller), place);
      const target: RolloutTarget = {
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
      return { stage: name, target };
    }),
  );
}

/** A stage is read as a model is. */
export const readStage: ReadRelease = async (snapshot, app) => await readDeployed(snapshot, app);
