import { fieldsOf, type Bytes, type Field, type Patience, type Span } from './protobuf-fields.ts';

/** What an ONNX file says of itself, without its weights. */
export type OnnxHeader = {
  /** Inputs that are no weights. */
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  /** `metadata_props`: whatever its exporter wrote there. */
  metadata: ReadonlyMap<string, string>;
  producer: string;
};

/** `shape`: a number is a size, a text the name of one that is open; null where the file says neither. */
export type OnnxValue = { name: string; type: OnnxElement; shape: readonly (number | string | null)[] };

export type OnnxElement = 'float32' | 'float16' | 'float64' | 'uint8' | 'int8' | 'int32' | 'int64' | 'other';

/** Of TensorProto.DataType. */
const ELEMENTS: Readonly<Record<number, OnnxElement>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  10: 'float16',
  11: 'float64',
};

/** More than any exporter writes. */
const MOST = { fields: 5_000_000, values: 4096, dimensions: 16, entries: 1024, text: 1024 * 1024, name: 4096 };

/**
 * Reads the header by the field numbers of onnx.proto3.
 * @throws RangeError when the bytes are no ONNX, are cut short, or hold more than any model's
 */
export function readOnnxHeader(bytes: Bytes): OnnxHeader {
  const read = new Reader(bytes);
  const metadata = new Map<string, string>();
  const header = { inputs: [] as OnnxValue[], outputs: [] as OnnxValue[], metadata, producer: '' };
  for (const field of read.fields({ at: 0, end: bytes.size })) {
    if (field.number === 2) header.producer = read.text(field, MOST.name);
    if (field.number === 7) Object.assign(header, readGraph(read, field.span));
    if (field.number === 14 && metadata.size < MOST.entries) metadata.set(...readEntry(read, field.span));
  }
  if (header.outputs.length === 0) throw new RangeError('it has no graph with outputs');
  return header;
}

class Reader {
  readonly #bytes: Bytes;
  readonly #patience: Patience = { fields: MOST.fields };

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  fields(span: Span): Generator<Field> {
    return fieldsOf(this.#bytes, span, this.#patience);
  }

  /** A field that is no text is an empty one. */
  text({ kind, span }: Field, longest: number): string {
    if (kind !== 'length') return '';
    if (span.end - span.at > longest) throw new RangeError('a text in it is longer than any of a model');
    return Buffer.from(this.#bytes.read(span.at, span.end - span.at)).toString('utf8');
  }
}

/** Old files list their weights among the inputs. */
function readGraph(read: Reader, span: Span): Pick<OnnxHeader, 'inputs' | 'outputs'> {
  const weights = new Set<string>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  for (const field of read.fields(span)) {
    if (field.number === 5) weights.add(nameIn(read, field.span, 8));
    if (field.number === 11) inputs.push(readValue(read, field.span));
    if (field.number === 12) outputs.push(readValue(read, field.span));
    if (inputs.length + outputs.length > MOST.values) throw new RangeError('it has more inputs and outputs than any model');
  }
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs };
}

function nameIn(read: Reader, span: Span, number: number): string {
  for (const field of read.fields(span)) if (field.number === number) return read.text(field, MOST.name);
  return '';
}

function readValue(read: Reader, span: Span): OnnxValue {
  let value: OnnxValue = { name: '', type: 'other', shape: [] };
  for (const field of read.fields(span)) {
    if (field.number === 1) value = { ...value, name: read.text(field, MOST.name) };
    if (field.number === 2) value = { ...value, ...readType(read, field.span) };
  }
  return value;
}

/** Of a tensor; sequences and maps are other things. */
function readType(read: Reader, span: Span): Pick<OnnxValue, 'type' | 'shape'> {
  let found: Pick<OnnxValue, 'type' | 'shape'> = { type: 'other', shape: [] };
  for (const tensor of read.fields(span)) {
    if (tensor.number !== 1) continue;
    for (const field of read.fields(tensor.span)) {
      if (field.number === 1 && field.kind === 'number') found = { ...found, type: ELEMENTS[field.value] ?? 'other' };
      if (field.number === 2) found = { ...found, shape: readShape(read, field.span) };
    }
  }
  return found;
}

function readShape(read: Reader, span: Span): OnnxValue['shape'] {
  const shape: (number | string | null)[] = [];
  for (const dimension of read.fields(span)) {
    let size: number | string | null = null;
    for (const field of read.fields(dimension.span)) {
      if (field.number === 1 && field.kind === 'number') size = field.value;
      if (field.number === 2) size = read.text(field, MOST.name);
    }
    shape.push(size);
    if (shape.length > MOST.dimensions) throw new RangeError('a tensor of it has more dimensions than any');
  }
  return shape;
}

function readEntry(read: Reader, span: Span): [string, string] {
  const entry: [string, string] = ['', ''];
  for (const field of read.fields(span)) {
    if (field.number === 1 || field.number === 2) entry[field.number - 1] = read.text(field, MOST.text);
  }
  return entry;
}
