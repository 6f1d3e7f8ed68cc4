import {
  CouldNotRun,
  TENSORS,
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
  type SourceMap,
  type Tensor,
} from '#kernel';
import { limit } from './limit.ts';
import { planResize } from './geometry.ts';
import { scoresProblem, wire, type OnnxSignature, type Wiring } from './model-contract.ts';
import type { ModelDescription } from './model-description.ts';
import { BadRequest, type Picture, type PictureReader } from './picture.ts';
import { softmax } from './postprocess.ts';
import { newInput, pixelTables, writePicture, type InputData } from './preprocess.ts';

/** A loaded ONNX file. Runs one input at a time. */
export interface OnnxModel {
  readonly signature: OnnxSignature;
  run(wiring: Wiring, data: InputData, pictures: number): Promise<{ shape: readonly number[]; scores: Float32Array }>;
}

export type Weights = { variant: string; file: string };

/** What is served: a described model with its weights loaded and tried once. */
export interface Classifier {
  readonly metadata: ModelMetadata;
  /** @throws BadRequest or ProtocolError when the request is at fault */
  infer(request: InferRequest): Promise<InferResponse>;
}

export type ClassifierParts = {
  description: ModelDescription;
  labels: readonly string[] | undefined;
  source: SourceMap;
  weights: Weights;
  model: OnnxModel;
  reader: PictureReader;
};

/** Pictures of one request. A client with more of them sends more requests. */
const MAX_PICTURES = 256;
/** Decoded pictures are large: so many at a time, as many as Node has threads for them. */
const DECODES_AT_A_TIME = 4;
/** Pictures per run, so that the model's own memory stays small. */
const PICTURES_PER_RUN = 16;
const VERSION = '1';

/** @throws CouldNotRun when the weights don't fit the description */
export async function openClassifier(parts: ClassifierParts): Promise<Classifier> {
  const { description, model, source, weights, labels } = parts;
  const fit = wire(description, model.signature, source, weights.file);
  if ('problems' in fit) throw new CouldNotRun(fit.problems);
  const { wiring } = fit;
  const elements = wiring.shape.reduce((product, size) => product * size, 1);
  const trial = await model.run(wiring, newInput(wiring.type, elements), 1);
  const problem = scoresProblem(trial.shape, 1, labels, source, weights.file);
  if (problem) throw new CouldNotRun(problem);
  const classes = trial.shape[1] ?? 0;
  const read = pictureInput(parts);
  const score = scorer(parts, wiring, { elements, classes, perRun: await picturesPerRun(model, wiring, elements) });
  return {
    metadata: metadataOf(parts, classes),
    async infer(request) {
      const pictures = await read(request);
      const scores = await score(pictures);
      const data = new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
      const output: Tensor = { name: TENSORS.scores, datatype: 'FP32', shape: [pictures.length, classes], data };
      const id = request.id === undefined ? {} : { id: request.id };
      return { ...id, modelName: description.name, modelVersion: VERSION, outputs: [output] };
    },
  };
}

function metadataOf({ description, labels, weights }: ClassifierParts, classes: number): ModelMetadata {
  return {
    name: description.name,
    versions: [VERSION],
    platform: 'onnxruntime_onnx',
    inputs: [
      { name: TENSORS.image, datatype: 'BYTES', shape: [-1] },
      { name: TENSORS.frames, datatype: 'UINT8', shape: [-1, -1, -1, 3] },
    ],
    outputs: [{ name: TENSORS.scores, datatype: 'FP32', shape: [-1, classes] }],
    ...(labels && { labels }),
    ...(description.threshold !== undefined && { threshold: description.threshold }),
    variant: weights.variant,
  };
}

/** From a request to RGB pixels at the model's size. Runs beside the inference of earlier requests. */
function pictureInput({
  description: { preprocess },
  reader,
}: ClassifierParts): (request: InferRequest) => Promise<Uint8Array[]> {
  const { orientation, resize } = preprocess;
  const enter = limit(DECODES_AT_A_TIME);
  const fit = (picture: Picture) => {
    const plan = planResize(picture, preprocess);
    const fits = [plan.resize, plan.window].every(({ width, height }) => width === picture.width && height === picture.height);
    return fits ? picture.rgb : reader.resize(picture, plan, resize.kernel);
  };
  return async (request) => {
    const input = onlyInput(request);
    if (input.datatype !== 'BYTES') return Promise.all(framesOf(input).map((frame) => enter(async () => fit(frame))));
    return Promise.all(input.data.map((encoded) => enter(async () => fit(await reader.decode(encoded, orientation)))));
  };
}

/** Some models say that they take any batch, and hold a reshape to one picture inside: found out by asking. */
async function picturesPerRun(model: OnnxModel, wiring: Wiring, elements: number): Promise<number> {
  if (wiring.batch !== null) return wiring.batch;
  const pair = await model.run(wiring, newInput(wiring.type, 2 * elements), 2).catch(() => null);
  return pair?.shape[0] === 2 ? PICTURES_PER_RUN : 1;
}

/** One run at a time: a request's latency is its own. */
function scorer(
  { description, model }: ClassifierParts,
  wiring: Wiring,
  sizes: { elements: number; classes: number; perRun: number },
) {
  const { preprocess, postprocess } = description;
  const { elements, classes, perRun } = sizes;
  const tables = pixelTables(preprocess, wiring.type);
  const buffer = newInput(wiring.type, elements * perRun);
  const enter = limit(1);
  const runOnce = async (pictures: readonly Uint8Array[]) => {
    pictures.forEach((rgb, index) => writePicture(rgb, tables, preprocess, buffer, index * elements));
    const { scores } = await model.run(wiring, buffer.subarray(0, pictures.length * elements), pictures.length);
    if (scores.length === pictures.length * classes) return scores;
    throw new Error(`the model gave ${scores.length} scores for ${pictures.length} pictures of ${classes} classes`);
  };
  return (pictures: readonly Uint8Array[]): Promise<Float32Array> =>
    enter(async () => {
      const all = new Float32Array(pictures.length * classes);
      for (let start = 0; start < pictures.length; start += perRun) {
        all.set(await runOnce(pictures.slice(start, start + perRun)), start * classes);
      }
      if (postprocess.activation === 'softmax') softmax(all, classes);
      return all;
    });
}

function onlyInput({ inputs }: InferRequest): Tensor {
  const [input] = inputs;
  const expected = `expected one input: "${TENSORS.image}" BYTES [N] or "${TENSORS.frames}" UINT8 [N, height, width, 3]`;
  if (input === undefined || inputs.length !== 1) throw new BadRequest(`${expected}, not ${inputs.length}`);
  const { name, datatype, shape } = input;
  const image = name === TENSORS.image && datatype === 'BYTES' && shape.length === 1;
  const frames = name === TENSORS.frames && datatype === 'UINT8' && shape.length === 4 && shape[3] === 3;
  if (!image && !frames) throw new BadRequest(`${expected}, not "${name}" ${datatype} [${shape.join(', ')}]`);
  const [count = 0] = shape;
  if (shape.includes(0)) throw new BadRequest(`"${name}" [${shape.join(', ')}] holds no picture`);
  if (count > MAX_PICTURES) throw new BadRequest(`${count} pictures in one request: send no more than ${MAX_PICTURES}`);
  return input;
}

function framesOf({ shape, data }: Exclude<Tensor, { datatype: 'BYTES' }>): Picture[] {
  const [count = 0, height = 0, width = 0] = shape;
  const size = height * width * 3;
  return Array.from({ length: count }, (_, index) => ({ width, height, rgb: data.subarray(index * size, (index + 1) * size) }));
}
