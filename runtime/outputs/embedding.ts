import type { EmbeddingOutput } from '../description/embedding.ts';
import type { Outputs } from '../onnx-model.ts';
import { Misfit, plain, tensorOf } from './misfit.ts';

/** The vector of one picture. A vector of zeros has no direction, and stays what it is. @throws Misfit when it is no vector */
export function readEmbedding(output: EmbeddingOutput, outputs: Outputs): Float32Array {
  const { values, shape, name } = tensorOf(outputs, output.tensor);
  const sides = shape.filter((size) => size !== 1);
  if (sides.length > 1 || !plain(shape.slice(0, 1), 0) || values.length === 0)
    throw new Misfit(
      ['tensor'],
      `"${name}" is [${shape.join(', ')}] for one picture, not [1, D]`,
      'name the output that holds the vector',
    );
  if (output.normalise === 'none') return Float32Array.from(values);
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}
