export type { BuildRequest, ClipImageBuilder, ImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from './image-builder.ts';
export { basesOf } from './dockerfile.ts';
export type { Blob, BuiltImage, DescribedImage } from './image.ts';
export { payload } from './payload.ts';
