import type { InputData, InputType } from './preprocess.ts';

/** An input or output as the ONNX file declares it; a dimension given as a string takes any size. */
export type OnnxValue = { name: string; type: string; shape: readonly (number | string)[] };
export type OnnxSignature = { inputs: readonly OnnxValue[]; outputs: readonly OnnxValue[] };

/** What is fed: pictures, or the sizes of pictures. */
export type Fed = { shape: readonly number[] } & (
  | { type: InputType; data: InputData }
  | { type: SizesType; data: BigInt64Array | Int32Array | Float32Array }
);
export const SIZES_TYPES = ['int64', 'int32', 'float32'] as const;
export type SizesType = (typeof SIZES_TYPES)[number];

/** An output of whatever numeric type, as numbers; float32 as it is, without a copy. */
export type Numbers = { shape: readonly number[]; values: Float32Array | Float64Array };
export type Outputs = ReadonlyMap<string, Numbers>;

/** Types of outputs that are read. Strings, booleans, sequences and maps are refused by name. */
export const OUTPUT_TYPES: readonly string[] = [
  'float32',
  'float16',
  'float64',
  'int64',
  'uint64',
  'int32',
  'uint32',
  'int16',
  'uint16',
  'int8',
  'uint8',
];

/** A loaded ONNX file. Runs one input at a time. */
export interface OnnxModel {
  readonly signature: OnnxSignature;
  /** @param outputs names of those that are wanted */
  run(inputs: ReadonlyMap<string, Fed>, outputs: readonly string[]): Promise<Outputs>;
}
