export { DockerImageBuilder } from './docker-image-builder.ts';
export { FileImageStore } from './file-image-store.ts';
export { folderImageBuilder } from './folder-image-builder.ts';
export { ModelImageBuilder } from './model-image-builder.ts';
export { readVariants } from './read-variants.ts';
export { OciRegistry } from './oci-registry.ts';
export { RuntimeImageBuilder } from './runtime-image-builder.ts';
export { KnownDigests } from './known-digests.ts';
