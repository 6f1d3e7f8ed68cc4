/**
 * The Open Inference Protocol v2 over HTTP with the binary tensor data extension: the messages and their bytes, no more.
 * Both ends of the wire use it (the runtime serves it, the runners speak it), and neither may know the other.
 */
export const DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const;
export type Datatype = (typeof DATATYPES)[number];

/**
 * The tensors of a vision model, by name.
 * `image`: BYTES [N], encoded pictures: JPEG, PNG, WebP, and what else the model reads. `frames`: UINT8 [N, height, width, 3], RGB at source size.
 * `scores`: FP32 [N, classes]. `detections`: FP32 [boxes of all pictures, 7], a row each: picture, x1, y1, x2, y2 (corners in pixels of
 * the picture as sent), score, class; `landmarks`: FP32 [boxes, 10], five points a box. `embeddings`: FP32 [N, dimensions];
 * `found`: UINT8 [N], 0 where there was nothing to embed.
 */
export const TENSORS = {
  image: 'image',
  frames: 'frames',
  scores: 'scores',
  detections: 'detections',
  landmarks: 'landmarks',
  tracks: 'tracks',
  embeddings: 'embeddings',
  found: 'found',
} as const;

/** Row-major, little-endian. `data` of BYTES is a list of byte strings, of FP16 the raw half-precision bits. */
export type Tensor =
  | { name: string; datatype: 'BYTES'; shape: readonly number[]; data: readonly Uint8Array[] }
  | { name: string; datatype: Exclude<Datatype, 'BYTES'>; shape: readonly number[]; data: Uint8Array };

/** `sequence_id`, `sequence_start`, `sequence_end` and `timestamp` (seconds) accompany the frames of a clip. */
export type Parameters = { readonly [name: string]: string | number | boolean };

export type InferRequest = { id?: string; inputs: readonly Tensor[]; parameters?: Parameters };
export type InferResponse = {
  id?: string;
  modelName: string;
  modelVersion?: string;
  outputs: readonly Tensor[];
  parameters?: Parameters;
};

/** What `GET v2/models/{m}` answers. `labels`, `threshold` and `variant` are our runtime's own, under `parameters`. */
export type ModelMetadata = {
  name: string;
  versions: readonly string[];
  platform: string;
  inputs: readonly TensorMetadata[];
  outputs: readonly TensorMetadata[];
  labels?: readonly string[];
  threshold?: number;
  /** Which of the model's weights are served. */
  variant?: string;
};
export type TensorMetadata = { name: string; datatype: Datatype; shape: readonly number[] };
