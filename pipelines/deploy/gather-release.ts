import type { Digest } from '#kernel';
import {
  filesByWave,
  parseTrailers,
  planWaves,
  proposalBranch,
  readDeployed,
  type DeployedAt,
  type FleetFile,
  type FleetRepository,
  type FleetSnapshot,
  type Place,
} from '#gitops';
import type { Entry } from '#ledger';
import { keptFleet, type Config, type DeployConfig } from '#config';
import { factsOf } from '#history';
import type { Judged } from './decide-admission.ts';
import type { DeployPorts } from './deploy-ports.ts';

/** The commit of the model repository that is deployed, and what it says of deploying. `began`: when this deploy did. */
export type Merged = { commit: string; at: Date; began: Date; config: Config; deploy: DeployConfig };

/** A judged release with the bytes that its check proposed, in the order in which they reach the sites. */
export type ReleaseInFlight = {
  model: string;
  judged: Judged;
  waiver: Digest | null;
  tree: string;
  merged: Merged;
  fleet: FleetRepository;
  proposal: Proposal;
  waves: readonly Wave[];
};

export type Proposal = {
  branch: string;
  snapshot: FleetSnapshot & { commit: string };
  /** What the whole proposal deploys. */
  deployed: readonly DeployedAt[];
  /** Paths that it writes. */
  written: readonly string[];
};

export type Wave = { number: number; of: number; places: readonly Place[]; files: readonly FleetFile[] };

type Admitted = Pick<ReleaseInFlight, 'model' | 'judged' | 'waiver' | 'tree' | 'merged'>;

/** Finds the very proposal that the ledger names, and cuts it into waves. A text is why it cannot be used. */
export async function gatherRelease(
  admitted: Admitted,
  { entries, atOnce }: { entries: readonly Entry[]; atOnce: boolean },
  ports: Pick<DeployPorts, 'openFleet'>,
): Promise<ReleaseInFlight | string> {
  const { model, judged, merged } = admitted;
  const fleet = ports.openFleet(merged.deploy.repository);
  const branch = proposalBranch(model, judged.fact.head);
  const snapshot = await fleet.snapshot(branch);
  const { commit } = snapshot;
  if (commit === null) return `the fleet repository has no branch ${branch}: run fieldproof check again`;
  const fact = factsOf(entries, 'proposal').findLast((entry) => entry.fact.verdict === judged.id);
  if (fact?.fact.commit !== commit) return `${branch} is not at the commit that the check wrote: run fieldproof check again`;
  const files = await filesOf(snapshot);
  const proposal: Proposal = {
    branch,
    snapshot: { ...snapshot, commit },
    deployed: await readDeployed(snapshot, model, keptFleet(merged.deploy, model)),
    written: files.map(({ path }) => path),
  };
  return { ...admitted, fleet, proposal, waves: wavesOf(model, merged, files, atOnce) };
}

/** What the proposal changes, as against the commit that it stands on. */
async function filesOf(snapshot: FleetSnapshot): Promise<FleetFile[]> {
  const base = baseOf(snapshot);
  const paths = base === null ? await snapshot.list('') : ((await snapshot.changedSince(base)) ?? []);
  return await Promise.all(paths.map(async (path) => ({ path, content: (await snapshot.read(path)) ?? null })));
}

/** The fleet's commit that the check compared with; null where there was none. */
export function baseOf({ message }: FleetSnapshot): string | null {
  const base = parseTrailers(message ?? '')['Fieldproof-Base'];
  return base === undefined || base === 'none' ? null : base;
}

function wavesOf(model: string, { config, deploy }: Merged, files: readonly FleetFile[], atOnce: boolean): Wave[] {
  const sites = deploy.sites.map(({ name, chipset, canary }) => ({ site: name, chipset, canary: canary && !atOnce }));
  const planned = planWaves(
    sites,
    config.chipsets.map(({ name }) => name),
  );
  const byWave = filesByWave(files, planned, model);
  const waves = planned.map((places, index) => ({ places, files: byWave[index] ?? [] })).filter((wave) => wave.files.length > 0);
  return waves.map((wave, index) => ({ number: index + 1, of: waves.length, ...wave }));
}
