import path from 'node:path';
import { CouldNotRun, problemAt, type Parsed, type Problem } from '#kernel';
import type { OnnxHeader } from '#images';
import type { WorkingTree } from '#git';
import type { Terminal } from '../../terminal.ts';
import { describeModel, type Described, type DescribePorts } from '../describe-model.ts';
import { placeModel, plainName, type ModelPlace } from '../place-model.ts';
import type { Written } from '../settle-proposal.ts';
import type { CameraDataset } from './camera-files.ts';
import { readFrigate, type FrigateConfig } from './frigate-config.ts';
import { asFrigateHasIt, assumedHeader, saidBy } from './frigate-model.ts';
import { builtInLabels, readLabelMap, type LabelMap } from './label-map.ts';
import { namedModel, onThisMachine } from './model-file.ts';
import { pickRecordings } from './recordings.ts';
import { takeOver, type TakenOver } from './take-over.ts';

export type FrigateOptions = Written & { frigate: string; recordings?: string; model?: string; images?: string };

export type Gathered = {
  taken: TakenOver;
  dataset: CameraDataset;
  described: Described;
  place: ModelPlace;
  /** What could not be carried over, and what to do. */
  notes: readonly Problem[];
};

/** Reads the configuration, and what it names as far as that lies here. @throws CouldNotRun */
export async function gatherFrigate(options: FrigateOptions, ports: DescribePorts, ask: Terminal['ask']): Promise<Gathered> {
  const { tree } = ports;
  const config = readFrigate(await tree.read(options.frigate), options.frigate);
  const { place, notes: unserved } = await findModel(options, config, tree);
  const header = place.file === null ? null : ports.header(place.file);
  const { map, notes: unnamed } = await labelMapOf(options, config, tree);
  const taken = takeOver(config, header, map);
  const described = await describe({ options, model: config.value.model ?? {}, taken, place, header }, ports, ask);
  const dataset = await datasetOf(options, taken, tree);
  return { taken, dataset, described, place, notes: [...unserved, ...unnamed, ...taken.notes] };
}

type Found<T> = T & { notes: readonly Problem[] };

/** The file that somebody names, else the one that the configuration names. `file` null: there is none here that can be served. */
async function findModel(
  { model: named, frigate }: FrigateOptions,
  { value, source }: Parsed<FrigateConfig>,
  tree: WorkingTree,
): Promise<Found<{ place: ModelPlace }>> {
  if (named !== undefined) {
    const place = placeModel(named, tree.folder);
    if (place.file !== null) return { place, notes: [] };
    const weights = (await tree.list(place.folder)).find((name) => name.toLowerCase().endsWith('.onnx'));
    if (weights !== undefined) return { place: { ...place, file: `${place.folder}/${weights}` }, notes: [] };
    throw new CouldNotRun({ file: named, message: 'holds no .onnx file', remedy: 'name the ONNX file with --model' });
  }
  const found = namedModel(value, frigate, source);
  const folder = `models/${'file' in found ? plainName(path.parse(found.file).name) : 'frigate'}`;
  // Frigate's folder is Frigate's: what is judged is a copy.
  if ('file' in found && (await tree.exists(found.file))) return { place: { folder, file: found.file, copy: true }, notes: [] };
  const away = 'it is not at that place on this machine: paths are those of Frigate’s container';
  const note = 'note' in found ? found.note : problemAt(source, ['model', 'path'], away, 'name the file with --model');
  return { place: { folder, file: null, copy: false }, notes: [note] };
}

/** Null where the configuration names none; a list that cannot be read is left out, and said. */
async function labelMapOf(
  { labels, frigate }: FrigateOptions,
  { value, source }: Parsed<FrigateConfig>,
  tree: WorkingTree,
): Promise<Found<{ map: LabelMap | null }>> {
  const written = value.model?.labelmap_path ?? null;
  if (labels === undefined && written === null) return { map: null, notes: [] };
  const known = labels === undefined && written !== null ? builtInLabels(written) : null;
  if (known !== null) return { map: known, notes: [] };
  const file = labels ?? onThisMachine(written ?? '', frigate);
  const base = (await tree.exists(file)) ? readLabelMap(await tree.read(file)) : null;
  if (base !== null) return { map: { base, over: {} }, notes: [] };
  if (labels !== undefined) {
    const remedy = 'give a file with one name a line, or with a number before each';
    throw new CouldNotRun({ file: labels, message: 'is no list of labels that can be read', remedy });
  }
  const message = 'the label map is not at that place on this machine, or is none';
  return { map: null, notes: [problemAt(source, ['model', 'labelmap_path'], message, 'name a copy of it with --labels')] };
}

async function describe(
  known: {
    options: FrigateOptions;
    model: NonNullable<FrigateConfig['model']>;
    taken: TakenOver;
    place: ModelPlace;
    header: OnnxHeader | null;
  },
  ports: DescribePorts,
  ask: Terminal['ask'],
): Promise<Described> {
  const { options, model, taken, place } = known;
  const header = known.header ?? assumedHeader(model);
  const { labels: _, task: __, ...written } = options;
  const weights = place.file === null ? 'model.onnx' : path.basename(place.file);
  const asked = { written, folders: null, ask, known: saidBy(model, taken.labels.labels) };
  const at = { folder: place.folder, weights };
  const described = await describeModel(place.file ?? weights, at, { ...ports, header: () => header }, asked);
  const threshold = taken.rule.threshold;
  const preset = options.preprocess;
  return { ...described, proposal: asFrigateHasIt(described.proposal, header, { model, threshold, preset }) };
}

async function datasetOf({ recordings }: FrigateOptions, taken: TakenOver, tree: WorkingTree): Promise<CameraDataset> {
  const { rule, classes, cameras } = taken;
  if (recordings === undefined) return { rule, classes, footage: null, recordings: [] };
  const names = cameras.map(({ name }) => name);
  const picked = await pickRecordings(tree, recordings, names);
  if (picked.length > 0) return { rule, classes, footage: recordings, recordings: picked };
  throw new CouldNotRun({
    file: recordings,
    message: `holds no recordings of ${names.slice(0, 5).join(', ')} as Frigate keeps them: <day>/<hour>/<camera>/<minute>.<second>.mp4`,
    remedy: 'name the folder called recordings in Frigate’s media folder',
  });
}
