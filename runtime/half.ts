/** Half-precision bits, as ONNX Runtime takes and gives them. The rounding (to nearest, ties to even) is the engine's own. */
export function toHalf(values: readonly number[]): Uint16Array {
  return new Uint16Array(Float16Array.from(values).buffer);
}

export function fromHalf(bits: Uint16Array): Float32Array {
  return Float32Array.from(new Float16Array(bits.buffer as ArrayBuffer, bits.byteOffset, bits.length));
}
