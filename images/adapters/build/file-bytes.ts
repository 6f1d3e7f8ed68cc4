import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Bytes } from '../../protobuf-fields.ts';

/** Small fields lie close together, and large ones are passed over: so little is read at a time. */
const WINDOW = 64 * 1024;

/**
 * Has a file read where somebody asks, a window at a time. Synchronous: many small calls are faster so.
 * @param flags as `open` takes them
 */
export function withFileBytes<T>(file: string, flags: number, use: (bytes: Bytes) => T): T {
  const handle = openSync(file, flags);
  try {
    return use({ size: fstatSync(handle).size, read: windowed(handle) });
  } finally {
    closeSync(handle);
  }
}

function windowed(handle: number): Bytes['read'] {
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
