import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { FIRST_RELEASE } from '../../examples/porch/history.ts';
import { BENCH_PICTURES, CLIPS_PER_SITE } from '../../examples/porch/sizes.ts';
import { writeBench, writeStreet } from '../../examples/porch/scenes/write-dataset.ts';
import { TeamRepository } from '../../examples/porch/team-repository.ts';
import type { Team } from './team.ts';

/** What the example's fieldproof.yaml says of gates and chipsets. */
type Config = {
  chipsets: Record<'edge-box', object>;
  gates: { porch: readonly { metric: string; chipset?: string }[] };
  deploy: { sites: readonly { chipset: string }[] };
};

/** The example's pictures and clips, drawn once for all its teams. Returns their folder. */
export async function drawPorch(data: string): Promise<string> {
  if (existsSync(data)) return data;
  await writeBench(path.join(data, 'bench'), { seed: 1, count: BENCH_PICTURES });
  await writeStreet(path.join(data, 'street'), { seed: 1, clipsPerSite: CLIPS_PER_SITE });
  return data;
}

/** The example's gates on one chipset, whose budgets nobody asks about. */
export function onOneChipset(asked: {
  latency: boolean;
  /** Of the gates on latency, instead of the example's. */
  margin?: string;
  earlyStopping?: 'to-fail';
}): (config: Config) => Config {
  return ({ chipsets, gates, deploy, ...config }) => ({
    ...config,
    ...(asked.earlyStopping && { 'early-stopping': asked.earlyStopping }),
    chipsets: { 'edge-box': { ...chipsets['edge-box'], budgets: {} } },
    gates: {
      porch: gates.porch
        .filter(({ chipset }) => asked.latency || chipset === undefined)
        .map((gate) => (gate.chipset === undefined || asked.margin === undefined ? gate : { ...gate, margin: asked.margin })),
    },
    deploy: { ...deploy, sites: deploy.sites.filter(({ chipset }) => chipset === 'edge-box') },
  });
}

/** The example's first release, judged and deployed under these words of policy. */
export function layPorch(folder: string, data: string, policy: (config: Config) => Config): Team {
  const team = new TeamRepository(path.join(folder, 'porch'), { quiet: true, environment: process.env });
  if (!existsSync(folder)) lay(team, folder, data, policy);
  const description = fileOf(team, 'models/porch/model.yaml');
  return {
    folder: team.folder,
    propose: async (name) => {
      team.branch(name, {
        title: name,
        message: name,
        files: { 'models/porch/model.yaml': { text: `${description}# ${name}\n` } },
      });
      await Promise.resolve();
    },
  };
}

function lay(team: TeamRepository, folder: string, data: string, policy: (config: Config) => Config): void {
  const [models, gates] = FIRST_RELEASE;
  mkdirSync(folder, { recursive: true });
  cpSync(data, path.join(folder, 'data'), { recursive: true });
  team.begin();
  team.git('init', '--quiet', '--bare', '--initial-branch=main', path.join(folder, 'fleet.git'));
  team.record(models);
  team.write(gates.files);
  cpSync(path.join(folder, 'data', 'street', 'clips.jsonl'), path.join(team.folder, 'datasets', 'street.jsonl'));
  const config = stringify(policy(parse(fileOf(team, 'fieldproof.yaml')) as Config));
  team.write({ 'fieldproof.yaml': { text: config } });
  for (const name of ['bench', 'street']) team.mustRun('pin', `datasets/${name}.yaml`);
  team.mustRun('enrol');
  team.commitAll(gates);
  team.mustRun('check', '--base', 'HEAD~1', '--head', 'HEAD');
  team.mustRun('deploy');
}

function fileOf({ folder }: TeamRepository, name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}
