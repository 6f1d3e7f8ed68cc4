import { reasonOf, type Progress } from '#kernel';
import type { Deployments, DeploymentState } from './code-host.ts';

type Step = {
  model: string;
  /** Of the model repository. */
  commit: string;
  places: readonly { site: string; chipset: string }[];
  state: DeploymentState;
  description: string;
};

/**
 * Shows a step of a rollout on the code host; nothing where there is none. It is a display: when it does not answer, that is
 * noted, and nothing waits for it.
 */
export async function showDeployments(
  { model, commit, places, state, description }: Step,
  { deployments, progress }: { deployments: Deployments | null; progress: Progress },
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
