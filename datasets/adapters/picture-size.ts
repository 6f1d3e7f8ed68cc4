import { open } from 'node:fs/promises';
import { sizeOf } from './decode-rgb.ts';

/** Enough for every header that is read here; the others are read by their library. */
const HEADER = 4096;

/**
 * Width and height of a picture file as it is seen upright, from its header alone.
 * @throws Error when it has none
 */
export async function pictureSize(path: string): Promise<{ width: number; height: number }> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(HEADER), 0, HEADER, 0);
    return await sizeOf(buffer.subarray(0, bytesRead), path);
  } finally {
    await handle.close();
  }
}
