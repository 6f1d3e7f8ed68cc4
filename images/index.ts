export type { Blob, BuiltImage } from './image.ts';
export type { BuildRequest, ClipImageBuilder, ImageBuilder, ImageStore, Registry, RuntimeImageBuilder } from './image-builder.ts';
export { payload } from './payload.ts';
