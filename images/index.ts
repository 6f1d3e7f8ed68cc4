export type { BuildRequest, ClipImageBuilder, ImageBuilder, ImageStore, Registry } from './image-builder.ts';
export type { Blob, BuiltImage } from './image.ts';
export { payload } from './payload.ts';
