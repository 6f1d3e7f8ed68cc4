import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { encodeOnnx, type OnnxGraph, type OnnxNode, type OnnxType } from './tiny-onnx.ts';

/** A tensor that a model always answers with. float32 when no type is given. */
export type Fixed = { name: string; shape: number[]; values: ArrayLike<number>; type?: OnnxType };

export type ExportedModel = {
  inputs: OnnxGraph['inputs'];
  outputs: readonly Fixed[];
  /** Outputs that are computed of the inputs, beside the fixed ones; `outputs` are their constants too, as `fixed.NAME`. */
  computed?: { nodes: OnnxNode[]; outputs: OnnxGraph['outputs'] };
};

/** A model that has the shapes of a real export and answers as it is told to. Writes it with its model.yaml. */
export async function writeExportedModel(folder: string, model: ExportedModel, description: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'model.onnx'), exportedOnnx(model));
  const fields = { version: 1, name: 'exported', weights: { default: 'model.onnx' }, ...description };
  await writeFile(path.join(folder, 'model.yaml'), stringify(fields));
}

export function exportedOnnx({ inputs, outputs, computed = { nodes: [], outputs: [] } }: ExportedModel): Uint8Array {
  const said = outputs.filter(({ name }) => !computed.outputs.some((other) => other.name === name));
  return encodeOnnx({
    nodes: [...said.map(({ name }) => ({ operator: 'Identity', inputs: [`fixed.${name}`], outputs: [name] })), ...computed.nodes],
    inputs,
    outputs: [...said.map(({ name, shape, type = 'float32' }) => ({ name, shape, type })), ...computed.outputs],
    constants: outputs.map((output) => ({ ...output, name: `fixed.${output.name}` })),
  });
}

/** Values of a shape, zero but for those that are set, by their places. */
export function sparse(
  shape: readonly number[],
  set: readonly (readonly [place: readonly number[], value: number])[],
): Float64Array {
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1));
  for (const [place, value] of set) values[place.reduce((at, index, axis) => at * (shape[axis] ?? 1) + index, 0)] = value;
  return values;
}
