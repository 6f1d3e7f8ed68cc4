import { ledgerWitnesses, type FleetRepository } from '#gitops';
import type { DeployConfig } from '#config';
import type { Witness } from '#history';

/** What the commits on the branch that the controllers read say of the ledger: each names its end as of when it was written. */
export async function fleetWitnesses(
  fleet: Pick<FleetRepository, 'snapshot'>,
  { repository, branch }: Pick<DeployConfig, 'repository' | 'branch'>,
): Promise<Witness[]> {
  const found = await ledgerWitnesses(await fleet.snapshot(branch));
  return found.map(({ commit, ...seen }) => ({ who: `commit ${commit.slice(0, 12)} on ${branch} of ${repository}`, ...seen }));
}
