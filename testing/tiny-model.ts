import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { elementType, encodeOnnx, type OnnxNode, type OnnxType } from './tiny-onnx.ts';

export type TinyModel = {
  /** Side of its square input in pixels; 8 when absent. */
  size?: number;
  /** What the ONNX input takes; float32 when absent. */
  type?: OnnxType;
  layout?: 'nchw' | 'nhwc';
  /** null: any batch size (the default). */
  batch?: number | null;
  /** `flat` [N,3] (the default), `pooled` [N,3,1,1], `map` [N,3,size,size]: no classification output. */
  output?: 'flat' | 'pooled' | 'map';
  /** Multiplies the scores of the three channels: a better or worse model, other bytes. */
  gains?: readonly [number, number, number];
  /** Makes it slower without changing its scores: rounds of an element-wise function over the input. */
  work?: number;
  /** An operator to stand where the pooling is, such as one that does not exist. */
  operator?: string;
  /** Puts the gains into a file beside the weights, as large models do. */
  externalFile?: string;
};

/** Fields of model.yaml to set or to replace; undefined removes one. */
export type TinyDescription = Record<string, unknown>;

/**
 * A classifier whose three scores are the mean red, green and blue of the picture, 0 to 1: so `[200, 30, 30]` is `red`.
 * Writes model.yaml and tiny.onnx into the folder.
 */
export async function writeTinyModel(folder: string, model: TinyModel = {}, description: TinyDescription = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'tiny.onnx'), tinyOnnx(model));
  if (model.externalFile && !model.externalFile.startsWith('.')) {
    await writeFile(path.join(folder, model.externalFile), new Uint8Array(Float32Array.from(model.gains ?? [1, 1, 1]).buffer));
  }
  const { size = 8, layout = 'nchw', type = 'float32' } = model;
  const fields = {
    version: 1,
    name: 'tiny',
    task: 'classification',
    labels: ['red', 'green', 'blue'],
    threshold: 0.5,
    weights: { default: 'tiny.onnx' },
    preprocess: {
      resize: { width: size, height: size, kernel: 'linear' },
      layout,
      ...(type !== 'uint8' && { range: [0, 1] }),
    },
    ...description,
  };
  await writeFile(path.join(folder, 'model.yaml'), stringify(JSON.parse(JSON.stringify(fields))));
}

/** The ONNX bytes of the classifier that `writeTinyModel` writes. A uint8 input gives scores from 0 to 255. */
function tinyOnnx(model: TinyModel = {}): Uint8Array {
  const { size = 8, type = 'float32', layout = 'nchw', batch = null, output = 'flat', gains = [1, 1, 1], work = 0 } = model;
  const n = batch ?? 'n';
  const half = type === 'float16';
  const shapes = { flat: [n, 3], pooled: [n, 3, 1, 1], map: [n, 3, size, size] };
  const nodes = chain('pixels', 'scores', [
    ...(type === 'float32' ? [] : [{ operator: 'Cast', integers: { to: elementType('float32') } }]),
    ...(layout === 'nhwc' ? [{ operator: 'Transpose', integers: { perm: [0, 3, 1, 2] } }] : []),
    ...Array.from({ length: work }, () => busyRound).flat(),
    { operator: 'Mul', more: ['gains'] },
    ...(output === 'map' ? [] : [{ operator: model.operator ?? 'GlobalAveragePool' }]),
    ...(output === 'flat' ? [{ operator: 'Flatten', integers: { axis: 1 } }] : []),
    ...(half ? [{ operator: 'Cast', integers: { to: elementType('float16') } }] : []),
  ]);
  return encodeOnnx({
    nodes,
    inputs: [{ name: 'pixels', type, shape: layout === 'nchw' ? [n, 3, size, size] : [n, size, size, 3] }],
    outputs: [{ name: 'scores', type: half ? 'float16' : 'float32', shape: shapes[output] }],
    constants: [
      { name: 'gains', shape: [1, 3, 1, 1], values: [...gains], ...(model.externalFile && { externalFile: model.externalFile }) },
    ],
  });
}

type Step = { operator: string; more?: string[]; integers?: Record<string, number | number[]> };

/** Two functions that undo each other on what pixels can be (0 and above), and that no optimiser fuses away. */
const busyRound: Step[] = [{ operator: 'Asinh' }, { operator: 'Sinh' }];

function chain(first: string, last: string, steps: readonly Step[]): OnnxNode[] {
  return steps.map(({ operator, more = [], integers = {} }, index) => ({
    operator,
    inputs: [index === 0 ? first : `v${index}`, ...more],
    outputs: [index === steps.length - 1 ? last : `v${index + 1}`],
    integers,
  }));
}
