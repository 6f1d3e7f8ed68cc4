/**
 * Writes small ONNX files, so that tests need no committed binaries and no Python. Field numbers are those of onnx.proto3.
 */
export type OnnxType = 'float32' | 'uint8' | 'float16' | 'float64' | 'int32' | 'int64' | 'string';
export type OnnxNode = { operator: string; inputs: string[]; outputs: string[]; integers?: Record<string, number | number[]> };
/** A dimension given as a string is symbolic: it takes any size. */
type OnnxValue = { name: string; type: OnnxType; shape: (number | string)[] };
/** float32 when no type is given. */
type OnnxConstant = { name: string; shape: number[]; values: ArrayLike<number>; type?: OnnxType; externalFile?: string };
export type OnnxGraph = { nodes: OnnxNode[]; inputs: OnnxValue[]; outputs: OnnxValue[]; constants?: OnnxConstant[] };

const ELEMENT_TYPES: Record<OnnxType, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  float16: 10,
  float64: 11,
};

export function elementType(type: OnnxType): number {
  return ELEMENT_TYPES[type];
}

/** The bytes of an ONNX model (IR 8, opset 17). */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const body = [
    ...graph.nodes.map((node) => bytesField(1, encodeNode(node))),
    textField(2, 'tiny'),
    ...(graph.constants ?? []).map((constant) => bytesField(5, encodeConstant(constant))),
    ...graph.inputs.map((value) => bytesField(11, encodeValue(value))),
    ...graph.outputs.map((value) => bytesField(12, encodeValue(value))),
  ];
  return Buffer.concat([numberField(1, 8), bytesField(7, Buffer.concat(body)), bytesField(8, numberField(2, 17))]);
}

function encodeNode({ operator, inputs, outputs, integers = {} }: OnnxNode): Uint8Array {
  const attributes = Object.entries(integers).map(([name, value]) => {
    const content = Array.isArray(value)
      ? [...value.map((item) => numberField(8, item)), numberField(20, 7)]
      : [numberField(3, value), numberField(20, 2)];
    return bytesField(5, Buffer.concat([textField(1, name), ...content]));
  });
  const names = [...inputs.map((name) => textField(1, name)), ...outputs.map((name) => textField(2, name))];
  return Buffer.concat([...names, textField(4, operator), ...attributes]);
}

function encodeValue({ name, type, shape }: OnnxValue): Uint8Array {
  const dimensions = shape.map((size) => bytesField(1, typeof size === 'number' ? numberField(1, size) : textField(2, size)));
  const tensor = Buffer.concat([numberField(1, elementType(type)), bytesField(2, Buffer.concat(dimensions))]);
  return Buffer.concat([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}

function encodeConstant({ name, shape, values, type = 'float32', externalFile }: OnnxConstant): Uint8Array {
  const head = [...shape.map((size) => numberField(1, size)), numberField(2, elementType(type)), textField(8, name)];
  if (type === 'string') return Buffer.concat([...head, ...Array.from(values, (value) => textField(6, String(value)))]);
  if (externalFile === undefined) return Buffer.concat([...head, bytesField(9, rawData(type, values))]);
  const location = Buffer.concat([textField(1, 'location'), textField(2, externalFile)]);
  return Buffer.concat([...head, bytesField(13, location), numberField(14, 1)]);
}

function rawData(type: Exclude<OnnxType, 'string'>, values: ArrayLike<number>): Uint8Array {
  const array = {
    float32: () => Float32Array.from(values),
    float16: () => Float16Array.from(values),
    float64: () => Float64Array.from(values),
    uint8: () => Uint8Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(Array.from(values, BigInt)),
  }[type]();
  return new Uint8Array(array.buffer);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function numberField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(bytes.byteLength)]), bytes]);
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, Buffer.from(text));
}
