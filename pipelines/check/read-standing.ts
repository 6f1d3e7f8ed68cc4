import { readDeployed, type DeployedRelease } from '#gitops';
import type { Release } from '#eval';
import type { CheckContext } from './check-context.ts';
import { factsOf } from './facts.ts';
import type { Standing } from './standing.ts';

/** Read from the fleet repository and the ledger, or as somebody told us who may read them. */
export async function readStanding(context: CheckContext, model: string): Promise<Standing> {
  const told = context.ports.standing?.find((standing) => standing.model === model);
  if (context.ports.standing !== null) return told ?? { model, commit: null, deployed: [], superior: null };
  const deployments = factsOf(await context.ports.ledger.entries(), 'deployment');
  const superior = deployments.findLast(({ fact }) => fact.model === model && fact.superior)?.fact.candidate ?? null;
  return { model, ...(await readFleet(context, model)), superior };
}

async function readFleet({ change, ports }: CheckContext, model: string): Promise<Pick<Standing, 'commit' | 'deployed'>> {
  const { deploy } = change.config;
  if (deploy === null) return { deployed: [], commit: null };
  const snapshot = await ports.openFleet(deploy.repository).snapshot(deploy.branch);
  const entries = await readDeployed(snapshot, model);
  return {
    commit: snapshot.commit,
    deployed: entries.map(({ site, chipset, release: deployed }) => ({ site, chipset, release: releaseOf(deployed) })),
  };
}

function releaseOf(deployed: DeployedRelease): Release {
  return { model: deployed.model.digest, runtime: deployed.kind === 'model' ? deployed.runtime.digest : null };
}
