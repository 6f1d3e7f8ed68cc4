import { ProtocolError } from '#kernel';
import type { Edge, Label, Parcel } from '../carrier.ts';
import { packedSize, packParcel, unpackParcel } from '../parcel-codec.ts';
import type { Kept } from './stores.ts';

/** Bytes before each parcel: its length, little endian. */
const LENGTH = 4;
/** What a bundle of one may add to the largest parcel of an edge: two labels and a length. */
const ADDED = 4096;

/** Promised parcels that go as one, the first of them at its place: a link's round trip and a disk's sync are paid once for all. */
export function bundle(parcels: readonly Parcel[], kept: NonNullable<Label['kept']>): Parcel {
  const [first] = parcels;
  if (first === undefined) throw new RangeError('a bundle of nothing');
  const packed = parcels.map((parcel) => packParcel(parcel));
  const bytes = new Uint8Array(packed.reduce((sum, { byteLength }) => sum + LENGTH + byteLength, 0));
  let at = 0;
  for (const each of packed) {
    new DataView(bytes.buffer).setUint32(at, each.byteLength, true);
    bytes.set(each, at + LENGTH);
    at += LENGTH + each.byteLength;
  }
  return { label: { ...first.label, kept }, bytes };
}

/** As many from the first on as a bundle of so many bytes holds, labels and all; at least one where there is any. */
export function fitting<K extends Kept>(kept: readonly K[], bytes: number): K[] {
  let size = 0;
  return kept.filter(({ parcel }, index) => (size += LENGTH + packedSize(parcel)) <= bytes || index === 0);
}

/** The parcels of a bundle, each at its place. @throws ProtocolError for what is none */
export function unbundle({ label: { kept }, bytes }: Parcel): Parcel[] {
  if (kept === undefined) throw new ProtocolError('a message that nobody keeps was never promised');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parcels: Parcel[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const end = at + LENGTH <= bytes.byteLength ? at + LENGTH + view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (end > bytes.byteLength) throw new ProtocolError('a bundle is cut off');
    const { label, bytes: body } = unpackParcel(bytes.subarray(at + LENGTH, end));
    parcels.push({ label: { ...label, kept: { ...kept, position: kept.position + parcels.length } }, bytes: body });
    at = end;
  }
  return parcels;
}

/** The edge as what carries its bundles has it. */
export function bundling(edge: Edge): Edge {
  return { ...edge, largest: edge.largest + ADDED };
}
