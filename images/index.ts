export type { Blob, BuiltImage } from './image.ts';
export type { BuildRequest, ImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from './image-builder.ts';
export { payload } from './payload.ts';
