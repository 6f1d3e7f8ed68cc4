import { CouldNotRun } from '#kernel';
import type { OnnxHeader, OnnxValue } from '#images';
import { guessDetection, type DetectionGuess } from './guess-detection.ts';
import { preprocessOf, PRESET_NAMES, PRESETS, type Preset, type Size } from './preprocess-presets.ts';
import { labelsIn, readUltralytics, type Ultralytics } from './ultralytics.ts';

export const MODEL_TASKS = ['classification', 'detection', 'embedding'] as const;
export type ModelTask = (typeof MODEL_TASKS)[number];

/** What somebody has said of the model. `folders`: classes that the folders of pictures are named after. */
export type Said = {
  task?: ModelTask;
  labels?: readonly string[];
  size?: Size;
  preprocess?: Preset;
  folders?: readonly string[];
};

/** What the file does not say. Whoever cannot be asked gets `fallback`, marked as such, and is told the option. */
export type Question = {
  about: 'task' | 'labels' | 'size' | 'preprocess';
  text: string;
  /** What may be answered; null: anything that fits. */
  choices: readonly string[] | null;
  fallback: string;
  option: string;
};

/** A model.yaml that is to be tried, and what it rests on. */
export type Proposal = {
  task: ModelTask;
  labels: readonly string[] | null;
  /** As they go into model.yaml, but for version, name and weights. */
  fields: Readonly<Record<string, unknown>>;
  /** Sentences: from where each part is known. */
  because: readonly string[];
  /** Sentences: where the file says two things. */
  contradictions: readonly string[];
  questions: readonly Question[];
  /** `output` of a detector, should one picture show that its boxes are no corners; null where it is not known. */
  undecoded?: object | null;
};

/**
 * What a model.yaml for this file would say: by its metadata where an exporter wrote some, else by the shapes of its inputs and outputs.
 * @throws CouldNotRun when it is no model of pictures, or one that is not served
 */
export function proposeModel(header: OnnxHeader, said: Said, file: string): Proposal {
  const written = readUltralytics(header);
  const input = pictureInput(header, file);
  const told = said.labels ?? written?.labels ?? metadataLabels(header);
  const shaped = guessDetection(header, { labels: told?.length ?? null, width: input.width, height: input.height });
  const labels = told ?? shaped?.labels ?? null;
  const task = taskOf(header, said, written, { labels, isDetector: shaped !== null }, file);
  const size = sizeOf(input, said, written);
  const detection = task.value === 'detection' ? (shaped ?? unknownDetection(header)) : null;
  const preset = presetOf(task.value, said, written, detection);
  const names =
    task.value === 'embedding' ? { labels: null, questions: [] } : labelsOf(header, labels, said, task.value, detection);
  return {
    task: task.value,
    labels: names.labels,
    fields: {
      task: task.value,
      ...(names.labels !== null && { labels: names.labels }),
      ...(task.value === 'classification' && { threshold: 0.5 }),
      ...(task.value === 'detection' && { threshold: 0.25 }),
      ...(header.inputs.length > 1 && { input: input.name, ...sizesOf(header, task.value) }),
      preprocess: preprocessOf(preset.value, size.value, input),
      ...detection?.fields,
    },
    because: [
      `${file} takes ${shown(input.value)} and gives ${header.outputs.map(shown).join(', ')}`,
      ...(written === null ? [] : [`its metadata are those of Ultralytics (task ${written.task})`]),
      ...(detection === null ? [] : [detection.because]),
      ...(preset.questions.length > 0 ? [] : [`preprocessing: ${inWords(preset.value)}`]),
    ],
    contradictions: [...size.contradictions, ...(names.contradictions ?? []), ...(detection?.contradictions ?? [])],
    questions: [...task.questions, ...size.questions, ...names.questions, ...preset.questions],
    ...(detection?.undecoded !== undefined && { undecoded: detection.undecoded }),
  };
}

type Picture = Size & { name: string; layout: 'nchw' | 'nhwc'; bytes: boolean; value: OnnxValue };

/** The input of rank four that has three channels, or one; a size that is open is 0. */
function pictureInput({ inputs }: OnnxHeader, file: string): Picture {
  for (const value of inputs) {
    const [, first, second, third, ...rest] = value.shape;
    if (third === undefined || rest.length > 0) continue;
    const bytes = value.type === 'uint8';
    const known = (size: number | string | null | undefined) => (typeof size === 'number' ? size : 0);
    const isLast = third === 3 || third === 1;
    const isFirst = first === 3 || first === 1 || !isLast;
    const { name } = value;
    if (isFirst) return { name, value, bytes, layout: 'nchw', height: known(second), width: known(third) };
    return { name, value, bytes, layout: 'nhwc', height: known(first), width: known(second) };
  }
  throw new CouldNotRun({
    file,
    message: `it takes ${inputs.map(shown).join(', ') || 'nothing'}, and no pictures: [N, 3, height, width] or [N, height, width, 3]`,
    remedy: 'let a container of your own take pictures, and hand it what it needs (docs/models.md)',
  });
}

/** RT-DETR and D-FINE are told the size of the picture: [N, 2], beside it. */
function sizesOf({ inputs }: OnnxHeader, task: ModelTask): object {
  const sizes = inputs.find(({ shape, type }) => shape.length === 2 && shape[1] === 2 && (type === 'int64' || type === 'int32'));
  return task === 'detection' && sizes !== undefined ? { sizes: { input: sizes.name } } : {};
}

const SERVED: Readonly<Record<string, ModelTask>> = { detect: 'detection', classify: 'classification' };

type Answer<T> = { value: T; questions: readonly Question[] };

