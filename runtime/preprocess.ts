import { toHalf } from './half.ts';
import { channelCount, type Preprocess } from './description/preprocess.ts';

export type InputType = 'float32' | 'float16' | 'uint8';
/** float16 as its bits. */
export type InputData = Float32Array | Uint16Array | Uint8Array;

/**
 * What each channel's 256 pixel values become. With so few of them normalising is a table look-up, exact in double precision
 * and rounded once to the input's type.
 */
export type PixelTables = readonly InputData[];

export function pixelTables(preprocess: Preprocess, type: InputType): PixelTables {
  const { range, mean, std } = preprocess;
  return Array.from({ length: channelCount(preprocess) }, (_, channel) => {
    const [low, high] = range;
    const values = Array.from({ length: 256 }, (__, pixel) => {
      const value = low + (pixel * (high - low)) / 255;
      return (value - at(mean, channel)) / at(std, channel);
    });
    return ofType(type, values);
  });
}

export function newInput(type: InputType, length: number): InputData {
  return { float32: () => new Float32Array(length), float16: () => new Uint16Array(length), uint8: () => new Uint8Array(length) }[
    type
  ]();
}

/**
 * Writes one picture into a batch: channel order, layout and normalisation in one pass.
 * @param rgb width x height x 3
 * @param target all of the batch's input, of the tables' type
 * @param offset where this picture begins in it, in elements
 */
export function writePicture(rgb: Uint8Array, tables: PixelTables, shape: ChannelShape, target: InputData, offset: number): void {
  const pixels = rgb.length / 3;
  const planar = shape.layout === 'nchw';
  tables.forEach((table, channel) => {
    const start = offset + (planar ? channel * pixels : channel);
    const step = planar ? 1 : tables.length;
    if (shape.channels === 'gray') return writeLuma(rgb, table, target, start, step);
    return writeChannel(rgb, shape.channels === 'bgr' ? 2 - channel : channel, table, target, start, step);
  });
}

type ChannelShape = Pick<Preprocess, 'channels' | 'layout'>;

function writeChannel(rgb: Uint8Array, first: number, table: InputData, target: InputData, start: number, step: number): void {
  let to = start;
  for (let from = first; from < rgb.length; from += 3) {
    target[to] = table[rgb[from] as number] as number;
    to += step;
  }
}

/** Luma of ITU-R 601 in the fixed-point arithmetic of PIL's convert('L'); equal channels stay what they are. */
function writeLuma(rgb: Uint8Array, table: InputData, target: InputData, start: number, step: number): void {
  let to = start;
  for (let from = 0; from < rgb.length; from += 3) {
    const sum = (rgb[from] as number) * 19595 + (rgb[from + 1] as number) * 38470 + (rgb[from + 2] as number) * 7471;
    target[to] = table[(sum + 0x8000) >> 16] as number;
    to += step;
  }
}

function at(value: number | readonly number[], channel: number): number {
  return typeof value === 'number' ? value : (value[channel] ?? Number.NaN);
}

function ofType(type: InputType, values: readonly number[]): InputData {
  if (type === 'float16') return toHalf(values);
  return type === 'float32' ? Float32Array.from(values) : Uint8Array.from(values);
}
