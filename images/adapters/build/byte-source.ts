import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../../onnx-external-data.ts';

const WINDOW = 256 * 1024;

/**
 * Has a file read where somebody asks, a window at a time. Synchronous: many small calls are faster so.
 * @throws when it is a link, or can't be read
 */
export function withByteSource<T>(file: string, use: (source: ByteSource) => T): T {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = fstatSync(handle);
    let window: { at: number; bytes: Uint8Array } = { at: 0, bytes: new Uint8Array() };
    return use({
      size,
      read: (at, length) => {
        const inside = at >= window.at && at + length <= window.at + window.bytes.byteLength;
        if (!inside) window = { at, bytes: readAt(handle, at, Math.max(length, WINDOW)) };
        return window.bytes.subarray(at - window.at, at - window.at + length);
      },
    });
  } finally {
    closeSync(handle);
  }
}

function readAt(handle: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
}
