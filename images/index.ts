export { basesOf } from './dockerfile.ts';
export type { BuildRequest, ClipImageBuilder, ImageBuilder, RuntimeImageBuilder } from './image-builder.ts';
export type { ImageStore } from './image-store.ts';
export type { Registry } from './registry.ts';
export { imageOn, imagesOf, type Blob, type BuiltImage, type DescribedImage } from './image.ts';
export type { OnnxHeader, OnnxValue } from './onnx-header.ts';
export { coarsened, type OnnxWeights, weightsIn } from './onnx-weights.ts';
export { payload } from './payload.ts';
