/**
 * Do the demo's verdicts hold for other data? Draws it anew from each seed, scores every release of the demo in one process
 * (the harness's own decoding, preprocessing, metrics and gates, without its servers), and prints the four verdicts of each
 * seed as a Markdown table. Latency does not depend on the seed and is left out.
 *
 *     node examples/porch/seeds.ts [--from 1] [--count 20]
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { combine, compareQuality, type Outcome } from '#eval';
import { FileSampleSource, pinDataset } from '#datasets/adapters';
import type { OpenDataset, ClipDataset, PictureDataset } from '#datasets';
import { events, metricOn, scoreAnswers, type Answer } from '#tasks';
import { readConfig } from '../../config/config.ts';
import { loadOnnxRuntime } from '../../runtime/adapters/onnxruntime.ts';
import { sharpPictureReader } from '../../runtime/adapters/sharp-picture-reader.ts';
import { modelDescriptionSchema, type Preprocess } from '../../runtime/model-description.ts';
import { pixelTables, writePicture } from '../../runtime/preprocess.ts';
import { parse } from 'yaml';
import { PULL_REQUESTS } from './history.ts';
import { BENCH_PICTURES, CLIPS_PER_SITE } from './sizes.ts';
import { writeBench, writeStreet } from './scenes/write-dataset.ts';
import { KEPT, MOST } from '../../tasks/classification/answer.ts';
import { scoresOfClasses } from '../../tasks/events/label-scores.ts';
import { rankScores } from '../../tasks/classification/rank-scores.ts';

const { values: options } = parseArgs({
  options: { from: { type: 'string', default: '1' }, count: { type: 'string', default: '20' } },
});
const ort = loadOnnxRuntime();
const reader = sharpPictureReader();
const repository = path.join(import.meta.dirname, 'repository');
const description = modelDescriptionSchema.parse(parse(readFileSync(path.join(repository, 'models/porch/model.yaml'), 'utf8')));
if (description.task !== 'classification') throw new Error('the porch model classifies');
const { threshold = 0.5 } = description;
const { width = 0, height = 0, kernel } = description.preprocess.resize;
const gates = readConfig(readFileSync(path.join(repository, 'fieldproof.yaml'), 'utf8')).models[0]?.gates ?? [];

type Release = { name: string; weights: string; channels: Preprocess['channels'] };
const releases: Release[] = [
  { name: 'v1', weights: 'v1', channels: 'rgb' },
  { name: 'v2', weights: 'v2-bench', channels: 'rgb' },
  { name: 'v3', weights: 'v3-field', channels: 'rgb' },
  { name: 'int8', weights: 'v3-field.int8', channels: 'rgb' },
  { name: 'bgr', weights: 'v3-field', channels: 'bgr' },
];
/** Candidate and baseline of each pull request, in the order of the history. */
const comparisons = [
  ['v2', 'v1'],
  ['v3', 'v1'],
  ['int8', 'v3'],
  ['bgr', 'v3'],
] as const;

type Scorer = (rgb: readonly Uint8Array[]) => Promise<Float32Array[]>;
const scorers = new Map<string, Scorer>();
for (const release of releases) scorers.set(release.name, await openScorer(release));

let held = 0;
console.log(`| seed | ${PULL_REQUESTS.map(({ branch }) => branch).join(' | ')} | as the demo says |\n|---|---|---|---|---|---|`);
for (let seed = Number(options.from); seed < Number(options.from) + Number(options.count); seed += 1) {
  const outcomes = await verdictsOf(seed);
  const holds = outcomes.every((outcome, index) => outcome === PULL_REQUESTS[index]?.expected);
  held += Number(holds);
  console.log(`| ${seed} | ${outcomes.join(' | ')} | ${holds ? 'yes' : 'no'} |`);
}
console.log(`\n${held} of ${options.count} seeds give the four verdicts.`);

