import { z } from 'zod';
import { ProtocolError, reasonOf } from '#kernel';
import type { Label, Parcel } from './carrier.ts';

/** Bytes before a label: its length, little endian. */
const LENGTH = 2;

const labelSchema = z.strictObject({
  camera: z.string().min(1).max(200),
  sequence: z.int().nonnegative(),
  capturedAt: z.number().nonnegative(),
  promised: z.boolean(),
  kept: z.strictObject({ by: z.string().max(100), position: z.int().positive(), since: z.int().positive() }).optional(),
});

export function labelText({ camera, sequence, capturedAt, promised, kept }: Label): string {
  return JSON.stringify({ camera, sequence, capturedAt, promised, kept });
}

/** @throws ProtocolError for what is no label: whoever sent it is no stage of ours */
export function readLabel(text: string): Label {
  try {
    const { kept, ...label } = labelSchema.parse(JSON.parse(text));
    return kept === undefined ? label : { ...label, kept };
  } catch (cause) {
    throw new ProtocolError(`no label of a message: ${reasonOf(cause).slice(0, 200)}`, { cause });
  }
}

/** @throws ProtocolError for one that nobody could read once it is written */
export function checkLabel(label: Label): void {
  readLabel(labelText(label));
}

/** The label's length, the label, the bytes: two pieces, so that the large one needs no copy where a carrier takes pieces. */
export function packHead(label: Label): Uint8Array {
  const text = new TextEncoder().encode(labelText(label));
  const head = new Uint8Array(LENGTH + text.byteLength);
  new DataView(head.buffer).setUint16(0, text.byteLength, true);
  head.set(text, LENGTH);
  return head;
}

export function packedSize({ label, bytes }: Parcel): number {
  return LENGTH + Buffer.byteLength(labelText(label)) + bytes.byteLength;
}

export function packParcel({ label, bytes }: Parcel): Uint8Array<ArrayBuffer> {
  const head = packHead(label);
  const packed = new Uint8Array(head.byteLength + bytes.byteLength);
  packed.set(head);
  packed.set(bytes, head.byteLength);
  return packed;
}

/** Its bytes are a view of what was given. @throws ProtocolError */
export function unpackParcel(packed: Uint8Array): Parcel {
  if (packed.byteLength < LENGTH) throw new ProtocolError(`${packed.byteLength} bytes are no parcel`);
  const end = LENGTH + new DataView(packed.buffer, packed.byteOffset, LENGTH).getUint16(0, true);
  if (end > packed.byteLength) throw new ProtocolError('the label of a parcel is longer than the parcel');
  const label = readLabel(new TextDecoder().decode(packed.subarray(LENGTH, end)));
  return { label, bytes: packed.subarray(end) };
}

/** The same, or null for what is none. */
export function parcelIn(packed: Uint8Array): Parcel | null {
  try {
    return unpackParcel(packed);
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return null;
    throw thrown;
  }
}
