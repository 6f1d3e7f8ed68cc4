import type { DetectionDataset } from '#datasets';
import { averagePrecisionByClass, prepareAveragePrecision } from './average-precision.ts';
import { ANY_SIZE } from './coco.ts';
import { askedFor, classesIn, poolBoxes, type TieOrder } from './pool.ts';
import type { DetectionTrial } from './trial.ts';
import { PRECISIONS } from './twelve-numbers.ts';

/** What a reader should know of the numbers: what they leave out, and what they hang on. */
export function detectionNotes(trials: readonly DetectionTrial[], dataset: Pick<DetectionDataset, 'name' | 'classes'>): string[] {
  return [
    ...thresholdNotes(trials, dataset),
    ...classNotes(trials, dataset),
    ...byClassNotes(trials, dataset),
    ...tieNotes(trials, dataset),
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

/** Less than this is the arithmetic's own. */
const ROUNDING = 1e-9;

/** Ties are never settled in silence. */
function tieNotes(trials: readonly DetectionTrial[], { name }: Pick<DetectionDataset, 'name'>): string[] {
  const [value, best, worst] = (['as they come', 'right first', 'wrong first'] as const).map((ties) =>
    precisionWith(trials, ties),
  );
  if (value == null || best == null || worst == null || best - worst < ROUNDING) return [];
  return [
    `On ${name} boxes of equal score leave open which comes first: AP is ${percent(value)}, and by their order alone could be anything from ${percent(worst)} to ${percent(best)}. Equal scores stay in the order of the pictures, as in pycocotools.`,
  ];
}

function precisionWith(trials: readonly DetectionTrial[], ties: TieOrder): number | null {
  const pools = poolBoxes(trials, classesIn(trials), ties);
  return prepareAveragePrecision(trials, PRECISIONS.ap, pools).value(new Float64Array(trials.length).fill(1));
}

function percent(value: number): string {
  return `${(100 * value).toFixed(2)}%`;
}
