import type { Clock, Progress } from '#kernel';
import type { FleetRepository, RolloutWatcher } from '#gitops';
import type { Config } from '#config';
import { asideNote, mustSign, trustedEntries, trustedLedger } from '#history';
import type { Ledger } from '#ledger';
import type { Deployments, Moments, PullRequests } from '#codehost';
import type { ModelRepository } from '#git';
import type { ImageDigests } from '#pipelines/watch';

export type DeployPorts = {
  repository: ModelRepository;
  ledger: Ledger;
  openFleet: (location: string) => FleetRepository;
  clock: Clock;
  progress: Progress;
  /** Null where no cluster can be asked from here. */
  watcher: RolloutWatcher | null;
  images: ImageDigests;
  /** Of the fleet repository; null where it has no code host that we know. */
  pullRequests: Pick<PullRequests, 'propose'> | null;
  /** Of the model repository. */
  deployments: Deployments | null;
  /** Of the model repository; left out where it has no code host that we know. */
  moments?: Moments | null;
};

/** The same ports, with the ledger as policy reads it. @throws CouldNotRun where policy's key is not here to sign what is done */
export async function underPolicy<P extends Pick<DeployPorts, 'ledger' | 'clock' | 'progress'>>(
  { ledger: policy }: Pick<Config, 'ledger'>,
  ports: P,
): Promise<P> {
  await mustSign(ports.ledger, policy, ports.clock);
  const note = asideNote((await trustedEntries(ports.ledger, policy)).aside);
  if (note !== null) ports.progress.note(note);
  return { ...ports, ledger: trustedLedger(ports.ledger, policy, ports.clock) };
}
