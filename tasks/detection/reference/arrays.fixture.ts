import { createHash } from 'node:crypto';
import { AREAS, MOST_LOOKED_AT, OVERLAPS, RECALLS } from '../coco.ts';
import { EVERY_OVERLAP, gatherEvidence } from '../evidence.ts';
import { matchPicture } from '../match-picture.ts';
import { poolBoxes, type Matched } from '../pool.ts';
import { countAsked, countSeen, CurveRoom, drawCurve, recallOf } from '../precision-recall.ts';
import { twelveNumbers } from '../twelve-numbers.ts';
import type { BoxSet } from './sets.fixture.ts';

const MOST = [1, 10, MOST_LOOKED_AT];

/** As peers.py tells it of other implementations. */
export type Told = { stats: readonly (number | null)[]; precision: string; recall: string };

/** All that pycocotools would hold of a set, of which its numbers are means, as digests of its arrays. */
export function tellOf(set: BoxSet): Told {
  const trials = set.pictures.map(({ truth, boxes }) => ({ truth, matches: matchPicture(truth, boxes) }));
  const { precision, recall } = arraysOf(trials, set.classes);
  return { stats: Object.values(twelveNumbers(trials)), precision: digest(precision), recall: digest(recall) };
}

/** Precision [overlap, recall, class, size, most] and recall [overlap, class, size, most]; -1 for a class without truth. */
function arraysOf(trials: readonly Matched[], classes: number): { precision: Float64Array; recall: Float64Array } {
  const last = AREAS.length * MOST.length;
  const precision = new Float64Array(OVERLAPS.length * RECALLS.length * classes * last).fill(-1);
  const recall = new Float64Array(OVERLAPS.length * classes * last).fill(-1);
  const weights = new Float64Array(trials.length).fill(1);
  const pools = poolBoxes(trials, classes);
  for (const [size] of AREAS.entries()) {
    for (const [place, most] of MOST.entries()) {
      const evidence = gatherEvidence(trials, { size, most, overlaps: EVERY_OVERLAP }, pools);
      const room = new CurveRoom(evidence);
      for (const [named, one] of evidence.entries()) {
        const asked = countAsked(one, weights);
        if (asked === 0) continue;
        countSeen(one, weights, room);
        const column = (named * AREAS.length + size) * MOST.length + place;
        for (const overlap of EVERY_OVERLAP) {
          const offset = overlap * RECALLS.length * classes * last + column;
          drawCurve(one, overlap, { weights, asked, room }, { values: precision, offset, stride: classes * last });
          recall[overlap * classes * last + column] = recallOf(one, overlap, weights, asked);
        }
      }
    }
  }
  return { precision, recall };
}

function digest(values: Float64Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
}
