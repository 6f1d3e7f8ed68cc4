import { posix } from 'node:path';
import { isInside } from './layer.ts';
import { fieldsOf, type Bytes, type Patience, type Span } from './protobuf-fields.ts';

/** A file that holds tensors of an ONNX file, relative to the folder of the model. */
export type ExternalData = { path: string } | { outside: string };

/** Deeper than any exporter nests graphs into nodes, and more fields than the largest have. */
const DEEPEST = 32;
const MOST_FIELDS = 5_000_000;
const LONGEST_NAME = 4096;

/** Field numbers of onnx.proto3 that lead to tensors: message by message, what each field holds. */
const WAYS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
};

/**
 * The files beside an ONNX file that hold its tensors (`external_data` of each TensorProto, key `location`), each once. Exporters
 * write them for large models: PyTorch by default. What is no protobuf, or is cut short, names none: whoever loads it will say so.
 * @param file the path of the ONNX file in its model folder; locations are relative to where it lies
 */
export function externalDataOf(source: Bytes, file: string): ExternalData[] {
  const locations = new Set<string>();
  const walk: Walk = { source, patience: { fields: MOST_FIELDS }, found: (location) => locations.add(location) };
  intoMessage(walk, 'model', { at: 0, end: source.size }, 0);
  return [...locations].toSorted().map((location) => {
    const path = posix.join(posix.dirname(file), location);
    return isInside(posix.normalize(location)) && !location.startsWith('/') ? { path } : { outside: location };
  });
}

type Walk = { source: Bytes; patience: Patience; found: (location: string) => void };

/** Goes through the fields of a message, and into those that lead to tensors, until it is no protobuf any more. */
function intoMessage(walk: Walk, kind: string, span: Span, depth: number): void {
  if (depth > DEEPEST) return;
  unlessBroken(() => {
    for (const field of fieldsOf(walk.source, span, walk.patience)) {
      const inside = WAYS[kind]?.[field.number];
      if (field.kind !== 'length' || inside === undefined) continue;
      if (inside === 'entry') intoEntry(walk, field.span);
      else intoMessage(walk, inside, field.span, depth + 1);
    }
  });
}

/** A pair of key and value; `location` names the file. */
function intoEntry({ source, patience, found }: Walk, entry: Span): void {
  const texts = new Map<number, string>();
  unlessBroken(() => {
    for (const { kind, number, span } of fieldsOf(source, entry, patience)) {
      const length = span.end - span.at;
      if (kind === 'length' && length <= LONGEST_NAME)
        texts.set(number, Buffer.from(source.read(span.at, length)).toString('utf8'));
    }
  });
  const location = texts.get(1) === 'location' ? texts.get(2) : undefined;
  if (location !== undefined) found(location);
}

function unlessBroken(read: () => void): void {
  try {
    read();
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
}
