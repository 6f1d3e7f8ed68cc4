import type { OnnxHeader, OnnxValue } from '#images';
import { guessDetection } from '../guess-detection.ts';
import type { Preset } from '../preprocess-presets.ts';
import type { Proposal, Said } from '../propose-model.ts';
import type { FrigateModel } from './frigate-config.ts';

type ModelType = NonNullable<FrigateModel['model_type']>;
type Output = { kind: string } & Record<string, unknown>;
type Decoding = { output: Output; postprocess: object };

/** How pictures are made ready for each `model_type` where it was trained. */
const PRESET: Readonly<Record<ModelType, Preset>> = {
  ssd: 'stretch-255',
  yolox: 'yolox',
  yolonas: 'letterbox',
  'yolo-generic': 'letterbox',
  rfdetr: 'stretch-imagenet',
  dfine: 'stretch',
};

/** What the outputs of each may look like (`kind` of model.yaml); others are a contradiction. */
const KINDS: Readonly<Record<ModelType, readonly string[]>> = {
  ssd: ['parallel', 'rows'],
  yolox: ['dense'],
  yolonas: ['rows', 'pair', 'parallel'],
  'yolo-generic': ['dense', 'rows'],
  rfdetr: ['pair'],
  dfine: ['parallel'],
};

/** Frigate's own default. */
export function typeOf({ model_type: type }: FrigateModel): ModelType {
  return type ?? 'ssd';
}

/** What the configuration says of the model, in the words in which somebody would. */
export function saidBy(model: FrigateModel, labels: readonly string[] | null): Said {
  const { width, height } = model;
  return {
    task: 'detection',
    size: { width: width ?? 320, height: height ?? 320 },
    preprocess: PRESET[typeOf(model)],
    ...(labels !== null && { labels }),
  };
}

/** A header as the configuration has it, where there is no file to read: its outputs are not known. */
export function assumedHeader(model: FrigateModel): OnnxHeader {
  const { width = 320, height = 320, input_tensor: order, input_dtype: type } = model;
  const sides = [height ?? 320, width ?? 320];
  const shape = order === 'nhwc' ? [1, ...sides, 3] : [1, 3, ...sides];
  const input = { name: 'images', type: type === 'int' ? ('uint8' as const) : ('float32' as const), shape };
  return { inputs: [input], outputs: [], metadata: new Map(), producer: '' };
}

/**
 * The proposal with what Frigate's configuration knows better than shapes do: how outputs are read, the order of colours, the range of
 * pixels. Where the two contradict each other, the file counts, and it is said.
 */
export function asFrigateHasIt(
  proposal: Proposal,
  header: OnnxHeader,
  { model, threshold, preset }: { model: FrigateModel; threshold: number; preset: string | undefined },
): Proposal {
  const type = typeOf(model);
  const decoding = decodingOf(type, header, proposal);
  const known = header.outputs.length > 0;
  return {
    ...proposal,
    fields: {
      ...proposal.fields,
      threshold,
      preprocess:
        preset === undefined
          ? preprocessBy(proposal.fields['preprocess'] as object, model, header)
          : proposal.fields['preprocess'],
      output: decoding.output,
      postprocess: decoding.postprocess,
    },
    because: [
      ...(known ? proposal.because : ['no file was read: all of it is what the configuration says']),
      `Frigate calls it ${type}, and counts objects from ${threshold} on`,
    ],
    contradictions: [...proposal.contradictions, ...(known ? contradictions(header, model) : []), ...decoding.contradictions],
  };
}

function decodingOf(type: ModelType, header: OnnxHeader, { fields, labels }: Proposal): Decoding & { contradictions: string[] } {
  const guess = guessDetection(header, { labels: labels?.length ?? null, width: 0, height: 0 });
  const own = byType(type, header);
  if (guess === null) return { ...own, contradictions: unlike(own, header) };
  const seen = fields as unknown as Decoding;
  if (KINDS[type].includes(seen.output.kind)) {
    const trusted = type === 'yolo-generic' || (seen.output.kind !== own.output.kind && type !== 'yolox');
    const isDecoded = type === 'yolox' && seen.output['grid'] === undefined;
    return { ...(trusted || isDecoded ? seen : own), contradictions: [] };
  }
  const message = `Frigate's model_type is ${type}, and its outputs are not of that kind (${guess.because}): what the file shows is what counts`;
  return { ...seen, contradictions: [message] };
}

