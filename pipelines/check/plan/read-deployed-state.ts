import { readDeployed, type DeployedRelease } from '#gitops';
import type { Release } from '#runners';
import { type ModelConfig, keptFleet } from '#config';
import { type DeploymentFact, holdOn, isWhole, factsOf } from '#history';
import type { CheckContext } from '../check-context.ts';
import type { Standing } from './deployed-state.ts';

/** Read from the fleet repository and the ledger, or as somebody told us who may read them. */
export async function readStanding(context: CheckContext, model: ModelConfig): Promise<Standing> {
  const told = context.ports.standing?.find((standing) => standing.model === model.name);
  if (context.ports.standing !== null) return told ?? { model: model.name, commit: null, deployed: [], superior: null };
  const superior = await lastSuperior(context, model.name);
  return { model: model.name, ...(await readFleet(context, model)), superior };
}

/** The last release that was better beyond doubt, is deployed everywhere and is not held. */
async function lastSuperior({ ports }: CheckContext, model: string): Promise<Release | null> {
  const entries = await ports.ledger.entries();
  const stands = ({ candidate }: DeploymentFact) => holdOn(entries, model, candidate, ports.clock.now()) === undefined;
  const found = factsOf(entries, 'deployment').findLast(
    ({ fact }) => fact.model === model && fact.superior && isWhole(fact) && stands(fact),
  );
  return found?.fact.candidate ?? null;
}

async function readFleet({ change, ports }: CheckContext, model: ModelConfig): Promise<Pick<Standing, 'commit' | 'deployed'>> {
  const { deploy } = change.config;
  if (deploy === null) return { deployed: [], commit: null };
  const snapshot = await ports.openFleet(deploy.repository).snapshot(deploy.branch);
  const entries = await readDeployed(snapshot, model.name, keptFleet(deploy, model.name));
  return {
    commit: snapshot.commit,
    deployed: entries.map(({ site, chipset, release: deployed }) => ({ site, chipset, release: releaseOf(deployed) })),
  };
}

function releaseOf(deployed: DeployedRelease): Release {
  return { model: deployed.model.digest, runtime: deployed.kind === 'model' ? deployed.runtime.digest : null };
}
