import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { CouldNotRun, formatBytes, type Problem, type Progress } from '#kernel';
import type { BuiltImage } from '../../image.ts';
import type { BuildRequest, ImageBuilder } from '../../image-builder.ts';
import { describeImage, imageConfig } from '../../manifest.ts';
import {
  executableFormat,
  filesOfModel,
  MODEL_FILE,
  planModelLayers,
  type FoundFile,
  type ModelFile,
} from '../../model-folder.ts';
import { externalFilesOf } from './external-files.ts';
import { readPlainText } from './plain-text.ts';
import { addImage } from '../store/add-image.ts';
import type { FileImageStore } from '../store/file-image-store.ts';

const MOST_DESCRIPTION_BYTES = 1024 * 1024;
const MOST_LABEL_BYTES = 64 * 1024 * 1024;

export type ModelImageOptions = {
  store: FileImageStore;
  /** Larger weights are refused before they are read. */
  mostWeightBytes?: number;
};

/**
 * A folder with model.yaml as an image without base: model.yaml, the weights and the labels that it names, what lies beside the
 * weights as their external data, nothing else.
 * The same files for the same platform and annotations give the same digest on every machine.
 */
export class ModelImageBuilder implements ImageBuilder {
  readonly #store: FileImageStore;
  readonly #mostWeightBytes: number;

  constructor({ store, mostWeightBytes = 32 * 2 ** 30 }: ModelImageOptions) {
    this.#store = store;
    this.#mostWeightBytes = mostWeightBytes;
  }

  async build(request: BuildRequest, progress: Progress): Promise<BuiltImage> {
    progress.step(`pack ${request.displayPath}`);
    const layers = planModelLayers(await this.#findFiles(request));
    return await addImage(
      this.#store,
      layers,
      (blobs) => {
        const diffIds = blobs.map((blob) => blob.digest);
        return describeImage('model', imageConfig(request.platform, diffIds, null), blobs, request.annotations);
      },
      request.signal,
    );
  }

  async #findFiles({ folder, displayPath }: BuildRequest): Promise<FoundFile[]> {
    const file = join(displayPath, MODEL_FILE);
    const description = join(folder, MODEL_FILE);
    const found = await lstat(description).catch(() => undefined);
    const flaw = flawOf(found, MOST_DESCRIPTION_BYTES);
    if (flaw !== undefined) throw new CouldNotRun({ file, message: flaw, remedy: `write a ${MODEL_FILE} for the model` });
    const read = await readPlainText(description, MOST_DESCRIPTION_BYTES);
    if ('flaw' in read)
      throw new CouldNotRun({ file, message: `is ${read.flaw}`, remedy: `write a ${MODEL_FILE} for the model` });
    const named = filesOfModel(read.text, file);
    const files = await this.#checkAll(folder, named);
    const data = externalFilesOf(folder, named);
    if (data.problems.length > 0) throw new CouldNotRun(data.problems);
    files.push(...(await this.#checkAll(folder, data.files)));
    return [{ role: 'description', path: MODEL_FILE, source: description, size: found?.size ?? 0 }, ...files];
  }

  async #checkAll(folder: string, named: readonly ModelFile[]): Promise<FoundFile[]> {
    const checked = await Promise.all(named.map((item) => this.#check(folder, item)));
    const problems = checked.flatMap((result) => ('message' in result ? [result] : []));
    if (problems.length > 0) throw new CouldNotRun(problems);
    return checked.flatMap((result) => ('role' in result ? [result] : []));
  }

  async #check(folder: string, { role, path, of, problem }: ModelFile): Promise<FoundFile | Problem> {
    const parts = path.split('/');
    for (const [index] of parts.slice(1).entries()) {
      const parent = await lstat(join(folder, ...parts.slice(0, index + 1))).catch(() => undefined);
      if (parent?.isSymbolicLink()) return problem(`${path} lies behind a symbolic link`, 'put the file itself there');
    }
    const source = join(folder, path);
    const found = await lstat(source).catch(() => undefined);
    const flaw = flawOf(found, role === 'labels' ? MOST_LABEL_BYTES : this.#mostWeightBytes);
    if (flaw !== undefined || found === undefined) {
      return problem(`${path} ${flaw}`, 'add the file itself (git lfs pull, if it is kept there), or name another');
    }
    const format = role === 'weights' ? executableFormat(path, await startOf(source)) : undefined;
    if (format !== undefined) return problem(`${path} is ${format}, which runs code when it is read`, 'export the model to ONNX');
    return { role, path, of, source, size: found.size };
  }
}

function flawOf(found: Stats | undefined, mostBytes: number): string | undefined {
  if (found === undefined) return 'is not there';
  if (found.isSymbolicLink()) return 'is a symbolic link';
  if (!found.isFile()) return 'is not a plain file';
  if (found.size === 0) return 'is empty';
  return found.size > mostBytes ? `is larger than ${formatBytes(mostBytes)}` : undefined;
}

async function startOf(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
