import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CouldNotRun } from '#kernel';
import { readOnnxHeader, type OnnxHeader } from '../../onnx-header.ts';

/** Small fields lie close together, and large ones are passed over: so little is read at a time. */
const WINDOW = 64 * 1024;

/**
 * What an ONNX file says of itself; its weights are not read.
 * @param displayPath how messages name it
 * @throws CouldNotRun when it is none
 */
export function onnxHeaderOf(file: string, displayPath: string): OnnxHeader {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    return readOnnxHeader({ size: fstatSync(handle).size, read: windowed(handle) });
  } catch (cause) {
    const message = cause instanceof RangeError ? `is no ONNX file: ${cause.message}` : 'cannot be read';
    const remedy = 'name the .onnx file that the model was exported to (a pointer of Git LFS is brought by `git lfs pull`)';
    throw new CouldNotRun({ file: displayPath, message, remedy }, { cause });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function windowed(handle: number): (at: number, length: number) => Uint8Array {
  const window = Buffer.alloc(WINDOW);
  let held = { at: 0, length: 0 };
  return (at, length) => {
    if (length > WINDOW) {
      const whole = Buffer.alloc(length);
      return whole.subarray(0, readSync(handle, whole, 0, length, at));
    }
    if (at < held.at || at + length > held.at + held.length) held = { at, length: readSync(handle, window, 0, WINDOW, at) };
    return window.subarray(at - held.at, Math.min(at - held.at + length, held.length));
  };
}
