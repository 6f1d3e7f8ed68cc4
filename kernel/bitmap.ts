import type { RgbPixels } from './netpbm.ts';

/** Bits of a pixel that are read. */
const DEPTHS = [1, 4, 8, 24, 32];

/**
 * A Windows bitmap, to the pixels that Pillow gives: uncompressed, with a palette or without; an alpha channel is passed over.
 * Source: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 * @param mostPixels larger ones are refused before anything is made for them
 * @throws Error saying what it is that is not read
 */
export function readBitmap(bytes: Uint8Array, mostPixels: number): RgbPixels {
  const header = readHeader(bytes, mostPixels);
  const { width, height, bits, upwards, data } = header;
  const palette = bits <= 8 ? readPalette(bytes, header.palette) : null;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (data + stride * height > bytes.length) throw new Error('it ends before its last row');
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const row = bytes.subarray(data + stride * (upwards ? height - 1 - y : y));
    const target = pixels.subarray(y * width * 3, (y + 1) * width * 3);
    if (palette === null) copyColours(row, target, bits / 8);
    else copyPalette(row, target, bits, palette);
  }
  return { width, height, pixels };
}

/** Width and height, from the first bytes alone. @throws Error as `readBitmap` */
export function bitmapSize(bytes: Uint8Array, mostPixels: number): { width: number; height: number } {
  const { width, height } = readHeader(bytes, mostPixels);
  return { width, height };
}

function readHeader(bytes: Uint8Array, mostPixels: number) {
  if (bytes.length < 54) throw new Error('it ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(14, true);
  if (size < 40 || size > 124) throw new Error('it is a bitmap of an old kind');
  const [width, tall] = [view.getInt32(18, true), view.getInt32(22, true)];
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)];
  const height = Math.abs(tall);
  if (width < 1 || height < 1 || width * height > mostPixels) throw new Error(`it says that it is ${width} x ${height} pixels`);
  if (!DEPTHS.includes(bits)) throw new Error(`it is a bitmap of ${bits} bits a pixel`);
  if (compression !== 0 && !(compression === 3 && bits === 32 && usualMasks(view))) throw new Error('it is a compressed bitmap');
  const colours = Math.min(view.getUint32(46, true) || 2 ** bits, 256);
  return { width, height, bits, upwards: tall > 0, data: view.getUint32(10, true), palette: { at: 14 + size, colours } };
}

/** Blue, green, red, as without masks. */
function usualMasks(view: DataView): boolean {
  return view.byteLength >= 66 && [0xff0000, 0xff00, 0xff].every((mask, index) => view.getUint32(54 + 4 * index, true) === mask);
}

function readPalette(bytes: Uint8Array, { at, colours }: { at: number; colours: number }): Uint8Array {
  if (at + 4 * colours > bytes.length) throw new Error('it ends inside its palette');
  return bytes.subarray(at, at + 4 * colours);
}

function copyColours(row: Uint8Array, target: Uint8Array, step: number): void {
  for (let from = 0, to = 0; to < target.length; from += step, to += 3) {
    target[to] = row[from + 2] ?? 0;
    target[to + 1] = row[from + 1] ?? 0;
    target[to + 2] = row[from] ?? 0;
  }
}

function copyPalette(row: Uint8Array, target: Uint8Array, bits: number, palette: Uint8Array): void {
  const inByte = 8 / bits;
  for (let x = 0; x < target.length / 3; x += 1) {
    const shift = 8 - bits * ((x % inByte) + 1);
    const colour = ((row[Math.floor(x / inByte)] ?? 0) >> shift) & (2 ** bits - 1);
    target[3 * x] = palette[4 * colour + 2] ?? 0;
    target[3 * x + 1] = palette[4 * colour + 1] ?? 0;
    target[3 * x + 2] = palette[4 * colour] ?? 0;
  }
}
