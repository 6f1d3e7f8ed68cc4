import { TENSORS, type InferResponse } from './inference-protocol.ts';
import { numbersOf, wrongAnswer } from './wrong-answer.ts';

/**
 * The scores of each row: `scores`, or the only output, as [rows, classes]. Whoever asks a model, at a check or at a site, reads its
 * answer by this.
 * @throws CouldNotRun for another shape or type, and for NaN
 */
export function classScores(response: Named & Pick<InferResponse, 'outputs'>, rows: number, classes: number): Float32Array[] {
  const output = response.outputs.find(({ name }) => name === TENSORS.scores) ?? onlyOne(response.outputs);
  if (output === undefined) {
    const names = response.outputs.map(({ name }) => name).join(', ') || 'none';
    throw wrongAnswer(response, `it has no output "scores", but ${names}`, 'name the output "scores"');
  }
  const [n, c, ...rest] = output.shape;
  if (n !== rows || c !== classes || rest.length > 0) {
    const expected = `${rows} ${rows === 1 ? 'picture' : 'pictures'} and ${classes} classes: [${rows}, ${classes}]`;
    const remedy = 'name the classes of the model (labels in model.yaml), one for each score, and give one row for each picture';
    throw wrongAnswer(
      response,
      `output "${output.name}" has shape [${output.shape.join(', ')}] where ${expected} was expected`,
      remedy,
    );
  }
  const values = numbersOf(response, output);
  const lost = values.findIndex(Number.isNaN);
  if (lost < 0) return Array.from({ length: rows }, (_, row) => values.subarray(row * classes, (row + 1) * classes));
  const where = `row ${Math.floor(lost / classes)}, class ${lost % classes}`;
  throw wrongAnswer(
    response,
    `output "${output.name}" is NaN at ${where}`,
    'see its preprocessing, and whether its weights overflow',
  );
}

type Named = Pick<InferResponse, 'modelName'>;

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
