import { posix } from 'node:path';
import { isInside } from './layer.ts';

/** Bytes of a file, read where they are asked for: what is skipped is never read. Fewer at its end. */
export type ByteSource = { size: number; read: (at: number, length: number) => Uint8Array };

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
export function externalDataOf(source: ByteSource, file: string): ExternalData[] {
  const locations = new Set<string>();
  new Walk(source, (location) => locations.add(location)).message('model', { at: 0, end: source.size }, 0);
  return [...locations].toSorted().map((location) => {
    const path = posix.join(posix.dirname(file), location);
    return isInside(posix.normalize(location)) && !location.startsWith('/') ? { path } : { outside: location };
  });
}

type Span = { at: number; end: number };

class Walk {
  readonly #source: ByteSource;
  readonly #found: (location: string) => void;
  #fields = 0;

  constructor(source: ByteSource, found: (location: string) => void) {
    this.#source = source;
    this.#found = found;
  }

  /** Goes through the fields of a message, and into those that lead to tensors. */
  message(kind: string, { at, end }: Span, depth: number): void {
    if (depth > DEEPEST) return;
    for (let next = at; next < end;) {
      const field = this.#field(next, end);
      if (field === null || (this.#fields += 1) > MOST_FIELDS) return;
      next = field.value.end;
      const inside = WAYS[kind]?.[field.number];
      if (!field.holds || inside === undefined) continue;
      if (inside === 'entry') this.#entry(field.value);
      else this.message(inside, field.value, depth + 1);
    }
  }

  /** A pair of key and value; `location` names the file. */
  #entry({ at, end }: Span): void {
    const texts = new Map<number, string>();
    for (let next = at; next < end;) {
      const field = this.#field(next, end);
      if (field === null) return;
      next = field.value.end;
      if (field.holds && next - field.value.at <= LONGEST_NAME) texts.set(field.number, this.#text(field.value));
    }
    const location = texts.get(1) === 'location' ? texts.get(2) : undefined;
    if (location !== undefined) this.#found(location);
  }

  #text({ at, end }: Span): string {
    return Buffer.from(this.#source.read(at, end - at)).toString('utf8');
  }

  /** The field that begins here. `holds`: whether its value is of a length of its own. Null for what is no protobuf. */
  #field(at: number, end: number): { number: number; holds: boolean; value: Span } | null {
    const tag = this.#varint(at, end);
    if (tag === null) return null;
    const [number, type] = [Math.floor(tag.value / 8), tag.value % 8];
    const fixed = type === 1 ? 8 : type === 5 ? 4 : null;
    const long = type === 2 || type === 0 ? this.#varint(tag.end, end) : null;
    if (fixed === null && long === null) return null;
    const start = long === null || type === 0 ? tag.end : long.end;
    const stop = fixed !== null ? start + fixed : type === 0 ? (long?.end ?? end) : start + (long?.value ?? 0);
    return stop > end ? null : { number, holds: type === 2, value: { at: start, end: stop } };
  }

  #varint(at: number, end: number): { value: number; end: number } | null {
    const bytes = this.#source.read(at, Math.min(10, end - at));
    let value = 0;
    for (const [index, byte] of bytes.entries()) {
      value += (byte % 128) * 2 ** (7 * index);
      if (byte < 128) return { value, end: at + index + 1 };
    }
    return null;
  }
}
