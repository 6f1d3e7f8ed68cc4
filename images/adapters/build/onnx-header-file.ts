import { constants } from 'node:fs';
import { basename } from 'node:path';
import { CouldNotRun } from '#kernel';
import { externalDataOf } from '../../onnx-external-data.ts';
import { readOnnxHeader, type OnnxHeader } from '../../onnx-header.ts';
import type { Bytes } from '../../protobuf-fields.ts';
import { withFileBytes } from './file-bytes.ts';

/**
 * What an ONNX file says of itself; its weights are not read.
 * @param displayPath how messages name it
 * @throws CouldNotRun when it is none
 */
export function onnxHeaderOf(file: string, displayPath: string): OnnxHeader {
  return readFrom(file, displayPath, readOnnxHeader);
}

/** The files that hold its tensors, relative to its folder; none that lie outside. @throws CouldNotRun when it cannot be read */
export function onnxDataOf(file: string, displayPath: string): string[] {
  const all = readFrom(file, displayPath, (bytes) => externalDataOf(bytes, basename(file)));
  return all.flatMap((data) => ('path' in data ? [data.path] : []));
}

function readFrom<T>(file: string, displayPath: string, read: (bytes: Bytes) => T): T {
  try {
    return withFileBytes(file, constants.O_RDONLY, read);
  } catch (cause) {
    const message = cause instanceof RangeError ? `is no ONNX file: ${cause.message}` : 'cannot be read';
    const remedy = 'name the .onnx file that the model was exported to (a pointer of Git LFS is brought by `git lfs pull`)';
    throw new CouldNotRun({ file: displayPath, message, remedy }, { cause });
  }
}
