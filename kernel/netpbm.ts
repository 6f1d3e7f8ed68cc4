/** 8-bit RGB, height x width x 3. */
export type RgbPixels = { width: number; height: number; pixels: Uint8Array };

/** Bytes of the header that are looked through: comments may stand in it. */
const LONGEST_HEADER = 4096;

/**
 * A picture of Netpbm's, PGM or PPM with binary pixels, to the pixels that Pillow gives: other ranges than 255 are stretched to
 * it. PGM of 16 bits is refused: nobody agrees what its grey is in eight.
 * Source: https://netpbm.sourceforge.net/doc/ppm.html
 * @param mostPixels larger ones are refused before anything is made for them
 * @throws Error saying what it is that is not read
 */
export function readNetpbm(bytes: Uint8Array, mostPixels: number): RgbPixels {
  const { colour, width, height, most, data } = readHeader(bytes, mostPixels);
  const depth = most > 255 ? 2 : 1;
  const count = width * height * (colour ? 3 : 1);
  const body = bytes.subarray(data);
  if (body.length < count * depth) throw new Error('it ends before its last pixel');
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < count; index += 1) {
    const value = depth === 1 ? (body[index] ?? 0) : (body[2 * index] ?? 0) * 256 + (body[2 * index + 1] ?? 0);
    const scaled = most === 255 ? value : Math.min(255, roundEven((value / most) * 255));
    if (colour) pixels[index] = scaled;
    else pixels.fill(scaled, 3 * index, 3 * index + 3);
  }
  return { width, height, pixels };
}

/** Width and height, from the first bytes alone. @throws Error as `readNetpbm` */
export function netpbmSize(bytes: Uint8Array, mostPixels: number): { width: number; height: number } {
  const { width, height } = readHeader(bytes, mostPixels);
  return { width, height };
}

function readHeader(bytes: Uint8Array, mostPixels: number) {
  const kind = String.fromCharCode(...bytes.subarray(0, 2));
  const words = readWords(bytes.subarray(0, LONGEST_HEADER));
  if ((kind !== 'P5' && kind !== 'P6') || words === undefined) throw new Error('it is no PGM or PPM with binary pixels');
  const [width = 0, height = 0, most = 0] = words.numbers;
  const colour = kind === 'P6';
  if (width < 1 || height < 1 || width * height > mostPixels) throw new Error(`it says that it is ${width} x ${height} pixels`);
  if (most < 1 || most > 65_535) throw new Error(`its brightest value is ${most}`);
  if (!colour && most > 255) throw new Error('it is grey with 16 bits');
  return { colour, width, height, most, data: words.end };
}

/** The three numbers after the kind, with white space and comments between them, and where the pixels begin; undefined when they are not there. */
function readWords(bytes: Uint8Array): { numbers: readonly number[]; end: number } | undefined {
  const numbers: number[] = [];
  let at = 2;
  while (numbers.length < 3) {
    const start = at;
    while (isSpace(bytes[at]) || bytes[at] === HASH) {
      if (bytes[at] === HASH) while (at < bytes.length && bytes[at] !== LINE_END) at += 1;
      at += 1;
    }
    const digits: number[] = [];
    for (; isDigit(bytes[at]); at += 1) digits.push(bytes[at] ?? 0);
    if (at === start || digits.length < 1 || digits.length > 6) return undefined;
    numbers.push(Number(String.fromCharCode(...digits)));
  }
  return isSpace(bytes[at]) ? { numbers, end: at + 1 } : undefined;
}

/** As Python rounds: what lies in the middle goes to the even neighbour. */
function roundEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

const HASH = 0x23;
const LINE_END = 0x0a;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
