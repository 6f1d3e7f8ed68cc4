import type { Clock, Progress } from '#kernel';
import { CouldNotRun, renamedIn } from '#kernel';
import type { DataPlace, OpenDataset, SampleSource, Thumbnailer } from '#datasets';
import { configFile, placeOf, readConfig, type ChipsetConfig, type Config, type ModelConfig } from '#config';
import type { ModelRepository, WorkingTree } from '#git';
import { buildRelease, type ImagePorts } from '#pipelines/releases';
import type { ScoredDataset, ScoredModel, ScoreReport } from '#report';
import { openModelPool, type ModelRunner } from '#runners';
import { scoreDataset, type Asked } from './score-dataset.ts';

/** Everything that scoring touches in the world: files as they lie there, and no history, fleet or ledger. */
export type ScorePorts = {
  tree: Pick<WorkingTree, 'folder' | 'exists' | 'read'>;
  files: Pick<ModelRepository, 'treeOf' | 'extract'>;
  images: ImagePorts;
  samples: SampleSource;
  thumbnails: Thumbnailer;
  runner: ModelRunner;
  clock: Clock;
  progress: Progress;
};

/** Names of models and datasets; empty is all that there are. */
export type ScoreRequest = { models: readonly string[]; datasets: readonly string[] };

/** What the release is called that lies in the working tree: no commit. */
const AS_IT_LIES = 'working tree';

/**
 * How good the models are that lie here, on their datasets: no base, no gate and no fleet is asked.
 * @throws CouldNotRun when a name is none, or nothing can be asked
 */
export async function scoreModels(request: ScoreRequest, ports: ScorePorts): Promise<ScoreReport> {
  const begun = ports.clock.elapsed();
  const config = await readOwnConfig(ports);
  const models: ScoredModel[] = [];
  for (const model of chosen(config.models, request.models, 'models'))
    models.push(await scoreModel(model, config, request, ports));
  const { name, sandboxed } = ports.runner;
  const seconds = (ports.clock.elapsed() - begun) / 1000;
  return { version: 1, runner: { name, sandboxed }, seed: config.seed, seconds, models };
}

async function scoreModel(model: ModelConfig, config: Config, request: ScoreRequest, ports: ScorePorts): Promise<ScoredModel> {
  const chipset = await ownChipset(config, ports.runner);
  const { servable } = await buildRelease(
    { repository: ports.files, images: ports.images, config, model, writtenBy: 'policy', progress: ports.progress },
    AS_IT_LIES,
  );
  const pool = openModelPool(ports.runner);
  const asked: Omit<Asked, 'open'> = { servable, chipset, pool, threshold: model.threshold, seed: config.seed };
  try {
    const datasets: ScoredDataset[] = [];
    for (const open of await openOwn(model, config, request, ports)) {
      datasets.push(await scoreDataset({ ...asked, open }, ports));
    }
    return { model: model.name, chipset: chipset.name, datasets };
  } catch (thrown) {
    // A runner knows a model by the folder in which its image was unpacked.
    throw servable.kind === 'model' ? renamedIn(thrown, [{ from: servable.folder, to: model.build }]) : thrown;
  } finally {
    await pool.stopAll();
  }
}

async function readOwnConfig({ tree }: ScorePorts): Promise<Config> {
  if (await tree.exists(configFile)) return readConfig(await tree.read(configFile));
  throw new CouldNotRun({
    file: configFile,
    message: `is not in ${tree.folder}`,
    remedy: 'run `fieldproof init --model <file.onnx> --images <folder>`, which writes it',
  });
}

/** Those that the model's gates name; where there are none, every one that there is. */
async function openOwn(
  model: ModelConfig,
  config: Config,
  request: ScoreRequest,
  { tree, samples }: ScorePorts,
): Promise<OpenDataset[]> {
  const gated = new Set(model.gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])));
  const all = Object.entries(config.datasets).map(([name, dataset]) => ({ name, ...dataset }));
  const own = all.filter(({ name }) => request.datasets.length > 0 || gated.size === 0 || gated.has(name));
  const readFile = async (path: string) => ((await tree.exists(path)) ? await tree.read(path) : undefined);
  const opened: OpenDataset[] = [];
  for (const { name, manifest: path, source, badSamples } of chosen(own, request.datasets, 'datasets')) {
    const leaveOut = badSamples === undefined ? {} : { leaveOut: badSamples.atMost };
    const isHere = source === null || source.kind === 'commit';
    const data: DataPlace = isHere ? { kind: 'disk', workingTree: tree.folder } : { kind: 'cache', place: placeOf(source) };
    opened.push(await samples.load({ name, path, readFile, data, ...leaveOut }));
  }
  return opened;
}

/** The first of the configuration that this machine is. */
async function ownChipset({ chipsets }: Config, runner: ModelRunner): Promise<ChipsetConfig> {
  const lacking: string[] = [];
  for (const chipset of chipsets.filter(({ at }) => at.kind === 'local')) {
    const missing = await runner.missing(chipset);
    if (missing.length === 0) return chipset;
    lacking.push(`${chipset.name} lacks ${missing.join(', ')}`);
  }
  throw new CouldNotRun({
    file: configFile,
    field: 'chipsets',
    message: `this machine is none of them${lacking.length === 0 ? '' : `: ${lacking.join('; ')}`}`,
    remedy: 'add one that is `at: local`, such as here: { platform: linux/amd64 }',
  });
}

function chosen<T extends { name: string }>(all: readonly T[], names: readonly string[], field: string): readonly T[] {
  const unknown = names.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length === 0 && all.length > 0) return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  throw new CouldNotRun({
    file: configFile,
    field,
    message: unknown.length > 0 ? `there is no ${unknown.join(', ')}` : 'there are none',
    remedy: all.length > 0 ? `name one of: ${all.map(({ name }) => name).join(', ')}` : 'add one: docs/configuration.md',
  });
}
