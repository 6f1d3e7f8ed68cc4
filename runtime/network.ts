import { CouldNotRun } from '#kernel';
import { limit } from './limit.ts';
import { wire, type Wanted, type Wiring } from './model-contract.ts';
import type { Spot } from './model-parts.ts';
import type { Fed, OnnxModel, Outputs } from './onnx-model.ts';
import { newInput, pixelTables, writePicture, type InputData } from './preprocess.ts';

/** A loaded ONNX file that is fed pictures of its size. */
export type Network = {
  /** Pictures of one run, where the model has a say; null for any number. */
  batch: 1 | null;
  /** What it answers to pictures of zeros. @throws whatever ONNX Runtime says of so many */
  answerToNothing(pictures: number): Promise<Outputs>;
  /** Its answers to RGB pictures in one run. One run at a time: a request's latency is its own. */
  run(pictures: readonly Uint8Array[]): Promise<Outputs>;
};

/** @throws CouldNotRun when the weights don't fit the description */
export function openNetwork(wanted: Wanted, model: OnnxModel, at: Spot): Network {
  const fit = wire(wanted, model.signature, at);
  if ('problems' in fit) throw new CouldNotRun(fit.problems);
  const { wiring } = fit;
  const { type, outputs, batch } = wiring;
  const elements = wiring.shape.reduce((product, size) => product * size, 1);
  const tables = pixelTables(wanted.preprocess, type);
  const enter = limit(1);
  let buffer = newInput(type, elements);
  const feed = (data: InputData, pictures: number) => model.run(inputsOf(wiring, data, pictures), outputs);
  return {
    batch,
    answerToNothing: (pictures) => feed(newInput(type, elements * pictures), pictures),
    run: (pictures) =>
      enter(async () => {
        const length = elements * pictures.length;
        if (buffer.length < length) buffer = newInput(type, length);
        pictures.forEach((rgb, index) => writePicture(rgb, tables, wanted.preprocess, buffer, index * elements));
        return await feed(buffer.subarray(0, length), pictures.length);
      }),
  };
}

function inputsOf(wiring: Wiring, data: InputData, pictures: number): ReadonlyMap<string, Fed> {
  const { input, type, shape, sizes } = wiring;
  const inputs = new Map<string, Fed>([[input, { type, data, shape: [pictures, ...shape] }]]);
  if (sizes === null) return inputs;
  const numbers = Array.from({ length: pictures }, () => sizes.values).flat();
  const typed = {
    int64: () => BigInt64Array.from(numbers, BigInt),
    int32: () => Int32Array.from(numbers),
    float32: () => Float32Array.from(numbers),
  }[sizes.type]();
  return inputs.set(sizes.name, { type: sizes.type, data: typed, shape: [pictures, 2] });
}
