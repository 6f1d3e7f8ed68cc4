import { problemAt, type InferRequest, type InferResponse, type ModelMetadata, type Problem, type SourceMap } from '#kernel';
import type { ModelDescription } from './model-description.ts';
import type { OnnxModel } from './onnx-model.ts';
import type { PictureReader } from './picture.ts';

/** An ONNX file and the name of its variant. */
export type Weights = { variant: string; file: string };

/** What a model folder says, and where. */
export type ModelFolder = {
  description: ModelDescription;
  labels: readonly string[] | undefined;
  source: SourceMap;
  weights: Weights;
  /** The ONNX file that finds what an embedder looks at; null where none is named. */
  detector: string | null;
};

/** Everything that a model is served from. */
export type ModelParts<D extends ModelDescription = ModelDescription> = ModelFolder & {
  description: D;
  /** @throws CouldNotRun when the file is no ONNX model */
  load: (file: string) => Promise<OnnxModel>;
  reader: PictureReader;
};

/** What is served: a described model with its weights loaded and tried once. */
export interface ServedModel {
  readonly metadata: ModelMetadata;
  /** @throws BadRequest or ProtocolError when the request is at fault */
  infer(request: InferRequest): Promise<InferResponse>;
}

export const VERSION = '1';

/** One network of a description: the served one, or the detector before it. Names the field that is at fault. */
export type Spot = {
  /** How messages name the ONNX file. */
  weights: string;
  problem: (field: readonly PropertyKey[], message: string, remedy: string) => Problem;
};

export function spot(source: SourceMap, weights: string, within: readonly PropertyKey[] = []): Spot {
  return { weights, problem: (field, message, remedy) => problemAt(source, [...within, ...field], message, remedy) };
}
