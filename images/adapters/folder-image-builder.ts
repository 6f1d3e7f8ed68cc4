import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun } from '#kernel';
import type { ImageBuilder } from '../image-builder.ts';
import { MODEL_FILE } from '../model-folder.ts';
import { DOCKERFILE } from './build-context.ts';

/** Builds each folder by what it holds: a Dockerfile makes a container image, a model.yaml alone a model image. */
export function folderImageBuilder({ container, model }: { container: ImageBuilder; model: ImageBuilder }): ImageBuilder {
  return {
    build: async (request, progress) => {
      const holds = async (name: string) => (await lstat(join(request.folder, name)).catch(() => undefined)) !== undefined;
      const [dockerfile, description] = [await holds(DOCKERFILE), await holds(MODEL_FILE)];
      if (dockerfile && !description) return await container.build(request, progress);
      if (description && !dockerfile) return await model.build(request, progress);
      throw new CouldNotRun({
        file: request.displayPath,
        message: dockerfile
          ? `holds both a ${DOCKERFILE} and a ${MODEL_FILE}`
          : `holds neither a ${DOCKERFILE} nor a ${MODEL_FILE}`,
        remedy: `leave one: a ${DOCKERFILE} for a server of your own, a ${MODEL_FILE} for ONNX weights that our runtime serves`,
      });
    },
  };
}
