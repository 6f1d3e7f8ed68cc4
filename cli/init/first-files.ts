import { marginFor, shareAtBest } from '#eval';
import { ALL_TASKS } from '#tasks';
import type { ModelTask } from './propose-model.ts';
import { plainName } from './place-model.ts';

/** What `fieldproof init` writes: a start that runs as soon as the places marked with "set" are. Pure: answers in, texts out. */
export type InitAnswers = {
  /** Folder of the model below the repository, such as models/porch. */
  modelFolder: string;
  task: ModelTask;
  /** The model's own description, where there is one to write. */
  modelFiles: readonly { path: string; text: string }[];
  images: Images | null;
  /** A dataset of clips, for its event rule or its footage is known. */
  clips?: Clips;
};

/** `files`: its manifest and what that names. `replays`: the commented section of fieldproof.yaml that would follow it each night. */
export type Clips = { name: string; manifest: string; files: readonly { path: string; text: string }[]; replays: string };

/**
 * Pictures relative to the repository: a folder for each class, or what Ultralytics' data.yaml describes. `count`: how many there are,
 * where that was seen.
 */
export type Images = { folder: string; count?: number } & (
  | { kind: 'folders'; classes: readonly string[]; areMatched: boolean }
  /** `text`: of the data.yaml, which is truth, and so is copied to where policy is read from. */
  | { kind: 'yolo'; split: string; text: string }
);

export const FIRST_DATASET = 'datasets/research.yaml';
/** Beside it. */
const YOLO_DATA = 'research.data.yaml';

/** @param platform of the machine that the first chipset is */
export function firstFiles(answers: InitAnswers, platform: string): { path: string; text: string }[] {
  const files = [{ path: 'fieldproof.yaml', text: configText(answers, platform) }, ...answers.modelFiles];
  if (answers.clips !== undefined) files.push(...answers.clips.files);
  if (answers.images !== null) files.push({ path: FIRST_DATASET, text: datasetText(answers.images) });
  if (answers.images?.kind === 'yolo') files.push({ path: `datasets/${YOLO_DATA}`, text: answers.images.text });
  return files;
}

/** Folders come in the order of their names, and nothing but a bad score would tell that the model's is another. */
const CLASS_ORDER = "in the order of the model's output";

/** Quoted where YAML could take a name for something else, such as a number. */
function classList(classes: readonly string[]): string {
  return `[${classes.map((name) => (/^[a-z][a-z _-]*[a-z]$/i.test(name) && !/^(true|false|null)$/i.test(name) ? name : JSON.stringify(name))).join(', ')}]`;
}

export function modelNameOf(modelFolder: string): string {
  return plainName(modelFolder.split('/').findLast((part) => part !== '') ?? 'model');
}

function configText({ modelFolder, images, task, clips }: InitAnswers, platform: string): string {
  const name = modelNameOf(modelFolder);
  const datasets = [
    ...(images === null ? [] : [`  research: { manifest: ${FIRST_DATASET} }`]),
    ...(clips === undefined ? [] : [`  ${clips.name}: { manifest: ${clips.manifest} }`]),
  ];
  const none = '  {}   # set: write a manifest and name it here (docs/datasets.md)';
  const [metric] = ALL_TASKS.find((known) => known.name === task)?.metrics ?? [];
  const { margin, said } = proposeMargin(images?.count);
  const gate = `    - { dataset: research, metric: ${metric?.name}, margin: ${margin}, at-least: 0% }   # set: at-least judges the first release${said}\n`;
  return `version: 1

models:
  ${name}:
    build: ${modelFolder}                  # a folder with a Dockerfile, or with a model.yaml alone
    image: registry.example/acme/${name}   # set: where its images are pushed when there is a registry
    task: ${task}

datasets:
${datasets.length === 0 ? none : datasets.join('\n')}

chipsets:
  here: { platform: ${platform}, at: local, limits: { cpus: 1, memory: 2GiB } }

gates:
  ${name}:
${images === null || metric === undefined ? '' : gate}${clips === undefined ? '' : clipGates(clips.name)}    - { chipset: "*", metric: latency-p50, margin: 10% }

early-stopping: to-fail                    # a check that is sure to fail ends early

# deploy:                                  # set: the repository that Flux or Argo CD reads
#   controller: flux
#   repository: ../fleet.git
#   branch: main
#   sites: [ { name: first-site, chipset: here } ]
${clips?.replays ?? ''}`;
}

/** One that so many pictures can decide; where they are not counted, one that a few hundred can. */
function proposeMargin(count: number | undefined): { margin: string; said: string } {
  if (count === undefined) return { margin: '2%', said: '' };
  const percent = (share: number) => `${Number((100 * share).toPrecision(2))}%`;
  return { margin: percent(marginFor(count)), said: `; ${count} pictures tell a loss of ${percent(shareAtBest(count))} at best` };
}

/** What is found, and what is raised for nothing: either is cheap to better at the cost of the other. */
function clipGates(dataset: string): string {
  const { metrics = [] } = ALL_TASKS.find(({ name }) => name === 'events') ?? {};
  const limits: Readonly<Record<string, string>> = {
    fraction: 'margin: 5%, at-least: 0% }   # set: at-least judges the first release',
    'per hour': 'margin: 20 }   # set: how many more an hour you would bear; few need hours of footage to be seen',
  };
  return metrics
    .filter(({ kind, unit }) => kind === 'ratio' && limits[unit] !== undefined)
    .map(({ name, unit }) => `    - { dataset: ${dataset}, metric: ${name}, ${limits[unit]}\n`)
    .join('');
}

/** Of a folder in which no ONNX file was found, so that nothing is known of it. */
export function unknownModel(modelFolder: string, classes: readonly string[] | null): string {
  const labels = classes === null ? '' : `labels: ${classList(classes)}   # set: ${CLASS_ORDER}\n`;
  return `version: 1
name: ${modelNameOf(modelFolder)}
task: classification
${labels}threshold: 0.5
weights: { default: model.onnx }   # set: no .onnx was found in this folder
preprocess:                                # set: exactly what the model was trained with
  resize: { shorter-side: 256, kernel: linear }
  crop: { width: 224, height: 224 }
  channels: rgb
  layout: nchw
  range: [0, 1]
  mean: [0.485, 0.456, 0.406]
  std: [0.229, 0.224, 0.225]
`;
}

function datasetText(images: Images): string {
  const { folder } = images;
  if (images.kind === 'yolo') {
    return `version: 1
kind: research
task: detection
root: ../${folder}
truth: { yolo: ${YOLO_DATA}, split: ${images.split} }
pins: research.sha256
`;
  }
  return `version: 1
kind: research
task: classification
classes: ${classList(images.classes)}${images.areMatched ? '' : `   # set: ${CLASS_ORDER}`}
root: ../${folder}
samples: { folders: true }
pins: research.sha256
`;
}
