import type { Datatype, Tensor } from './inference-protocol.ts';
import { elementCount, ProtocolError, type TensorFrame } from './tensor-codec.ts';

type Numeric = Exclude<Datatype, 'BYTES' | 'BOOL'>;

/** Typed arrays are little-endian wherever Node runs, as the protocol is. */
const ARRAYS = {
  UINT8: Uint8Array,
  INT8: Int8Array,
  UINT16: Uint16Array,
  INT16: Int16Array,
  FP16: Float16Array,
  UINT32: Uint32Array,
  INT32: Int32Array,
  FP32: Float32Array,
  UINT64: BigUint64Array,
  INT64: BigInt64Array,
  FP64: Float64Array,
};

const RANGES = {
  UINT8: [0, 0xff],
  INT8: [-0x80, 0x7f],
  UINT16: [0, 0xffff],
  INT16: [-0x8000, 0x7fff],
  UINT32: [0, 0xffffffff],
  INT32: [-0x80000000, 0x7fffffff],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

/** The numbers of a tensor as FP32, without a copy where alignment allows. @throws ProtocolError for BYTES and BOOL */
export function float32Of(tensor: Tensor): Float32Array {
  const { datatype } = tensor;
  if (datatype === 'BYTES' || datatype === 'BOOL')
    throw new ProtocolError(`tensor "${tensor.name}": ${datatype} where numbers are expected`);
  const values = arrayOf(datatype, tensor.data);
  if (values instanceof Float32Array) return values;
  return Float32Array.from(values as ArrayLike<number | bigint>, Number);
}

/** The elements of a tensor as JSON carries them, flat and row-major. @throws ProtocolError for what JSON can't carry */
export function jsonData(tensor: Tensor): (number | boolean | string)[] {
  if (tensor.datatype === 'BYTES') return tensor.data.map((element) => Buffer.from(element).toString('base64'));
  if (tensor.datatype === 'BOOL') return Array.from(tensor.data, (bit) => bit !== 0);
  if (tensor.datatype === 'FP16') throw new ProtocolError(`tensor "${tensor.name}": FP16 goes as binary data only`);
  const values = Array.from(arrayOf(tensor.datatype, tensor.data) as ArrayLike<number | bigint>, Number);
  const { datatype } = tensor;
  const lost = values.find((value) => !Number.isFinite(value) || !fits(value, datatype));
  if (lost !== undefined) throw new ProtocolError(`tensor "${tensor.name}": JSON can't carry ${lost}; ask for binary data`);
  return values;
}

/**
 * Reads what JSON carries: a flat list, or lists nested as the shape is.
 * @param base64 whether the strings of a BYTES tensor are base64 (parameter `content_type`), not UTF-8 text
 */
export function tensorOfJson(frame: TensorFrame, data: unknown, base64: boolean): Tensor {
  const { name, datatype, shape } = frame;
  const flat = flatten(frame, data);
  if (datatype === 'BYTES') return { name, datatype, shape, data: flat.map((value) => textBytes(name, value, base64)) };
  if (datatype === 'FP16') throw new ProtocolError(`tensor "${name}": FP16 goes as binary data only`);
  if (datatype === 'BOOL') return { name, datatype, shape, data: Uint8Array.from(flat, (value) => bitOf(name, value)) };
  return { name, datatype, shape, data: numbersOf(name, datatype, flat) };
}

function arrayOf(datatype: Numeric, data: Uint8Array) {
  const Typed = ARRAYS[datatype];
  const aligned = data.byteOffset % Typed.BYTES_PER_ELEMENT === 0 ? data : new Uint8Array(data);
  return new Typed(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / Typed.BYTES_PER_ELEMENT);
}

function numbersOf(name: string, datatype: Exclude<Numeric, 'FP16'>, flat: readonly unknown[]): Uint8Array {
  const numbers = flat.map((value) => {
    if (typeof value === 'number' && fits(value, datatype)) return value;
    throw new ProtocolError(`tensor "${name}": ${JSON.stringify(value)} is no ${datatype}`);
  });
  const array = wide(datatype) ? ARRAYS[datatype].from(numbers.map(BigInt)) : ARRAYS[datatype].from(numbers);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function wide(datatype: Datatype): datatype is 'INT64' | 'UINT64' {
  return datatype === 'INT64' || datatype === 'UINT64';
}

/** Whether a JSON number is a value of the type. Beyond 2^53 JSON's numbers are no exact integers: those go as binary data. */
function fits(value: number, datatype: Exclude<Numeric, 'FP16'>): boolean {
  if (datatype === 'FP32' || datatype === 'FP64') return true;
  const [low, high] = RANGES[datatype];
  return Number.isSafeInteger(value) && value >= low && value <= high;
}

function bitOf(name: string, value: unknown): number {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw new ProtocolError(`tensor "${name}": ${JSON.stringify(value)} is no BOOL`);
}

function textBytes(name: string, value: unknown, base64: boolean): Uint8Array {
  if (typeof value !== 'string') throw new ProtocolError(`tensor "${name}": BYTES in JSON are strings`);
  return new Uint8Array(Buffer.from(value, base64 ? 'base64' : 'utf8'));
}

function flatten(frame: TensorFrame, data: unknown): readonly unknown[] {
  const count = elementCount(frame);
  if (!Array.isArray(data)) throw new ProtocolError(`tensor "${frame.name}": its data are missing or no list`);
  const flat: readonly unknown[] = data.some(Array.isArray) ? unnest(frame, data, 0) : data;
  if (flat.length !== count)
    throw new ProtocolError(`tensor "${frame.name}": ${flat.length} elements where its shape holds ${count}`);
  return flat;
}

function unnest(frame: TensorFrame, data: readonly unknown[], depth: number): unknown[] {
  const wanted = frame.shape[depth];
  if (wanted !== data.length)
    throw new ProtocolError(`tensor "${frame.name}": a list of ${data.length} at depth ${depth}, where its shape says ${wanted}`);
  if (depth === frame.shape.length - 1) return [...data];
  return data.flatMap((part) => {
    if (!Array.isArray(part)) throw new ProtocolError(`tensor "${frame.name}": lists and values are mixed at depth ${depth}`);
    return unnest(frame, part, depth + 1);
  });
}
