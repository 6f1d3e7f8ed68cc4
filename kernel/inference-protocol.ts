/**
 * The Open Inference Protocol v2 over HTTP with the binary tensor data extension: the messages and their bytes, no more.
 * Both ends of the wire use it (the runtime serves it, the runners speak it), and neither may know the other.
 */
export type Datatype = 'BOOL' | 'UINT8' | 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FP16' | 'FP32' | 'FP64' | 'BYTES';

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

/** What `GET v2/models/{m}` answers. `labels` and `threshold` are our runtime's own, under `parameters`. */
export type ModelMetadata = {
  name: string;
  versions: readonly string[];
  platform: string;
  inputs: readonly TensorMetadata[];
  outputs: readonly TensorMetadata[];
  labels?: readonly string[];
  threshold?: number;
};
export type TensorMetadata = { name: string; datatype: Datatype; shape: readonly number[] };
