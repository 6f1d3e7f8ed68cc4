export { canonicalJson, type Json } from './canonical-json.ts';
export { systemClock, type Clock } from './clock.ts';
export { parseYaml, problemAt, type Parsed, type SourceMap } from './document.ts';
export { CouldNotRun, formatProblem, reasonOf, type Place, type Problem } from './errors.ts';
export { digestOf, digestOfJson, digestSchema, hexOf, isDigest, shortDigest, type Digest } from './ids.ts';
export type {
  Datatype,
  InferRequest,
  InferResponse,
  ModelMetadata,
  Parameters,
  Tensor,
  TensorMetadata,
} from './inference-protocol.ts';
export { silentProgress, type Progress } from './progress.ts';
export { bitRate, byteSize, duration, formatBytes, formatDuration, fraction } from './units.ts';
