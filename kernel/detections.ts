import { TENSORS, type InferResponse } from './inference-protocol.ts';
import { numbersOf, wrongAnswer } from './wrong-answer.ts';

/** Corners in pixels of the picture as it was sent. `track`: what is one thing over the pictures of a sequence, where the model says so. */
export type DetectedBox = { x1: number; y1: number; x2: number; y2: number; score: number; class: number; track?: number };

const COLUMNS = 7;

/** Whether a response holds boxes, and not scores of whole pictures. */
export function holdsDetections({ outputs }: Pick<InferResponse, 'outputs'>): boolean {
  return outputs.some(({ name }) => name === TENSORS.detections);
}

/** FP32 holds every whole number below it. */
const MOST_TRACKS = 2 ** 24;

/**
 * The boxes of each picture: `detections`, or the only output, as rows of picture, x1, y1, x2, y2, score and class; and where it is there
 * the `tracks` of those rows, whole numbers from 0, or -1 for a box of no track.
 * @param classes how many the model knows
 * @returns for each picture its boxes, in the order of the answer
 * @throws CouldNotRun for another shape or type, for numbers that are none, and for pictures or classes that there are not
 */
export function detectionsOf(
  response: Pick<InferResponse, 'modelName' | 'outputs'>,
  pictures: number,
  classes: number,
): DetectedBox[][] {
  const [only, ...others] = response.outputs;
  const output = response.outputs.find(({ name }) => name === TENSORS.detections) ?? (others.length === 0 ? only : undefined);
  if (output === undefined) {
    const names = response.outputs.map(({ name }) => name).join(', ') || 'none';
    throw wrongAnswer(response, `it has no output "${TENSORS.detections}", but ${names}`, `name it "${TENSORS.detections}"`);
  }
  const [rows, columns, ...rest] = output.shape;
  if (rows === undefined || columns !== COLUMNS || rest.length > 0) {
    const message = `output "${output.name}" has shape [${output.shape.join(', ')}] where boxes are expected: [boxes, ${COLUMNS}]`;
    throw wrongAnswer(response, message, 'give one row a box: picture, x1, y1, x2, y2, score, class');
  }
  const values = numbersOf(response, output);
  const tracks = tracksOf(response, rows);
  const found: DetectedBox[][] = Array.from({ length: pictures }, () => []);
  for (let row = 0; row < rows; row += 1) {
    const cells = values.subarray(row * COLUMNS, (row + 1) * COLUMNS);
    const fault = faultOf(cells, pictures, classes);
    if (fault !== null) throw wrongAnswer(response, `output "${output.name}", row ${row}: ${fault}`, 'see its postprocessing');
    const [picture = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0, named = 0] = cells;
    const track = tracks?.[row] ?? -1;
    found[picture]?.push({ x1, y1, x2, y2, score, class: named, ...(track >= 0 && { track }) });
  }
  return found;
}

/** Null where the model follows nothing. */
function tracksOf(response: Pick<InferResponse, 'modelName' | 'outputs'>, rows: number): Float32Array | null {
  const output = response.outputs.find(({ name }) => name === TENSORS.tracks);
  if (output === undefined) return null;
  const tracks = numbersOf(response, output);
  const remedy = 'give each row of boxes the whole number of its track, or -1';
  if (output.shape.length !== 1 || tracks.length !== rows) {
    const message = `output "${output.name}" has shape [${output.shape.join(', ')}] where there are ${rows} boxes`;
    throw wrongAnswer(response, message, remedy);
  }
  const wrong = tracks.find((track) => !Number.isInteger(track) || track < -1 || track >= MOST_TRACKS);
  if (wrong === undefined) return tracks;
  throw wrongAnswer(response, `output "${output.name}": ${wrong} is no track of 0 to ${MOST_TRACKS - 1}`, remedy);
}

function faultOf(cells: Float32Array, pictures: number, classes: number): string | null {
  const [picture = Number.NaN, x1 = 0, y1 = 0, x2 = 0, y2 = 0, , named = Number.NaN] = cells;
  if (!cells.every(Number.isFinite)) return 'it holds a number that is none';
  if (!Number.isInteger(picture) || picture < 0 || picture >= pictures) return `there is no picture ${picture} of ${pictures}`;
  if (!Number.isInteger(named) || named < 0 || named >= classes) return `there is no class ${named} of ${classes}`;
  return x2 < x1 || y2 < y1 ? 'its box ends before it begins' : null;
}
