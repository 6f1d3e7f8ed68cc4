import { fieldsOf, type Bytes, type Field, type Span } from './protobuf-fields.ts';

/** A tensor of weights in an ONNX file: where its numbers lie. `type`: as TensorProto.DataType numbers them. */
export type OnnxWeights = { name: string; type: number; count: number; span: Span };

type Numbers = {
  read: (view: DataView, at: number) => number;
  write: (view: DataView, at: number, value: number) => void;
  size: number;
};

/** The elements whose numbers can be made coarser where they lie. */
const NUMBERS: Readonly<Record<number, Numbers>> = {
  1: { size: 4, read: (view, at) => view.getFloat32(at, true), write: (view, at, value) => view.setFloat32(at, value, true) },
  3: { size: 1, read: (view, at) => view.getInt8(at), write: (view, at, value) => view.setInt8(at, value) },
  10: { size: 2, read: (view, at) => view.getFloat16(at, true), write: (view, at, value) => view.setFloat16(at, value, true) },
};

/** Biases and scales are short; a layer's weights are not. */
const FEWEST = 64;
const MOST_FIELDS = 5_000_000;

/**
 * The weights that lie in the file itself, the largest first; those beside it (`external_data`) are not among them.
 * @throws RangeError for what is no ONNX
 */
export function weightsIn(file: Uint8Array): OnnxWeights[] {
  const bytes: Bytes = { size: file.byteLength, read: (at, length) => file.subarray(at, at + length) };
  const patience = { fields: MOST_FIELDS };
  const inside = (span: Span) => [...fieldsOf(bytes, span, patience)];
  const found: OnnxWeights[] = [];
  for (const graph of inside({ at: 0, end: bytes.size }).filter(({ number }) => number === 7)) {
    for (const { number, span } of inside(graph.span)) {
      if (number === 5) found.push(...tensorAt(inside(span), bytes));
      if (number === 1) found.push(...constantAt(inside(span), inside, bytes));
    }
  }
  return found.filter(({ count }) => count >= FEWEST).toSorted((a, b) => b.count - a.count);
}

/** Some exporters write weights as nodes of their own, with the tensor for an attribute. */
function constantAt(node: readonly Field[], inside: (span: Span) => Field[], bytes: Bytes): OnnxWeights[] {
  const operator = node.find(({ number }) => number === 4);
  if (operator === undefined || textOf(operator, bytes) !== 'Constant') return [];
  const attributes = node.filter(({ number }) => number === 5).flatMap(({ span }) => inside(span));
  return attributes.filter(({ number }) => number === 5).flatMap(({ span }) => tensorAt(inside(span), bytes));
}

/** Numbers are raw bytes (field 9), or floats one after another (field 4): the same bytes. */
function tensorAt(fields: readonly Field[], bytes: Bytes): OnnxWeights[] {
  const type = fields.find((field) => field.number === 2 && field.kind === 'number');
  const data = fields.find(({ number, kind }) => (number === 9 || number === 4) && kind === 'length');
  const named = fields.find(({ number }) => number === 8);
  if (type?.kind !== 'number' || data === undefined) return [];
  const numbers = NUMBERS[type.value];
  if (numbers === undefined) return [];
  const count = Math.floor((data.span.end - data.span.at) / numbers.size);
  return [{ name: named === undefined ? '' : textOf(named, bytes), type: type.value, count, span: data.span }];
}

function textOf({ span }: Field, bytes: Bytes): string {
  return Buffer.from(bytes.read(span.at, span.end - span.at)).toString('utf8');
}

/**
 * A copy of an ONNX file in which some weights have so many levels only, evenly spaced between minus and plus their largest: what a
 * careless quantisation leaves of them. The file keeps its length and its graph.
 * @param bits 1 leaves two levels, 8 leaves 255
 */
export function coarsened(file: Uint8Array, weights: readonly OnnxWeights[], bits: number): Uint8Array {
  const copy = Uint8Array.from(file);
  const view = new DataView(copy.buffer);
  for (const { type, count, span } of weights) {
    const numbers = NUMBERS[type];
    if (numbers === undefined) continue;
    const at = (index: number) => span.at + index * numbers.size;
    let largest = 0;
    for (let index = 0; index < count; index += 1) largest = Math.max(largest, Math.abs(numbers.read(view, at(index))));
    if (!(largest > 0) || !Number.isFinite(largest)) continue;
    for (let index = 0; index < count; index += 1)
      numbers.write(view, at(index), coarse(numbers.read(view, at(index)), largest, bits));
  }
  return copy;
}

function coarse(value: number, largest: number, bits: number): number {
  if (bits <= 1) return value < 0 ? -largest : largest;
  const levels = 2 ** (bits - 1) - 1;
  return (Math.round((value / largest) * levels) * largest) / levels;
}
