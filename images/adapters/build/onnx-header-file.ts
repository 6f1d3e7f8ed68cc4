import { constants } from 'node:fs';
import { CouldNotRun } from '#kernel';
import { readOnnxHeader, type OnnxHeader } from '../../onnx-header.ts';
import { withFileBytes } from './file-bytes.ts';

/**
 * What an ONNX file says of itself; its weights are not read.
 * @param displayPath how messages name it
 * @throws CouldNotRun when it is none
 */
export function onnxHeaderOf(file: string, displayPath: string): OnnxHeader {
  try {
    return withFileBytes(file, constants.O_RDONLY, readOnnxHeader);
  } catch (cause) {
    const message = cause instanceof RangeError ? `is no ONNX file: ${cause.message}` : 'cannot be read';
    const remedy = 'name the .onnx file that the model was exported to (a pointer of Git LFS is brought by `git lfs pull`)';
    throw new CouldNotRun({ file: displayPath, message, remedy }, { cause });
  }
}
