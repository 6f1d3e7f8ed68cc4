import type { DetectionDataset } from '#datasets';
import { averagePrecisionByClass, prepareAveragePrecision } from './average-precision.ts';
import { ANY_SIZE } from './coco.ts';
import { askedFor } from './pool.ts';
import { rangeOverTies, wholeValue } from './ties.ts';
import type { DetectionTrial } from './trial.ts';
import { PRECISIONS } from './twelve-numbers.ts';

/** What a reader should know of the numbers: what they leave out, and what they hang on. */
export function detectionNotes(trials: readonly DetectionTrial[], dataset: Pick<DetectionDataset, 'name' | 'classes'>): string[] {
  return [
    ...thresholdNotes(trials, dataset),
    ...classNotes(trials, dataset),
    ...byClassNotes(trials, dataset),
    ...tieNotes(trials, dataset),
    ...trackNotes(trials, dataset),
  ];
}

function thresholdNotes(trials: readonly DetectionTrial[], { name }: Pick<DetectionDataset, 'name'>): string[] {
  if (!trials.some(({ threshold }) => threshold === null)) return [];
  return [
    `On ${name} the model names no threshold at which a box counts: what is measured at it is not defined, and no picture is shown. Give threshold in model.yaml, or parameters.threshold in what the server answers.`,
  ];
}

/** So many names are said. */
const SHOWN = 5;

function classNotes(trials: readonly DetectionTrial[], { name, classes }: Pick<DetectionDataset, 'name' | 'classes'>): string[] {
  const asked = askedFor(trials, classes.length, ANY_SIZE);
  const without = classes.filter((_, named) => (asked[named]?.length ?? 0) === 0);
  if (without.length === 0) return [];
  const names = without.slice(0, SHOWN).join(', ');
  const more = without.length > SHOWN ? ` and ${without.length - SHOWN} more` : '';
  return [
    `On ${name} ${without.length} of ${classes.length} classes have no true box, and no part in AP and AR: ${names}${more}.`,
  ];
}

/** A mean over classes hides the one that is never found. */
function byClassNotes(
  trials: readonly DetectionTrial[],
  { name, classes }: Pick<DetectionDataset, 'name' | 'classes'>,
): string[] {
  const known = averagePrecisionByClass(trials, PRECISIONS.ap).flatMap((value, named) =>
    value === null ? [] : [{ value, named }],
  );
  if (known.length < 2) return [];
  const lowest = known.toSorted((a, b) => a.value - b.value).slice(0, 2 * SHOWN);
  const told = lowest.map(({ value, named }) => `${classes[named] ?? named} ${percent(value)}`).join(', ');
  const more = known.length > lowest.length ? ` and ${known.length - lowest.length} more` : '';
  return [`On ${name} AP by class, the lowest first: ${told}${more}.`];
}

/** Ties are never settled in silence. */
function tieNotes(trials: readonly DetectionTrial[], { name }: Pick<DetectionDataset, 'name'>): string[] {
  const prepare = (some: readonly DetectionTrial[]) => prepareAveragePrecision(some, PRECISIONS.ap);
  const value = wholeValue(prepare, trials);
  const range = rangeOverTies(prepare, trials);
  if (value === null || range === null) return [];
  const { worst, best } = range;
  return [
    `On ${name} boxes of equal score leave open which comes first: AP is ${percent(value)}, and by their order alone could be anything from ${percent(worst)} to ${percent(best)}. Equal scores stay in the order of the pictures, as in pycocotools.`,
  ];
}

function trackNotes(trials: readonly DetectionTrial[], { name }: Pick<DetectionDataset, 'name'>): string[] {
  const silent = trials.filter(({ sequence, tracks }) => sequence !== undefined && tracks === undefined).length;
  if (silent === 0) return [];
  return [
    `The truth of ${name} follows things over pictures, and the model names no tracks: HOTA and IDF1 are not defined. A server that follows them answers \`tracks\` beside \`detections\`.`,
  ];
}

function percent(value: number): string {
  return `${(100 * value).toFixed(2)}%`;
}
