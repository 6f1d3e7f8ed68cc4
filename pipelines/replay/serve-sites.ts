import { readDeployed, type DeployedAt } from '#gitops';
import { keptFleet, type Config, type ModelConfig, type ReplayConfig } from '#config';
import { CouldNotRun } from '#kernel';
import type { Subject } from '#pipelines/check';
import { buildRelease, findRelease, runtimeOn, type ReleaseSource, type ResolvedRelease } from '#pipelines/releases';
import type { ReplayPorts } from './ports.ts';

/** What is replayed of a site: what is deployed there, and the candidate on the same chipset. */
export type ServedSite = { site: string; deployed: Subject; candidate: Subject | null };

/** Sites whose chipset is this machine, with their models; and the others, with why. */
export type Stage = {
  served: readonly ServedSite[];
  absent: readonly { site: string; why: string }[];
  notes: readonly string[];
};

export type StageInput = { config: Config; model: ModelConfig; replay: ReplayConfig; commit: string; candidate: string | null };

export async function serveSites(input: StageInput, ports: ReplayPorts): Promise<Stage> {
  const { config, model, replay, commit } = input;
  const source: ReleaseSource = { ...ports, config, model, progress: ports.progress };
  const deployed = await readFleet(config, model.name, ports);
  const candidate = input.candidate === null ? null : await buildRelease(source, input.candidate);
  const resolved = new Map<string, ResolvedRelease>();
  const stage: Stage & { served: ServedSite[]; absent: { site: string; why: string }[]; notes: string[] } = {
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
      stage.absent.push({ site, why: here.why });
      continue;
    }
    const { digest } = here.entry.release.model;
    const known = resolved.get(digest) ?? (await findRelease(source, { model: digest, runtime: null }, commit));
    if (!resolved.has(digest)) stage.notes.push(...runtimeNotes(here.entry, runtimeOn(known, here.chipset.platform)));
    resolved.set(digest, known);
    const key = await ports.runner.detect(here.chipset);
    const subject = (release: ResolvedRelease, label: string): Subject => ({
      resolved: release,
      chipset: here.chipset,
      key,
      label,
    });
    stage.served.push({
      site,
      deployed: subject(known, 'deployed'),
      candidate: candidate === null ? null : subject(candidate, 'candidate'),
    });
  }
  return stage;
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

function runtimeNotes({ release }: DeployedAt, found: ResolvedRelease['release']['runtime']): string[] {
  if (release.kind !== 'model' || found === null || release.runtime.digest === found) return [];
  return [`The fleet runs the runtime ${release.runtime.digest}; footage was replayed under this installation's, ${found}.`];
}