async function verdictsOf(seed: number): Promise<Outcome[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-seed-'));
  try {
    const { bench, street } = await layData(folder, seed);
    const answers = { bench: await askAboutBench(bench), street: await askAboutStreet(street) };
    const seconds = await lengthsOf(street);
    return comparisons.map(([candidate, reference]) =>
      verdict(seed, { bench, street }, { answers, seconds }, candidate, reference),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What each release answered about the bench and the street, and how long the street's clips are. */
type Answered = { answers: Readonly<Record<'bench' | 'street', Map<string, Answer[]>>>; seconds: ReadonlyMap<string, number> };

async function lengthsOf(open: OpenDataset): Promise<ReadonlyMap<string, number>> {
  const seconds = new Map<string, number>();
  for (const clip of (open.dataset as ClipDataset).clips) seconds.set(clip.id, await open.seconds(clip));
  return seconds;
}

function verdict(
  seed: number,
  open: { bench: OpenDataset; street: OpenDataset },
  { answers, seconds }: Answered,
  candidate: string,
  reference: string,
): Outcome {
  const findings = gates.flatMap((gate) => {
    if (gate.kind !== 'quality') return [];
    const name = gate.dataset === 'bench' ? 'bench' : 'street';
    const { dataset } = open[name];
    const of = (release: string) => {
      const scored = scoreAnswers(dataset, answers[name].get(release) ?? [], seconds);
      return scored.kind === 'scored' ? scored.trials : [];
    };
    const metric = metricOn(dataset, gate.metric);
    const question = { gate, metric, dataset: name, against: 'baseline' as const, chipset: null, identical: false, seed };
    return compareQuality({ ...question, candidate: of(candidate), reference: of(reference) });
  });
  return combine(findings);
}

async function layData(folder: string, seed: number): Promise<{ bench: OpenDataset; street: OpenDataset }> {
  const [data, model] = [path.join(folder, 'data'), path.join(folder, 'porch')];
  await writeBench(path.join(data, 'bench'), { seed, count: BENCH_PICTURES });
  await writeStreet(path.join(data, 'street'), { seed, clipsPerSite: CLIPS_PER_SITE, threads: 1 });
  mkdirSync(path.join(model, 'datasets'), { recursive: true });
  renameSync(path.join(data, 'street', 'clips.jsonl'), path.join(model, 'datasets', 'street.jsonl'));
  const open = async (name: string) => {
    const manifest = `datasets/${name}.yaml`;
    writeFileSync(path.join(model, manifest), readFileSync(path.join(repository, manifest)));
    await pinDataset(manifest, model);
    const readFile = async (file: string) => readFileSync(path.join(model, file), 'utf8');
    return await new FileSampleSource().load({ name, path: manifest, readFile, data: { kind: 'disk', workingTree: model } });
  };
  return { bench: await open('bench'), street: await open('street') };
}

async function askAboutBench(open: OpenDataset): Promise<Map<string, Answer[]>> {
  const answers = new Map<string, Answer[]>(releases.map(({ name }) => [name, []]));
  for (const sample of (open.dataset as PictureDataset).samples) {
    const rgb = await fit(await reader.decode(await open.read(sample), 'stored'));
    for (const [name, score] of scorers) {
      const [scores = new Float32Array()] = await score([rgb]);
      answers.get(name)?.push({ id: sample.id, ...rankScores(scores, KEPT, MOST) });
    }
  }
  return answers;
}

async function askAboutStreet(open: OpenDataset): Promise<Map<string, Answer[]>> {
  const dataset = open.dataset as ClipDataset;
  const { clips, rule } = dataset;
  const answers = new Map<string, Answer[]>(releases.map(({ name }) => [name, []]));
  for (const clip of clips) {
    const [timestamps, pictures]: [number[], Uint8Array[]] = [[], []];
    for await (const frame of open.frames(clip, rule.framesPerSecond)) {
      timestamps.push(frame.timestamp);
      pictures.push(await fit({ width: frame.width, height: frame.height, rgb: frame.pixels }));
    }
    for (const [name, score] of scorers) {
      const frames = (await score(pictures)).map((scores, index) => {
        return { timestamp: timestamps[index] ?? 0, scores: scoresOfClasses(scores, rule) };
      });
      answers.get(name)?.push(events.conclude(frames, clip, dataset, threshold));
    }
  }
  return answers;
}

async function fit(picture: { width: number; height: number; rgb: Uint8Array }): Promise<Uint8Array> {
  return await reader.resize(picture, { resize: { width, height }, window: { left: 0, top: 0, width, height } }, kernel);
}

async function openScorer({ weights, channels }: Release): Promise<Scorer> {
  const session = await ort.InferenceSession.create(path.join(import.meta.dirname, 'models', `porch-${weights}.onnx`), {
    intraOpNumThreads: 1,
  });
  const preprocess = { ...description.preprocess, channels };
  const tables = pixelTables(preprocess, 'float32');
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  const size = width * height * 3;
  return async (pictures) => {
    if (pictures.length === 0) return [];
    const data = new Float32Array(pictures.length * size);
    pictures.forEach((rgb, index) => writePicture(rgb, tables, preprocess, data, index * size));
    const answer = await session.run({ [input]: new ort.Tensor('float32', data, [pictures.length, 3, height, width]) });
    const scores = answer[output]?.data as Float32Array;
    const classes = scores.length / pictures.length;
    return pictures.map((_, index) => scores.slice(index * classes, (index + 1) * classes));
  };
}
