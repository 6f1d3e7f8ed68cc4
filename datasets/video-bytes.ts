/** How files of each kind begin: where, and with which bytes (Latin-1), and the name that tells so. */
const BEGINNINGS: readonly (readonly [at: number, bytes: string, name: string])[] = [
  [4, 'ftyp', '.mp4'],
  [0, '\u001a\u0045\u00df\u00a3', '.mkv'],
  [8, 'AVI ', '.avi'],
  [0, '\0\0\u0001\u00ba', '.mpg'],
  [188, 'G', '.ts'],
  [196, 'G', '.m2ts'],
  [0, 'FLV', '.flv'],
  [0, '\u0030\u0026\u00b2\u0075', '.wmv'],
  [0, '#EXTM3U', '.m3u8'],
];

/** As many bytes tell what a file is. */
export const TELLING_BYTES = 256;

/** What a video should be called by its first bytes, for recorders name as they like; null where they tell nothing. It is never read by them. */
export function videoNameFor(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return BEGINNINGS.find(([at, begins]) => text.startsWith(begins, at))?.[2] ?? null;
}
