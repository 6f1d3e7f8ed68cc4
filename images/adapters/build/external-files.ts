import { constants } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '#kernel';
import type { ModelFile } from '../../model-folder.ts';
import { externalDataOf } from '../../onnx-external-data.ts';
import { withFileBytes } from './file-bytes.ts';

const PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW;

/** The files in which the weights of a model folder keep their tensors, each once, and what leads out of the folder. */
export function externalFilesOf(folder: string, named: readonly ModelFile[]): { files: ModelFile[]; problems: Problem[] } {
  const files = new Map<string, ModelFile>();
  const problems: Problem[] = [];
  for (const weights of named.filter(({ role }) => role === 'weights')) {
    for (const data of withFileBytes(join(folder, weights.path), PLAIN, (bytes) => externalDataOf(bytes, weights.path))) {
      if ('outside' in data) problems.push(outside(weights, data.outside));
      else if (!files.has(data.path) && !named.some(({ path }) => path === data.path))
        files.set(data.path, fileOf(weights, data.path));
    }
  }
  return { files: [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)), problems };
}

function fileOf({ path: weights, problem }: ModelFile, path: string): ModelFile {
  return {
    role: 'data',
    path,
    of: weights,
    problem: (message, remedy) => problem(`external data of ${weights}: ${message}`, remedy),
  };
}

function outside({ path, problem }: ModelFile, location: string): Problem {
  const message = `external data of ${path}: ${JSON.stringify(location)} is not a path below the folder of ${path}`;
  return problem(message, 'save the model anew with its data beside it: onnx.save(..., location="model.onnx.data")');
}
