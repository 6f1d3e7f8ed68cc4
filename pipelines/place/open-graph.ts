import { configFile, placeOf, readConfig, type Config, type GraphConfig } from '#config';
import type { DataPlace } from '#datasets';
import type { Placement } from '#graphs';
import { CouldNotRun } from '#kernel';
import { openFootage, type Footage } from './footage.ts';
import { buildGraphModels, type GraphModels } from './graph-models.ts';
import type { PlacePorts, PlaceRequest } from './ports.ts';

/** A graph with its footage and the bytes of its models. */
export type OpenedGraph = {
  config: Config;
  graph: GraphConfig;
  placements: readonly Placement[];
  footage: Footage;
  head: GraphModels;
  /** Null where nothing is compared. */
  base: GraphModels | null;
  commits: { base: string | null; head: string | null };
};

const AS_IT_LIES = 'working tree';

/** Policy comes from base, where there is one: a change can't relax its own gate, nor move its own stages. */
export async function openGraph(request: PlaceRequest, ports: PlacePorts): Promise<OpenedGraph> {
  const commits = await commitsOf(request, ports);
  const config = readConfig(await textOf(commits.base ?? commits.head, ports));
  const graph = chosen(config.graphs, request.graph === null ? [] : [request.graph], 'graphs')[0];
  if (graph === undefined) throw none('graphs');
  const asked = request.placements === 'gated' ? [...new Set(graph.gates.map(({ placement }) => placement))] : request.placements;
  const placements = chosen(graph.placements, asked, `placements.${graph.name}`);
  // What head says of the graph has to be whole too, though it decides nothing.
  if (commits.base !== null && commits.head !== null) readConfig(await textOf(commits.head, ports));
  const footage = await openFootageOf(config, graph, ports);
  const modelsAt = async (commit: string | null) =>
    await buildGraphModels(
      graph,
      { config, files: commit === null ? ports.files : repositoryOf(ports), images: ports.images, progress: ports.progress },
      commit ?? AS_IT_LIES,
    );
  const base = commits.base === null ? null : await modelsAt(commits.base);
  return { config, graph, placements, footage, base, head: await modelsAt(commits.head), commits };
}

async function commitsOf({ base, head }: PlaceRequest, ports: PlacePorts): Promise<OpenedGraph['commits']> {
  if (base === null && head === null) return { base: null, head: null };
  const repository = repositoryOf(ports);
  return { base: base === null ? null : await repository.resolve(base), head: await repository.resolve(head ?? 'HEAD') };
}

function repositoryOf({ repository, tree }: PlacePorts) {
  if (repository !== null) return repository;
  throw new CouldNotRun({
    file: tree.folder,
    message: 'is no Git repository, and has no commits',
    remedy: 'leave --base and --head out',
  });
}

async function textOf(commit: string | null, ports: PlacePorts): Promise<string> {
  const text =
    commit === null
      ? (await ports.tree.exists(configFile)) && (await ports.tree.read(configFile))
      : await repositoryOf(ports).readFile(commit, configFile);
  if (typeof text === 'string') return text;
  throw new CouldNotRun({
    file: configFile,
    message: `is not in ${commit ?? ports.tree.folder}`,
    remedy: 'add it: docs/configuration.md',
  });
}

async function openFootageOf(config: Config, graph: GraphConfig, { tree, samples }: PlacePorts): Promise<Footage> {
  const dataset = config.datasets[graph.footage];
  if (dataset === undefined) throw none('datasets');
  const { manifest: path, source, badSamples } = dataset;
  const isHere = source === null || source.kind === 'commit';
  const data: DataPlace = isHere ? { kind: 'disk', workingTree: tree.folder } : { kind: 'cache', place: placeOf(source) };
  const readFile = async (file: string) => ((await tree.exists(file)) ? await tree.read(file) : undefined);
  const leaveOut = badSamples === undefined ? {} : { leaveOut: badSamples.atMost };
  return await openFootage(await samples.load({ name: graph.footage, path, readFile, data, ...leaveOut }), graph.name);
}

function chosen<T extends { name: string }>(all: readonly T[], names: readonly string[], field: string): readonly T[] {
  const unknown = names.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length === 0 && all.length > 0) return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  if (all.length === 0) throw none(field);
  const remedy = `name one of: ${all.map(({ name }) => name).join(', ')}`;
  throw new CouldNotRun({ file: configFile, field, message: `there is no ${unknown.join(', ')}`, remedy });
}

function none(field: string): CouldNotRun {
  return new CouldNotRun({ file: configFile, field, message: 'there are none', remedy: 'add one: docs/graphs.md' });
}
