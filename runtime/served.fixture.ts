import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { float32Of, type InferResponse, type Tensor } from '#kernel';
import { writeExportedModel, type ExportedModel } from '../testing/exported-model.ts';
import { openOnnx, readModelFolder, sharpPictureReader } from './adapters/index.ts';
import type { ServedModel } from './model-parts.ts';
import { openModel } from './open-model.ts';

/** Opens what a folder describes, as the program does, in this process. */
export async function openFolder(folder: string, threads = 1): Promise<ServedModel> {
  const parts = await readModelFolder(folder, null);
  return await openModel({ ...parts, load: (file) => openOnnx(file, threads), reader: sharpPictureReader() });
}

/** A folder that goes when the test that asked for it ends. */
export async function modelFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-served-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function openExported(model: ExportedModel, description: object): Promise<ServedModel> {
  const folder = await modelFolder();
  await writeExportedModel(folder, model, description);
  return await openFolder(folder);
}

/** A tensor of an answer as rows of numbers. */
export function rowsOf({ outputs }: InferResponse, name: string): number[][] {
  const tensor = outputs.find((output) => output.name === name);
  if (tensor === undefined) throw new Error(`no "${name}" among ${outputs.map((output) => output.name).join(', ')}`);
  const [rows = 0, columns = 1] = tensor.shape;
  const values = [...float32Of(tensor)];
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** A grey picture of this size, as a frame. */
export function blank(width: number, height: number, pictures = 1): Tensor {
  const data = new Uint8Array(pictures * width * height * 3).fill(114);
  return { name: 'frames', datatype: 'UINT8', shape: [pictures, height, width, 3], data };
}
