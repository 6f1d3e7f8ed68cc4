import { posix } from 'node:path';
import { isInside } from './layer.ts';
import { fieldsOf, type Bytes, type Patience, type Span } from './protobuf-fields.ts';

/** A file that holds tensors of an ONNX file: its path in the model folder, or a location that leads elsewhere. */
export type ExternalData = { path: string } | { outside: string };

/** More fields than any exporter writes, and deeper than any nests graphs into nodes. */
const MOST = { fields: 5_000_000, depth: 32, name: 4096 };

type Message = 'model' | 'graph' | 'function' | 'node' | 'attribute' | 'sparse' | 'tensor';

/** Field numbers of onnx.proto3 that lead to tensors: message by message, what each field holds. */
const WAYS: Readonly<Record<Message, Readonly<Record<number, Message | 'entry'>>>> = {
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
 * write them for large models: PyTorch by default. What is no protobuf, or is cut short, names no more: whoever loads it will say so.
 * @param file the path of the ONNX file in its model folder; locations are relative to where it lies
 */
export function externalDataOf(bytes: Bytes, file: string): ExternalData[] {
  const locations = new Set<string>();
  try {
    collect({ bytes, patience: { fields: MOST.fields }, locations }, 'model', { at: 0, end: bytes.size }, 0);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return [...locations].toSorted().map((location) => {
    const path = posix.join(posix.dirname(file), location);
    return isInside(posix.normalize(location)) ? { path } : { outside: location };
  });
}

type Walk = { bytes: Bytes; patience: Patience; locations: Set<string> };

/** Goes through the fields of a message, and into those that lead to tensors. */
function collect(walk: Walk, message: Message, span: Span, depth: number): void {
  if (depth > MOST.depth) return;
  for (const field of fieldsOf(walk.bytes, span, walk.patience)) {
    const inside = field.kind === 'length' ? WAYS[message][field.number] : undefined;
    if (inside === 'entry') collectLocation(walk, field.span);
    else if (inside !== undefined) collect(walk, inside, field.span, depth + 1);
  }
}

/** A pair of key and value; `location` names the file. */
function collectLocation({ bytes, patience, locations }: Walk, span: Span): void {
  const texts = new Map<number, string>();
  for (const field of fieldsOf(bytes, span, patience)) {
    const length = field.span.end - field.span.at;
    if (field.kind !== 'length' || length > MOST.name) continue;
    texts.set(field.number, Buffer.from(bytes.read(field.span.at, length)).toString('utf8'));
  }
  const location = texts.get(1) === 'location' ? texts.get(2) : undefined;
  if (location !== undefined) locations.add(location);
}
