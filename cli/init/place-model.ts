import path from 'node:path';
import { CouldNotRun } from '#kernel';
import type { WorkingTree } from '#git';

/** Where the model lies or is to lie, below the repository. `file`: an ONNX file that was named; `copy`: it lies elsewhere. */
export type ModelPlace = { folder: string; file: string | null; copy: boolean };

/**
 * What `--model` means: a folder of the repository; or an ONNX file, which is taken where it lies in a folder of the repository, and
 * copied into models/<its name>/ from anywhere else.
 * @throws CouldNotRun for a folder elsewhere
 */
export function placeModel(named: string, repository: string): ModelPlace {
  if (!named.toLowerCase().endsWith('.onnx')) return { folder: folderInside(named), file: null, copy: false };
  const inside = path.relative(repository, path.resolve(repository, named)).split(path.sep).join('/');
  const folder = path.posix.dirname(inside);
  if (!inside.startsWith('..') && !path.isAbsolute(inside) && folder !== '.') return { folder, file: inside, copy: false };
  return { folder: `models/${plainName(path.parse(named).name)}`, file: named, copy: true };
}

function folderInside(model: string): string {
  const folder = path.posix.normalize(model).replace(/\/+$/, '');
  if (!path.isAbsolute(folder) && !folder.startsWith('..')) return folder;
  throw new CouldNotRun({
    file: model,
    message: 'is not a folder of the repository',
    remedy: 'name the folder of the model relative to the repository, such as models/porch, or an ONNX file',
  });
}

/** Copies the file, and those that hold its tensors. @param data paths of these, relative to where it lies */
export async function bringModel(
  { folder, file, copy }: ModelPlace,
  data: (file: string) => readonly string[],
  tree: WorkingTree,
): Promise<string[]> {
  if (file === null || !copy) return [];
  const all = [path.basename(file), ...data(file)];
  for (const one of all) await tree.copy(path.join(path.dirname(file), one), path.posix.join(folder, one));
  return all.map((one) => path.posix.join(folder, one));
}

/** A name for folders and addresses. */
export function plainName(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'model'
  );
}
