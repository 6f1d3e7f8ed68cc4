import { readDeployed, type DeployedAt } from '#gitops';
import { keptFleet, type Config, type ModelConfig, type ReplayConfig } from '#config';
import { CouldNotRun, releaseOf, type Digest } from '#kernel';
import type { Subject } from '#eval';
import { buildRelease, findRelease, releaseOn, runtimeOn, type ReleaseSource, type ResolvedRelease } from '#pipelines/releases';
import type { ReplayPorts } from './ports.ts';

/** What is replayed of a site: what is deployed there, and the candidate on the same chipset. */
export type ServedSite = { site: string; deployed: Subject; candidate: Subject | null };

/** Sites whose chipset is this machine, with their models; and the others, with why. */
export type ServedSites = {
  served: readonly ServedSite[];
  absent: readonly { site: string; why: string }[];
  notes: readonly string[];
};

export type ServedSitesInput = {
  config: Config;
  model: ModelConfig;
  replay: ReplayConfig;
  commit: string;
  candidate: string | null;
};

export async function serveSites(input: ServedSitesInput, ports: ReplayPorts): Promise<ServedSites> {
  const { config, model, replay, commit } = input;
  const source: ReleaseSource = { ...ports, config, model, writtenBy: 'policy', progress: ports.progress };
  const deployed = await readFleet(config, model.name, ports);
  const candidate = input.candidate === null ? null : await buildRelease(source, input.candidate);
  const resolved = new Map<string, ResolvedRelease>();
  const sites: ServedSites & { served: ServedSite[]; absent: { site: string; why: string }[]; notes: string[] } = {
    served: [],
    absent: [],
    notes: [],
  };
  for (const { name: site, servedBy } of replay.sites) {
    const here = await findHere(
      deployed.filter((entry) => entry.site === servedBy),
      config,
      ports,
    );
    if ('why' in here) {
      sites.absent.push({ site, why: here.why });
      continue;
    }
    const { digest } = here.entry.release.model;
    const known = resolved.get(digest) ?? (await findRelease(source, releaseOf({ model: digest, runtime: null }), commit));
    if (!resolved.has(digest)) sites.notes.push(...runtimeNotes(here.entry, runtimeOn(known, here.chipset.platform)));
    resolved.set(digest, known);
    const key = await ports.runner.detect(here.chipset);
    const subject = (release: ResolvedRelease, label: string): Subject => ({
      release: releaseOn(release, here.chipset.platform),
      servable: release.servable,
      variants: release.variants,
      chipset: here.chipset,
      key,
      label,
    });
    sites.served.push({
      site,
      deployed: subject(known, 'deployed'),
      candidate: candidate === null ? null : subject(candidate, 'candidate'),
    });
  }
  return sites;
}

async function readFleet({ deploy }: Config, model: string, ports: ReplayPorts): Promise<readonly DeployedAt[]> {
  if (deploy === null) return [];
  const deployed = await readDeployed(
    await ports.openFleet(deploy.repository).snapshot(deploy.branch),
    model,
    keptFleet(deploy, model),
  );
  if (deployed.length > 0) return deployed;
  const remedy = 'check and deploy a first release, then replay';
  throw new CouldNotRun({ file: deploy.repository, message: `${deploy.branch} deploys nothing of ${model} yet`, remedy });
}

/** The first of a site's chipsets that this machine is. */
async function findHere(
  entries: readonly DeployedAt[],
  { chipsets }: Config,
  { runner }: ReplayPorts,
): Promise<{ entry: DeployedAt; chipset: Config['chipsets'][number] } | { why: string }> {
  const why: string[] = [];
  for (const entry of entries) {
    const chipset = chipsets.find(({ name }) => name === entry.chipset);
    const missing = chipset === undefined ? [`fieldproof.yaml knows no chipset ${entry.chipset}`] : await runner.missing(chipset);
    if (chipset !== undefined && missing.length === 0) return { entry, chipset };
    why.push(...missing);
  }
  return { why: why.length === 0 ? 'nothing is deployed there' : why.join('; ') };
}

function runtimeNotes({ release }: DeployedAt, found: Digest | null): string[] {
  if (release.kind !== 'model' || found === null || release.runtime.digest === found) return [];
  return [`The fleet runs the runtime ${release.runtime.digest}; footage was replayed under this installation's, ${found}.`];
}
