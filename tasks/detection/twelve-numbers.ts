import { ANY_SIZE, AREAS, HALF, MOST_LOOKED_AT } from './coco.ts';
import { EVERY_OVERLAP, type Question } from './evidence.ts';
import { prepareAveragePrecision, prepareAverageRecall } from './average-precision.ts';
import { classesIn, poolBoxes, type Matched } from './pool.ts';

const ALL: Question = { size: ANY_SIZE, most: MOST_LOOKED_AT, overlaps: EVERY_OVERLAP };

/** Index into AREAS. */
const sized = (name: (typeof AREAS)[number]['name']): number => AREAS.findIndex((area) => area.name === name);

/** Index into OVERLAPS of 0.75. */
const THREE_QUARTERS = 5;

/** What each of COCO's average precisions asks, by the name of its metric. */
export const PRECISIONS = {
  ap: ALL,
  ap50: { ...ALL, overlaps: [HALF] },
  ap75: { ...ALL, overlaps: [THREE_QUARTERS] },
  'ap-small': { ...ALL, size: sized('small') },
  'ap-medium': { ...ALL, size: sized('medium') },
  'ap-large': { ...ALL, size: sized('large') },
} satisfies Record<string, Question>;

/** And each of its average recalls: of the best box of a class in a picture, of ten, of a hundred, and by size. */
export const RECALL_QUESTIONS = {
  ar1: { ...ALL, most: 1 },
  ar10: { ...ALL, most: 10 },
  ar100: ALL,
  'ar-small': { ...ALL, size: sized('small') },
  'ar-medium': { ...ALL, size: sized('medium') },
  'ar-large': { ...ALL, size: sized('large') },
} satisfies Record<string, Question>;

/** COCO's twelve in COCO's order, of pictures that count once each; null where there is no truth of that size. */
export function twelveNumbers(trials: readonly Matched[]): Record<string, number | null> {
  const pools = poolBoxes(trials, classesIn(trials));
  const once = new Float64Array(trials.length).fill(1);
  const valueOf =
    (prepare: typeof prepareAverageRecall) =>
    ([name, question]: [string, Question]) =>
      [name, prepare(trials, question, pools).value(once)] as const;
  return Object.fromEntries([
    ...Object.entries(PRECISIONS).map(valueOf(prepareAveragePrecision)),
    ...Object.entries(RECALL_QUESTIONS).map(valueOf(prepareAverageRecall)),
  ]);
}
