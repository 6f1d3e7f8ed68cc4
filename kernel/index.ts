export { canonicalJson, type Json } from './canonical-json.ts';
export { systemClock, type Clock } from './clock.ts';
export { parseYaml, problemAt, type Parsed, type SourceMap } from './document.ts';
export { CouldNotRun, formatProblem, reasonOf, type Place, type Problem } from './errors.ts';
export { digestOf, digestOfJson, digestSchema, hexOf, isDigest, shortDigest, type Digest } from './ids.ts';
export {
  decodeInferRequest,
  decodeInferResponse,
  encodeInferRequest,
  encodeInferResponse,
  type WantedOutputs,
  type WireMessage,
} from './inference-codec.ts';
export {
  TENSORS,
  type Datatype,
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
  type Parameters,
  type Tensor,
  type TensorMetadata,
} from './inference-protocol.ts';
export { formatModelMetadata, parseModelMetadata } from './model-metadata.ts';
export { silentProgress, type Progress } from './progress.ts';
export { expectedScoresSchema, replayClipSchema, type ExpectedScores, type ReplayClip } from './site-replay.ts';
export { bitRate, byteSize, duration, formatBytes, formatDuration, fraction } from './units.ts';
export { ProtocolError } from './tensor-codec.ts';
export { float32Of } from './tensor-numbers.ts';
