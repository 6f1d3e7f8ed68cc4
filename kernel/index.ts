export { withoutSecrets } from './address.ts';
export { type BoxRule, countingBoxes, type ZoneOutline } from './box-rule.ts';
export { classScores } from './class-scores.ts';
export { type DetectedBox, detectionsOf, holdsDetections } from './detections.ts';
export { type Embedding, embeddingsOf } from './embeddings.ts';
export { checkValue } from './check-value.ts';
export { canonicalJson, type Json } from './canonical-json.ts';
export { bitmapSize, readBitmap } from './bitmap.ts';
export { type Clock, systemClock } from './clock.ts';
export { type Parsed, parseYaml, problemAt, type SourceMap } from './document.ts';
export { inTime } from './deadline.ts';
export { CouldNotRun, formatProblem, MOST_PROBLEMS, type Place, type Problem, reasonOf, renamedIn } from './errors.ts';
export { type Digest, digestOf, digestOfJson, digestSchema, hexOf, isDigest, shortDigest } from './ids.ts';
export {
  decodeInferRequest,
  decodeInferResponse,
  encodeInferRequest,
  encodeInferResponse,
  type WantedOutputs,
  WIRE_FORMS,
  type WireForm,
  type WireMessage,
} from './inference-codec.ts';
export {
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
  type Parameters,
  type Tensor,
  TENSORS,
} from './inference-protocol.ts';
export { formatModelMetadata, parseModelMetadata } from './model-metadata.ts';
export { netpbmSize, readNetpbm, type RgbPixels } from './netpbm.ts';
export { pictureKind, type PictureKind } from './picture-kind.ts';
export { plainText, sentence } from './plain-text.ts';
export { type Progress, silentProgress } from './progress.ts';
export { type ExpectedScores, expectedScoresSchema, type ReplayClip, replayClipSchema, replayScores } from './site-replay.ts';
export {
  onlyStage,
  type Release,
  releaseId,
  releaseName,
  releaseOf,
  releaseSchema,
  sameRelease,
  type StageRelease,
  unstagedReleaseSchema,
} from './release.ts';
export { parseStrictly } from './strict-document.ts';
export { ProtocolError } from './tensor-codec.ts';
export { float32Of } from './tensor-numbers.ts';
export { bitRate, byteSize, duration, formatBytes, formatDuration, fraction } from './units.ts';
