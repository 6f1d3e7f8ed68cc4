import type { Prepared } from '../metric.ts';
import { RECALLS } from './coco.ts';
import { gatherEvidence, type Evidence, type Question } from './evidence.ts';
import { pairwiseSum } from './pairwise-sum.ts';
import type { ClassPool, Matched } from './pool.ts';
import { countAsked, countSeen, CurveRoom, drawCurve, recallOf } from './precision-recall.ts';

/**
 * COCO's average precision: the mean of the precision at 101 recalls, over the overlaps asked for and the classes that have truth. A
 * class without a true box that is asked for has no such number, and is left out of the mean.
 */
export function prepareAveragePrecision(trials: readonly Matched[], question: Question, pools?: readonly ClassPool[]): Prepared {
  const classes = gatherEvidence(trials, question, pools);
  const room = new CurveRoom(classes);
  const values = new Float64Array(question.overlaps.length * RECALLS.length * classes.length);
  const value = (weights: Float64Array): number | null => {
    const asked = classes.map((one) => countAsked(one, weights));
    const known = asked.filter((count) => count > 0).length;
    let column = 0;
    for (const [at, evidence] of classes.entries()) {
      const count = asked[at] ?? 0;
      if (count === 0) continue;
      countSeen(evidence, weights, room);
      for (let overlap = 0; overlap < question.overlaps.length; overlap += 1) {
        const offset = overlap * RECALLS.length * known + column;
        drawCurve(evidence, overlap, { weights, asked: count, room }, { values, offset, stride: known });
      }
      column += 1;
    }
    const length = question.overlaps.length * RECALLS.length * known;
    return length === 0 ? null : pairwiseSum(values, 0, length) / length;
  };
  return { value, support: picturesWithTruth(classes) };
}

/** The same for each class by itself, of pictures that count once each; null for a class without a true box that is asked for. */
export function averagePrecisionByClass(trials: readonly Matched[], question: Question): (number | null)[] {
  const classes = gatherEvidence(trials, question);
  const room = new CurveRoom(classes);
  const weights = new Float64Array(trials.length).fill(1);
  const values = new Float64Array(question.overlaps.length * RECALLS.length);
  return classes.map((evidence) => {
    const asked = countAsked(evidence, weights);
    if (asked === 0) return null;
    countSeen(evidence, weights, room);
    for (let overlap = 0; overlap < question.overlaps.length; overlap += 1) {
      drawCurve(evidence, overlap, { weights, asked, room }, { values, offset: overlap * RECALLS.length, stride: 1 });
    }
    return pairwiseSum(values) / values.length;
  });
}

/** COCO's average recall: the share of true boxes found, over the overlaps and over the classes that have truth. */
export function prepareAverageRecall(trials: readonly Matched[], question: Question, pools?: readonly ClassPool[]): Prepared {
  const classes = gatherEvidence(trials, question, pools);
  const values = new Float64Array(question.overlaps.length * classes.length);
  const value = (weights: Float64Array): number | null => {
    const known = classes
      .map((evidence) => ({ evidence, asked: countAsked(evidence, weights) }))
      .filter(({ asked }) => asked > 0);
    for (let overlap = 0; overlap < question.overlaps.length; overlap += 1) {
      for (const [column, { evidence, asked }] of known.entries()) {
        values[overlap * known.length + column] = recallOf(evidence, overlap, weights, asked);
      }
    }
    const length = question.overlaps.length * known.length;
    return length === 0 ? null : pairwiseSum(values, 0, length) / length;
  };
  return { value, support: picturesWithTruth(classes) };
}

/** Pictures, and not boxes: those of one picture are found or missed together. */
function picturesWithTruth(classes: readonly Evidence[]): number {
  return new Set(classes.flatMap(({ asked }) => [...asked])).size;
}
