import type { Deployments } from '../code-host.ts';
import type { DeployConfig } from '../config/config.ts';

/** The environment of one model at one site on one chipset. */
export function environmentOf({ model, site, chipset }: { model: string; site: string; chipset: string }): string {
  return `${model}/${site}/${chipset}`;
}

/** Says of each place where a merged model will run that its deployment waits. Later states follow the rollout. */
export async function recordQueued(
  merged: { commit: string; models: readonly string[]; url: string | null },
  { deploy }: { deploy: Pick<DeployConfig, 'sites'> | null },
  deployments: Deployments,
): Promise<void> {
  for (const model of merged.models) {
    for (const { name: site, chipset } of deploy?.sites ?? []) {
      await deployments.record({
        commit: merged.commit,
        environment: environmentOf({ model, site, chipset }),
        state: 'queued',
        description: `${model} is merged and waits for ${site}`,
        url: merged.url,
      });
    }
  }
}
