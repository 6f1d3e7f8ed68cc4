import { TENSORS, type InferResponse } from './inference-protocol.ts';
import { numbersOf, wrongAnswer } from './wrong-answer.ts';

/** What a picture shows, as a point; null where the model found nothing to look at, such as no face. */
export type Embedding = Float32Array | null;

/**
 * One embedding for each picture: `embeddings`, or the only output, as [pictures, dimensions]; `found`, [pictures], is 0 where there
 * was nothing to embed.
 * @throws CouldNotRun for another shape or type, for numbers that are none, and for a point without direction
 */
export function embeddingsOf(response: Pick<InferResponse, 'modelName' | 'outputs'>, pictures: number): Embedding[] {
  const [only, ...others] = response.outputs;
  const output = response.outputs.find(({ name }) => name === TENSORS.embeddings) ?? (others.length === 0 ? only : undefined);
  if (output === undefined) {
    const names = response.outputs.map(({ name }) => name).join(', ') || 'none';
    throw wrongAnswer(response, `it has no output "${TENSORS.embeddings}", but ${names}`, `name it "${TENSORS.embeddings}"`);
  }
  const [rows, dimensions = 0, ...rest] = output.shape;
  if (rows !== pictures || dimensions < 1 || rest.length > 0) {
    const message = `output "${output.name}" has shape [${output.shape.join(', ')}] where [${pictures}, dimensions] is expected`;
    throw wrongAnswer(response, message, 'give one row for each picture');
  }
  const values = numbersOf(response, output);
  const found = foundIn(response, pictures);
  return Array.from({ length: pictures }, (_, row) => {
    if (found[row] === 0) return null;
    const point = values.slice(row * dimensions, (row + 1) * dimensions);
    if (point.every(Number.isFinite) && point.some((value) => value !== 0)) return point;
    throw wrongAnswer(
      response,
      `output "${output.name}", row ${row}: it points nowhere, for it holds zeros alone or a number that is none`,
      `see its preprocessing, or answer "${TENSORS.found}" with 0 for a picture in which nothing was found`,
    );
  });
}

function foundIn(response: Pick<InferResponse, 'modelName' | 'outputs'>, pictures: number): Float32Array {
  const output = response.outputs.find(({ name }) => name === TENSORS.found);
  if (output === undefined) return new Float32Array(pictures).fill(1);
  const found = numbersOf(response, output);
  if (found.length === pictures) return found;
  throw wrongAnswer(response, `output "${output.name}" holds ${found.length} numbers for ${pictures} pictures`, 'give one each');
}
