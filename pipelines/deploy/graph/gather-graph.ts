import { CouldNotRun } from '#kernel';
import { configFile, type ChipsetConfig, type GraphConfig, type GraphDeployConfig } from '#config';
import { readQuestion } from '#datasets';
import type { GraphPlan } from '#gitops';
import { footageRule, type Placement } from '#graphs';
import type { BuiltImage } from '#images';
import type { Entry } from '#ledger';
import { platformsOf } from '#pipelines/releases';
import type { Merged } from '../gather-release.ts';
import { admitModel, type AdmittedModel, type Refusal } from './admit-models.ts';
import { planGraph } from './plan-graph.ts';
import type { ShipPorts } from './ship-ports.ts';

/** A graph that is to be shipped with the bytes of its stages, or why some of them may not run. */
export type GatheredGraph =
  | { kind: 'refused'; placement: string; refusals: readonly (Refusal & { stage: string })[] }
  | {
      kind: 'gathered';
      placement: string;
      plan: GraphPlan;
      /** By stage. */
      models: ReadonlyMap<string, AdmittedModel>;
      /** Pushes the images that nobody else pushes. */
      publish: () => Promise<void>;
    };

/** Finds what each stage runs, and plans it. Bytes that were not judged are found before anything is built. */
export async function gatherGraph(
  graph: GraphConfig,
  merged: Merged,
  entries: readonly Entry[],
  ports: ShipPorts,
): Promise<GatheredGraph> {
  const { config, deploy } = merged;
  const { to, placement } = placed(graph);
  const chipsets = chipsetsOf(to, merged);
  const models = new Map<string, AdmittedModel>();
  const refusals: (Refusal & { stage: string })[] = [];
  for (const { name, work } of graph.graph.stages) {
    const model = work.kind === 'model' ? config.models.find((one) => one.name === work.model) : undefined;
    if (model === undefined) continue;
    const admitted = await admitModel(model, merged, { entries, chipsets }, ports);
    if ('state' in admitted) refusals.push({ stage: name, ...admitted });
    else models.set(name, admitted);
  }
  if (refusals.length > 0) return { kind: 'refused', placement: placement.name, refusals };
  const rule = await ruleOf(graph, merged, ports);
  const platforms = platformsOf({ chipsets });
  const stageImage = await ports.stageImages.pin(platforms);
  const built = await buildContainers(graph, merged, platforms, ports);
  const containers = new Map([...built].map(([stage, { digest }]) => [stage, digest]));
  const shipped = { graph, to, placement, deploy, chipsets: config.chipsets };
  return {
    kind: 'gathered',
    placement: placement.name,
    plan: planGraph(shipped, { stageImage, models, containers }, rule),
    models,
    publish: async () => await publish(to, { platforms, built }, ports),
  };
}

function placed({ name, deploy, placements }: GraphConfig): { to: GraphDeployConfig; placement: Placement } {
  const placement = placements.find((one) => one.name === deploy?.placement);
  if (deploy === null || placement === undefined) throw new Error(`${name} is shipped under one of its placements`);
  return { to: deploy, placement };
}

/** Of the sites where its stages run. */
function chipsetsOf({ places }: GraphDeployConfig, { config, deploy }: Merged): ChipsetConfig[] {
  const sites = new Set(Object.values(places).flat());
  const named = new Set(deploy.sites.flatMap(({ name, chipset }) => (sites.has(name) ? [chipset] : [])));
  return config.chipsets.filter(({ name }) => named.has(name));
}

/** As the footage's manifest says at the merged commit; no footage is needed here. */
async function ruleOf({ name, footage }: GraphConfig, { commit, config }: Merged, { repository }: ShipPorts) {
  const path = config.datasets[footage]?.manifest ?? '';
  const readFile = async (file: string) => await repository.readFile(commit, file);
  const question = await readQuestion({ name: footage, path, readFile });
  if (question.rule.zones === undefined) return footageRule(question);
  throw new CouldNotRun({
    file: configFile,
    field: `graphs.${name}.footage`,
    message: `the rule of ${footage} has zones, which a graph does not know yet: it would raise alarms outside them`,
    remedy: 'give the graph a footage whose rule has none',
  });
}

async function buildContainers(
  { graph }: GraphConfig,
  { commit }: Merged,
  platforms: readonly string[],
  { repository, building, progress }: ShipPorts,
): Promise<ReadonlyMap<string, BuiltImage>> {
  const built = new Map<string, BuiltImage>();
  for (const { name, work } of graph.stages) {
    if (work.kind !== 'container') continue;
    const { build: folder } = work;
    const source = {
      model: name,
      tree: (await repository.treeOf(commit, folder)) ?? '',
      extract: async () => await repository.extract(commit, folder),
      displayPath: folder,
      platforms,
      annotations: { 'org.opencontainers.image.title': name },
    };
    built.set(name, await building.build(source, progress));
  }
  return built;
}

async function publish(
  { image, images }: GraphDeployConfig,
  { platforms, built }: { platforms: readonly string[]; built: ReadonlyMap<string, BuiltImage> },
  { stageImages, building, progress }: ShipPorts,
): Promise<void> {
  progress.step(`push ${image}`);
  await stageImages.publish(image, platforms);
  for (const [stage, container] of built) {
    const name = images[stage];
    if (name === undefined) continue;
    progress.step(`push ${name}@${container.digest}`);
    await building.registry.push(container, name);
  }
}
