import { reasonOf } from '#kernel';
import { decodeRgb, unfitness } from './decode-rgb.ts';

/** Decodes a picture to the last pixel, and says its size, or what keeps it from being pinned. */
export async function examinePicture(
  bytes: Uint8Array,
): Promise<{ width: number; height: number } | { fault: string; remedy: string }> {
  if (bytes.length === 0) return { fault: 'is empty', remedy: 'restore the file' };
  try {
    const unfit = await unfitness(bytes);
    if (unfit !== undefined) return { fault: unfit, remedy: 'save it as RGB or grey with 8 bits, as PNG or JPEG' };
    const { width, height } = await decodeRgb(bytes);
    return { width, height };
  } catch (cause) {
    const [reason = ''] = reasonOf(cause).split('\n');
    return { fault: `cannot be decoded: ${reason}`, remedy: 'restore the picture, or save it anew' };
  }
}
