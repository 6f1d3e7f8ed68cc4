import type { Datatype, Tensor } from './inference-protocol.ts';

/** Bytes that do not follow the protocol; the message names the tensor and what is wrong with it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

type Fixed = Exclude<Datatype, 'BYTES'>;
export type TensorFrame = { name: string; datatype: Datatype; shape: readonly number[] };

const SIZES: Record<Fixed, number> = {
  BOOL: 1,
  UINT8: 1,
  INT8: 1,
  UINT16: 2,
  INT16: 2,
  FP16: 2,
  UINT32: 4,
  INT32: 4,
  FP32: 4,
  UINT64: 8,
  INT64: 8,
  FP64: 8,
};

/** How many elements a shape holds. @throws ProtocolError when a dimension is no size, or the product is no exact integer */
export function elementCount({ name, shape }: TensorFrame): number {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ProtocolError(`tensor "${name}": ${size} is no size in shape [${shape.join(', ')}]`);
    count *= size;
  }
  if (!Number.isSafeInteger(count))
    throw new ProtocolError(`tensor "${name}": shape [${shape.join(', ')}] holds too many elements`);
  return count;
}

/** How many bytes a tensor takes in the binary extension. */
export function binarySize(tensor: Tensor): number {
  if (tensor.datatype !== 'BYTES') return tensor.data.byteLength;
  return tensor.data.reduce((sum, element) => sum + 4 + element.byteLength, 0);
}

/** Writes a tensor at an offset; returns where it ends. */
export function writeBinary(tensor: Tensor, target: Uint8Array, offset: number): number {
  if (tensor.datatype !== 'BYTES') {
    target.set(tensor.data, offset);
    return offset + tensor.data.byteLength;
  }
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  let end = offset;
  for (const element of tensor.data) {
    view.setUint32(end, element.byteLength, true);
    target.set(element, end + 4);
    end += 4 + element.byteLength;
  }
  return end;
}

/** Reads a tensor from exactly these bytes; its data are views of them, not copies. */
export function readBinary(frame: TensorFrame, bytes: Uint8Array): Tensor {
  const { name, datatype, shape } = frame;
  if (datatype === 'BYTES') return { name, datatype, shape, data: readElements(frame, bytes) };
  requireSize(frame, bytes.byteLength);
  return { name, datatype, shape, data: bytes };
}

/** @throws ProtocolError when the data of a tensor do not fill its shape */
export function checkTensor(tensor: Tensor): void {
  const count = elementCount(tensor);
  if (tensor.datatype !== 'BYTES') return requireSize(tensor, tensor.data.byteLength);
  if (tensor.data.length !== count) {
    throw new ProtocolError(`tensor "${tensor.name}": ${tensor.data.length} elements where its shape holds ${count}`);
  }
}

function requireSize(frame: TensorFrame, size: number): void {
  const wanted = elementCount(frame) * SIZES[frame.datatype as Fixed];
  if (size === wanted) return;
  const what = `${frame.datatype} [${frame.shape.join(', ')}]`;
  throw new ProtocolError(`tensor "${frame.name}": ${size} bytes where ${what} takes ${wanted}`);
}

function readElements(frame: TensorFrame, bytes: Uint8Array): Uint8Array[] {
  const count = elementCount(frame);
  const fail = (what: string) => new ProtocolError(`tensor "${frame.name}": ${what}`);
  // Every element takes at least its four bytes of length: so a huge shape costs nothing to refuse.
  if (count * 4 > bytes.byteLength) throw fail(`${bytes.byteLength} bytes can't hold ${count} elements`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    if (offset + 4 > bytes.byteLength) throw fail(`the bytes end before the length of element ${index}`);
    const length = view.getUint32(offset, true);
    const end = offset + 4 + length;
    if (end > bytes.byteLength)
      throw fail(`element ${index} claims ${length} bytes, of which ${bytes.byteLength - offset - 4} are there`);
    elements.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  if (offset !== bytes.byteLength) throw fail(`${bytes.byteLength - offset} bytes left over after element ${count - 1}`);
  return elements;
}
