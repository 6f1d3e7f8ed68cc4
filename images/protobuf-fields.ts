/** Bytes of a file, read where they are asked for: what is skipped is never read. Fewer at its end. */
export type Bytes = { size: number; read: (at: number, length: number) => Uint8Array };

export type Span = { at: number; end: number };

/** `length`: a value of a length of its own, such as a text or a message; `number`: a varint; `fixed`: four or eight bytes. */
export type Field = { number: number; span: Span } & ({ kind: 'length' | 'fixed' } | { kind: 'number'; value: number });

/** How often one file may be looked at: more than any exporter's has fields, and an end for a file that was made to have none. */
export type Patience = { fields: number };

/**
 * The fields of a protobuf message, one by one, without what is in them: so the weights of a large file are passed over unread.
 * @throws RangeError for what is no protobuf, is cut short, or has more fields than patience
 */
export function* fieldsOf(bytes: Bytes, { at, end }: Span, patience: Patience): Generator<Field> {
  for (let next = at; next < end;) {
    if ((patience.fields -= 1) < 0) throw new RangeError('it has more fields than any model');
    const tag = varint(bytes, next, end);
    const field = fieldAt(bytes, { number: Math.floor(tag.value / 8), wire: tag.value % 8 }, tag.end, end);
    if (field.span.end > end) throw new RangeError('it is cut short');
    yield field;
    next = field.span.end;
  }
}

function fieldAt(bytes: Bytes, { number, wire }: { number: number; wire: number }, at: number, end: number): Field {
  if (wire === 1 || wire === 5) return { number, kind: 'fixed', span: { at, end: at + (wire === 1 ? 8 : 4) } };
  if (wire !== 0 && wire !== 2) throw new RangeError('it is no protobuf');
  const { value, end: behind } = varint(bytes, at, end);
  if (wire === 0) return { number, kind: 'number', value, span: { at, end: behind } };
  return { number, kind: 'length', span: { at: behind, end: behind + value } };
}

/** Beyond 2^53 it is no exact number, and no length or size of anything that fits on a disk. */
function varint(bytes: Bytes, at: number, end: number): { value: number; end: number } {
  let value = 0;
  for (const [index, byte] of bytes.read(at, Math.min(10, end - at)).entries()) {
    value += (byte % 128) * 2 ** (7 * index);
    if (byte < 128) return { value, end: at + index + 1 };
  }
  throw new RangeError('it is no protobuf');
}