/** Of shapes that are open nothing can be said; of too many outputs, that one of them will be taken for all. */
function unlike({ output }: Decoding, { outputs }: OnnxHeader): string[] {
  if (outputs.length < 2 || (output.kind !== 'dense' && output.kind !== 'rows')) return [];
  return [
    `it has ${outputs.length} outputs, and is read as if it had one: correct output in model.yaml, or bring a container (docs/models.md)`,
  ];
}

const NMS = { nms: 'per-class', iou: 0.45 };
const READY = { nms: 'none' };

function byType(type: ModelType, { outputs }: OnnxHeader): Decoding {
  const lastOf = ({ shape }: OnnxValue) => shape.at(-1);
  switch (type) {
    case 'yolox':
      return { output: { kind: 'dense', box: 'cxcywh', objectness: 'multiply', grid: [8, 16, 32] }, postprocess: NMS };
    case 'yolonas':
      return { output: { kind: 'rows', columns: ['picture', 'x1', 'y1', 'x2', 'y2', 'score', 'class'] }, postprocess: READY };
    case 'rfdetr': {
      const boxes = outputs.find((one) => lastOf(one) === 4)?.name ?? 'dets';
      const scores = outputs.find(({ name }) => name !== boxes);
      const background = scores !== undefined && lastOf(scores) === 91 ? { background: 'first' } : {};
      const read = { box: 'cxcywh', units: 'unit', activation: 'sigmoid', 'per-box': 'every', ...background };
      return { output: { kind: 'pair', boxes, scores: scores?.name ?? 'labels', ...read }, postprocess: READY };
    }
    case 'dfine': {
      const read = { boxes: 'boxes', scores: 'scores', classes: 'labels', box: 'xyxy', units: 'pixels' };
      return { output: { kind: 'parallel', ...read }, postprocess: READY };
    }
    case 'ssd': {
      const columns = ['picture', 'class', 'score', 'x1', 'y1', 'x2', 'y2'];
      return { output: { kind: 'rows', columns, units: 'unit' }, postprocess: READY };
    }
    case 'yolo-generic':
      return { output: { kind: 'dense', box: 'cxcywh' }, postprocess: { ...NMS, clip: true } };
  }
}

/** The order of colours as it is set; pixels as they are where `float_denorm` leaves them so. */
function preprocessBy(
  preprocess: object,
  { input_pixel_format: colours, input_dtype: set }: FrigateModel,
  { inputs }: OnnxHeader,
): object {
  const { channels, range, mean, std, ...rest } = { channels: '', range: null, mean: null, std: null, ...preprocess };
  const ordered = colours === 'bgr' || (colours !== 'rgb' && channels === 'bgr') ? { channels: 'bgr' } : {};
  const bytes = inputs.some(({ type, shape }) => type === 'uint8' && shape.length === 4);
  if (bytes || set === 'float_denorm') return { ...rest, ...ordered };
  const scale = set === 'float' ? { range: [0, 1] } : range === null ? {} : { range };
  return { ...rest, ...ordered, ...scale, ...(mean !== null && { mean }), ...(std !== null && { std }) };
}

function contradictions({ inputs }: OnnxHeader, model: FrigateModel): string[] {
  const input = inputs.find(({ shape }) => shape.length === 4);
  if (input === undefined) return [];
  const [, first, second, third] = input.shape;
  const order = third === 3 ? 'nhwc' : first === 3 ? 'nchw' : null;
  const [height, width] = order === 'nhwc' ? [first, second] : [second, third];
  const said: string[] = [];
  const differs = (seen: unknown, set: string | number | null | undefined) => typeof seen === typeof set && seen !== set;
  const counts = 'the file is what counts';
  if (differs(width, model.width) || differs(height, model.height)) {
    said.push(
      `Frigate's model is ${model.width ?? 320}x${model.height ?? 320}, and its input takes ${width}x${height}: ${counts}`,
    );
  }
  if (differs(order, model.input_tensor))
    said.push(`Frigate's input_tensor is ${model.input_tensor}, and its input is ${order}: ${counts}`);
  const bytes = input.type === 'uint8';
  const set = model.input_dtype ?? null;
  if (set !== null && bytes !== (set === 'int')) {
    said.push(`Frigate's input_dtype is ${set}, and its input takes ${input.type}: ${counts}`);
  }
  return said;
}
