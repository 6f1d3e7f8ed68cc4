import type { InferRequest, InferResponse, ModelMetadata, Tensor } from '#kernel';
import { VERSION, type ModelParts } from '../model-parts.ts';
import { INPUTS } from '../pictures-of-request.ts';

export function metadataOf(
  { description, labels, weights }: ModelParts,
  outputs: ModelMetadata['outputs'],
  threshold: number | undefined,
): ModelMetadata {
  return {
    name: description.name,
    versions: [VERSION],
    platform: 'onnxruntime_onnx',
    inputs: INPUTS,
    outputs,
    ...(labels && { labels }),
    ...(threshold !== undefined && { threshold }),
    variant: weights.variant,
  };
}

export function answerOf({ id }: InferRequest, { name }: { name: string }, outputs: readonly Tensor[]): InferResponse {
  return { ...(id === undefined ? {} : { id }), modelName: name, modelVersion: VERSION, outputs };
}

export function fp32(name: string, shape: readonly number[], values: Float32Array): Tensor {
  return { name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}
