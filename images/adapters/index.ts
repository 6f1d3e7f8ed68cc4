export { FileImageStore } from './file-image-store.ts';
export { ModelImageBuilder } from './model-image-builder.ts';
export { RuntimeImageBuilder } from './runtime-image-builder.ts';
