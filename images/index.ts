export type { BuildRequest, ClipImageBuilder, ImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from './image-builder.ts';
export { imageOn, imagesOf, type Blob, type BuiltImage, type DescribedImage } from './image.ts';
export { payload } from './payload.ts';