function taskOf(
  header: OnnxHeader,
  said: Said,
  written: Ultralytics | null,
  { labels, isDetector }: { labels: readonly string[] | null; isDetector: boolean },
  file: string,
): Answer<ModelTask> {
  const known = said.task ?? (written === null ? undefined : SERVED[written.task]);
  if (known !== undefined) return { value: known, questions: [] };
  if (written !== null) {
    const message = `it is a model for ${written.task}, which is not served yet: ${Object.values(SERVED).join(' and ')} are`;
    throw new CouldNotRun({ file, message, remedy: 'serve it by a container of your own (docs/models.md)' });
  }
  if (isDetector) return { value: 'detection', questions: [] };
  const columns = columnsOf(header);
  if (columns !== null && (columns === labels?.length || columns === said.folders?.length || columns === 1000)) {
    return { value: 'classification', questions: [] };
  }
  const fallback = columns === null ? 'detection' : said.folders === undefined && columns >= 64 ? 'embedding' : 'classification';
  const text = `What does it answer with ${header.outputs.map(shown).join(', ')}?`;
  return { value: fallback, questions: [{ about: 'task', text, choices: MODEL_TASKS, fallback, option: '--task' }] };
}

/** How many numbers it gives for a picture, where that is all that it gives. */
function columnsOf({ outputs }: OnnxHeader): number | null {
  const [only, ...others] = outputs;
  const [, columns, ...rest] = only?.shape ?? [];
  return others.length === 0 && typeof columns === 'number' && rest.every((size) => size === 1) ? columns : null;
}

function sizeOf(
  input: Picture,
  { size: said }: Said,
  written: Ultralytics | null,
): Answer<Size> & { contradictions: readonly string[] } {
  const { width, height } = input;
  const [toldHeight = 0, toldWidth = 0] = written?.size ?? [];
  const declared = width > 0 && height > 0;
  const contradictions =
    declared && written?.size !== null && written !== null && (toldWidth !== width || toldHeight !== height)
      ? [`its metadata say ${toldWidth}x${toldHeight}, and its input takes ${width}x${height}: the input is what counts`]
      : [];
  if (declared) return { value: { width, height }, questions: [], contradictions };
  if (said !== undefined) return { value: said, questions: [], contradictions };
  if (toldWidth > 0) return { value: { width: toldWidth, height: toldHeight }, questions: [], contradictions };
  const text = 'Its input takes any size: in which one is it used (width x height)?';
  const question = { about: 'size' as const, text, choices: null, fallback: '224x224', option: '--input-size' };
  return { value: { width: 224, height: 224 }, questions: [question], contradictions };
}

function presetOf(task: ModelTask, said: Said, written: Ultralytics | null, detection: DetectionGuess | null): Answer<Preset> {
  if (said.preprocess !== undefined) return { value: said.preprocess, questions: [] };
  if (written !== null) return { value: task === 'detection' ? 'letterbox' : 'centre', questions: [] };
  const fallback = detection?.preset ?? (task === 'embedding' ? 'stretch-signed' : 'imagenet');
  if (detection?.isSure === true) return { value: fallback, questions: [] };
  const text = 'How were pictures made ready when it was trained?';
  return { value: fallback, questions: [{ about: 'preprocess', text, choices: PRESET_NAMES, fallback, option: '--preprocess' }] };
}

type Names = { labels: readonly string[] | null; questions: readonly Question[]; contradictions?: readonly string[] };

function labelsOf(
  header: OnnxHeader,
  labels: readonly string[] | null,
  { folders }: Said,
  task: ModelTask,
  detection: DetectionGuess | null,
): Names {
  const columns = task === 'classification' ? columnsOf(header) : (detection?.classes ?? null);
  if (labels !== null) {
    const wrong = columns !== null && columns !== labels.length;
    const contradictions = wrong ? [`it has ${labels.length} labels, and its output has room for ${columns} classes`] : [];
    return { labels, questions: [], contradictions };
  }
  const question = (fallback: string, text: string): Question => ({
    about: 'labels',
    text,
    choices: null,
    fallback,
    option: '--labels',
  });
  if (task === 'classification' && folders !== undefined && (columns === null || folders.length === columns)) {
    const text =
      'In which order does it give its classes? A file with one name a line, or: the folders, in the order of their names';
    return { labels: folders, questions: [question('folders', text)] };
  }
  const count = columns ?? 1;
  const numbered = Array.from({ length: count }, (_, index) => `class ${index}`);
  return {
    labels: numbered,
    questions: [question('numbers', `What are its classes called (${count})? A file with one name a line`)],
  };
}

/** Exporters other than Ultralytics' write them under one of these names, if at all. */
function metadataLabels({ metadata }: OnnxHeader): readonly string[] | null {
  for (const key of ['names', 'labels', 'classes', 'class_names', 'label_names']) {
    const labels = labelsIn(metadata.get(key));
    if (labels !== null) return labels;
  }
  return null;
}

/** Nothing that its outputs look like: what is written is to be corrected by hand. */
function unknownDetection({ outputs }: OnnxHeader): DetectionGuess {
  return {
    fields: { output: { kind: 'dense', box: 'cxcywh' }, postprocess: { nms: 'per-class', iou: 0.45 } },
    classes: null,
    preset: 'letterbox',
    isSure: false,
    because: `its outputs (${outputs.map(shown).join(', ')}) are like those of no detector that is known: see docs/models.md`,
    contradictions: [],
  };
}

function inWords(name: Preset): string {
  return PRESETS.find((preset) => preset.name === name)?.inWords ?? name;
}

function shown({ name, type, shape }: OnnxValue): string {
  return `"${name}" ${type} [${shape.map((size) => size ?? '?').join(', ')}]`;
}
