import { reasonOf } from '#kernel';
import type { Place } from '#gitops';
import type { DeploymentState } from './code-host.ts';
import type { DeployPorts } from '#pipelines/deploy';

type Told = { model: string; commit: string; places: readonly Place[]; state: DeploymentState; description: string };

/** Shows a step on the code host. It is a display: when it does not answer, that is said, and nothing waits for it. */
export async function tellDeployments(
  { model, commit, places, state, description }: Told,
  { deployments, progress }: Pick<DeployPorts, 'deployments' | 'progress'>,
): Promise<void> {
  if (deployments === null) return;
  for (const { site, chipset } of places) {
    try {
      await deployments.record({ commit, environment: `${model}/${site}/${chipset}`, state, description, url: null });
    } catch (thrown) {
      progress.note(`the code host was not told that ${model} is ${state} at ${site}: ${reasonOf(thrown)}`);
    }
  }
}
