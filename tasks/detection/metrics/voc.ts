import type { Prepared } from '../../metric.ts';
import { ANY_SIZE } from '../coco.ts';
import { askedFor, bestFirst, classesIn, signOf, type Matched } from '../pool.ts';
import { overTies } from '../ties.ts';

/**
 * Pascal VOC's average precision at an overlap of a half, as a mean over the classes that have truth (Everingham et al., "The Pascal
 * Visual Object Classes Challenge", IJCV 2010, section 4.2; `VOCap.m`): since 2010 the whole area under the curve, before that the mean
 * of the precision at eleven recalls. Boxes are of continuous corners here: VOC's own count whole pixels, both ends within.
 */
export const vocAveragePrecision = overTies({
  name: 'voc-ap',
  title: 'average precision (VOC)',
  kind: 'pooled',
  unit: 'fraction',
  better: 'more',
  inWords: 'how well its boxes agree with the true boxes, as Pascal VOC counts',
  counted: 'pictures with a true box',
  prepare: (trials) => prepareVoc(trials, wholeArea),
});

/** As it was until 2009, and as many papers still have it. */
export const voc2007AveragePrecision = overTies({
  ...vocAveragePrecision,
  name: 'voc2007-ap',
  title: 'average precision (VOC 2007)',
  inWords: 'how well its boxes agree with the true boxes, as Pascal VOC counted in 2007',
  prepare: (trials) => prepareVoc(trials, elevenPoints),
});

/** Recall and precision after each right box, the best first. */
type Curve = readonly { recall: number; precision: number }[];

function prepareVoc(trials: readonly Matched[], areaOf: (curve: Curve) => number): Prepared {
  const classes = classesIn(trials);
  const asked = askedFor(trials, classes, ANY_SIZE);
  const boxes = boxesByClass(trials, classes);
  const value = (weights: Float64Array): number | null => {
    const areas = asked.flatMap((pictures, named) => {
      const things = pictures.reduce((sum, picture) => sum + (weights[picture] ?? 0), 0);
      return things === 0 ? [] : [areaOf(curveOf(boxes[named] ?? [], weights, things))];
    });
    return areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length;
  };
  return { value, support: new Set(asked.flatMap((pictures) => [...pictures])).size };
}

type Box = { picture: number; score: number; right: boolean; merit: number };

/** The best first. Those on what is not asked for are no part of it. */
function boxesByClass(trials: readonly Matched[], classes: number): Box[][] {
  const boxes = Array.from({ length: classes }, (): Box[] => []);
  for (const [picture, { matches, ties }] of trials.entries()) {
    for (const [place, verdict] of matches.voc.entries()) {
      if (verdict === 'aside') continue;
      const right = verdict === 'right';
      const box = { picture, score: matches.scores[place] ?? 0, right, merit: right ? signOf(ties) : 0 };
      boxes[matches.classes[place] ?? 0]?.push(box);
    }
  }
  return boxes.map((own) => {
    const order = bestFirst(
      Float64Array.from(own, ({ score }) => score),
      Int8Array.from(own, ({ merit }) => merit),
    );
    return Array.from(order, (at) => own[at] as Box);
  });
}

function curveOf(boxes: readonly Box[], weights: Float64Array, things: number): Curve {
  let [right, seen] = [0, 0];
  return boxes.flatMap((box) => {
    const weight = weights[box.picture] ?? 0;
    seen += weight;
    if (!box.right || weight === 0) return [];
    right += weight;
    return [{ recall: right / things, precision: right / seen }];
  });
}

function wholeArea(curve: Curve): number {
  let [area, highest] = [0, 0];
  for (const [at, { recall, precision }] of [...curve.entries()].toReversed()) {
    highest = Math.max(highest, precision);
    area += (recall - (curve[at - 1]?.recall ?? 0)) * highest;
  }
  return area;
}

const TENTHS = Array.from({ length: 11 }, (_, at) => at / 10);

function elevenPoints(curve: Curve): number {
  const precisionAt = (least: number) =>
    curve.reduce((highest, { recall, precision }) => (recall >= least ? Math.max(highest, precision) : highest), 0);
  return TENTHS.reduce((sum, least) => sum + precisionAt(least), 0) / TENTHS.length;
}
