export type { BuildRequest, ClipImageBuilder, ImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from './image-builder.ts';
export type { Blob, BuiltImage, DescribedImage } from './image.ts';
export type { OnnxHeader, OnnxValue } from './onnx-header.ts';
export { payload } from './payload.ts';
