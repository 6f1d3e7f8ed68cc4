/** How the pictures that are read begin. What is not among them reaches no decoder: SVG for one is a program, and names files. */
const BEGINNINGS: readonly { at: number; bytes: readonly number[] }[] = [
  { at: 0, bytes: [0xff, 0xd8, 0xff] }, // JPEG
  { at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] }, // PNG
  { at: 8, bytes: [0x57, 0x45, 0x42, 0x50] }, // WebP
  { at: 0, bytes: [0x47, 0x49, 0x46, 0x38] }, // GIF
  { at: 0, bytes: [0x49, 0x49, 0x2a, 0] }, // TIFF, either byte order
  { at: 0, bytes: [0x4d, 0x4d, 0, 0x2a] },
  { at: 4, bytes: [0x66, 0x74, 0x79, 0x70] }, // AVIF, a file of ISO/IEC 14496-12
];

/** Whether an encoded picture begins as one of a kind that is read. */
export function isPicture(encoded: Uint8Array): boolean {
  return BEGINNINGS.some(({ at, bytes }) => bytes.every((byte, index) => encoded[at + index] === byte));
}

/** Pixels of one picture or frame: 8192 x 8192. Decoded it holds three bytes for each. */
export const MOST_PIXELS = 8192 * 8192;

/** Seconds that one picture may take to decode. */
export const PICTURE_SECONDS = 30;
