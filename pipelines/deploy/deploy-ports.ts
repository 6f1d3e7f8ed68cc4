import type { Clock, Progress } from '#kernel';
import type { FleetRepository, RolloutWatcher } from '#gitops';
import type { Entry, Ledger } from '#ledger';
import type { Deployments, PullRequests } from '#codehost';
import type { ModelRepository } from '#git';
import type { ImageDigests } from '#pipelines/watch';

export type DeployPorts = {
  repository: ModelRepository;
  ledger: Ledger;
  openFleet: (location: string) => FleetRepository;
  clock: Clock;
  progress: Progress;
  /** Whether entries of the ledger without a signature count for nothing. */
  mustBeSigned: boolean;
  /** Null where no cluster can be asked from here. */
  watcher: RolloutWatcher | null;
  images: ImageDigests;
  /** Of the fleet repository; null where it has no code host that we know. */
  pullRequests: Pick<PullRequests, 'propose'> | null;
  /** Of the model repository. */
  deployments: Deployments | null;
};

/** The entries that count. */
export async function readEntries(ports: Pick<DeployPorts, 'ledger' | 'mustBeSigned'>): Promise<readonly Entry[]> {
  return countingEntries(await ports.ledger.entries(), ports);
}

export function countingEntries(
  entries: readonly Entry[],
  { mustBeSigned }: Pick<DeployPorts, 'mustBeSigned'>,
): readonly Entry[] {
  return entries.filter(({ link }) => !mustBeSigned || link.signature !== undefined);
}
