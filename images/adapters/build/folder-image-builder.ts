import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun } from '#kernel';
import type { ImageBuilder } from '../../image-builder.ts';
import { MODEL_FILE } from '../../model-folder.ts';
import { DOCKERFILE } from './build-context.ts';

/** Builds each folder by what it holds: a Dockerfile makes a container image (whatever else is there is its own), a model.yaml alone a model image. */
export function folderImageBuilder({ container, model }: { container: ImageBuilder; model: ImageBuilder }): ImageBuilder {
  return {
    build: async (request, progress) => {
      const holds = async (name: string) => (await lstat(join(request.folder, name)).catch(() => undefined)) !== undefined;
      const [dockerfile, description] = [await holds(DOCKERFILE), await holds(MODEL_FILE)];
      if (dockerfile) return await container.build(request, progress);
      if (description) return await model.build(request, progress);
      throw new CouldNotRun({
        file: request.displayPath,
        message: `holds neither a ${DOCKERFILE} nor a ${MODEL_FILE}`,
        remedy: `add one: a ${DOCKERFILE} for a server of your own, a ${MODEL_FILE} for ONNX weights that our runtime serves`,
      });
    },
  };
}
