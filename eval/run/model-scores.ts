import { CouldNotRun, float32Of, ProtocolError, TENSORS, type InferResponse, type ModelMetadata, type Tensor } from '#kernel';

/**
 * The name under which a model takes encoded images (BYTES [N]) or frames (UINT8 [N, height, width, 3]): ours, or that of
 * the only input of this type.
 * @throws CouldNotRun when it takes none
 */
export function inputFor(kind: 'image' | 'frames', { name, inputs }: ModelMetadata): string {
  const fits = inputs.filter(({ datatype }) => datatype === (kind === 'image' ? 'BYTES' : 'UINT8'));
  const input = fits.find((candidate) => candidate.name === TENSORS[kind]) ?? (fits.length === 1 ? fits[0] : undefined);
  if (input !== undefined) return input.name;
  const wanted = kind === 'image' ? 'encoded images ("image" BYTES [N])' : 'frames ("frames" UINT8 [N, height, width, 3])';
  const got = inputs.map((tensor) => `"${tensor.name}" ${tensor.datatype} [${tensor.shape.join(', ')}]`).join(', ') || 'nothing';
  throw new CouldNotRun({
    file: `model ${name}`,
    message: `it takes no ${wanted}, but ${got}`,
    remedy: 'let the container decode and preprocess by itself: that is part of what is judged',
  });
}

/**
 * The scores of each row: `scores`, or the only output, as [rows, classes].
 * @throws CouldNotRun for another shape or type, and for NaN
 */
export function scoresOf(response: InferResponse, rows: number, classes: number): Float32Array[] {
  const output = response.outputs.find(({ name }) => name === TENSORS.scores) ?? onlyOne(response.outputs);
  if (output === undefined) {
    const names = response.outputs.map(({ name }) => name).join(', ') || 'none';
    throw wrongAnswer(response, `it has no output "scores", but ${names}`, 'name the output "scores"');
  }
  const [n, c, ...rest] = output.shape;
  if (n !== rows || c !== classes || rest.length > 0) {
    const expected = `${rows} ${rows === 1 ? 'picture' : 'pictures'} of a dataset with ${classes} classes: [${rows}, ${classes}]`;
    const remedy = "score exactly the dataset's classes, in its order, one row for each picture";
    throw wrongAnswer(
      response,
      `output "${output.name}" has shape [${output.shape.join(', ')}] for ${expected} was expected`,
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

function onlyOne<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function numbersOf(response: InferResponse, output: Tensor): Float32Array {
  try {
    return float32Of(output);
  } catch (cause) {
    if (cause instanceof ProtocolError) throw wrongAnswer(response, cause.message, 'give scores as FP32');
    throw cause;
  }
}

function wrongAnswer({ modelName }: InferResponse, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: `model ${modelName}`, message, remedy });
}
