export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'bmp' | 'netpbm';

/** How the pictures that are read begin. What is not among them reaches no decoder: SVG for one is a program, and names files. */
const BEGINNINGS: readonly { kind: PictureKind; at: number; bytes: readonly number[] }[] = [
  { kind: 'jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { kind: 'png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] },
  { kind: 'webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
  { kind: 'gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { kind: 'tiff', at: 0, bytes: [0x49, 0x49, 0x2a, 0] }, // either byte order
  { kind: 'tiff', at: 0, bytes: [0x4d, 0x4d, 0, 0x2a] },
  { kind: 'avif', at: 4, bytes: [0x66, 0x74, 0x79, 0x70] }, // a file of ISO/IEC 14496-12
  { kind: 'bmp', at: 0, bytes: [0x42, 0x4d] },
  ...[0x35, 0x36].map((digit) => ({ kind: 'netpbm' as const, at: 0, bytes: [0x50, digit] })), // PGM and PPM, not as text
];

/** The kind of an encoded picture by how it begins; undefined when it is of none that is read. */
export function pictureKind(encoded: Uint8Array): PictureKind | undefined {
  return BEGINNINGS.find(({ at, bytes }) => bytes.every((byte, index) => encoded[at + index] === byte))?.kind;
}
