import { readDeployed, type DeployedRelease } from '#gitops';
import { releaseOf, type Release } from '#kernel';
import { type ModelConfig, keptFleet } from '#config';
import { type DeploymentFact, holdOn, isWhole, factsOf } from '#history';
import type { CheckPorts } from '../ports.ts';
import type { Change } from './gather-change.ts';
import type { DeployedState } from './deployed-state.ts';

type Reading = { change: Pick<Change, 'config'>; ports: Pick<CheckPorts, 'ledger' | 'openFleet' | 'clock' | 'deployedStates'> };

/** Read from the fleet repository and the ledger; or handed over by a job that may read them. */
export async function readDeployedState(context: Reading, model: ModelConfig): Promise<DeployedState> {
  const known = context.ports.deployedStates?.find((state) => state.model === model.name);
  if (context.ports.deployedStates !== null) return known ?? { model: model.name, commit: null, deployed: [], superior: null };
  const superior = await lastSuperior(context, model.name);
  return { model: model.name, ...(await readFleet(context, model)), superior };
}

/** The last release that was better beyond doubt, is deployed everywhere and is not held. */
async function lastSuperior({ ports }: Reading, model: string): Promise<Release | null> {
  const entries = await ports.ledger.entries();
  const stands = ({ candidate }: DeploymentFact) => holdOn(entries, model, candidate, ports.clock.now()) === undefined;
  const found = factsOf(entries, 'deployment').findLast(
    ({ fact }) => fact.model === model && fact.superior && isWhole(fact) && stands(fact),
  );
  return found?.fact.candidate ?? null;
}

async function readFleet({ change, ports }: Reading, model: ModelConfig): Promise<Pick<DeployedState, 'commit' | 'deployed'>> {
  const { deploy } = change.config;
  if (deploy === null) return { deployed: [], commit: null };
  const snapshot = await ports.openFleet(deploy.repository).snapshot(deploy.branch);
  const entries = await readDeployed(snapshot, model.name, keptFleet(deploy, model.name));
  return {
    commit: snapshot.commit,
    deployed: entries.map(({ site, chipset, release: deployed }) => ({ site, chipset, release: asRelease(deployed) })),
  };
}

function asRelease(deployed: DeployedRelease): Release {
  return releaseOf({ model: deployed.model.digest, runtime: deployed.kind === 'model' ? deployed.runtime.digest : null });
}
