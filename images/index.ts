export type { Blob, BuiltImage } from './image.ts';
export type { BuildRequest, ImageBuilder, ImageStore, Registry } from './image-builder.ts';
