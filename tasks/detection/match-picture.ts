import type { TrueBox } from '#datasets';
import { AREAS } from './coco.ts';
import { matchClass, type MatchBits } from './match-class.ts';
import { matchVoc, type VocVerdict } from './match-voc.ts';

/** Corners in pixels, the score, and the class as an index into the dataset's classes. */
export type BoxRow = readonly [x1: number, y1: number, x2: number, y2: number, score: number, label: number];

/** The boxes of one picture held against the truth, once; whatever is measured is taken from it. Class by class, best first. */
export type PictureMatches = MatchBits & {
  /** Places in the answer. */
  order: Uint32Array;
  classes: Uint32Array;
  scores: Float64Array;
  /** Place among the boxes of its class in this picture, from 0. */
  ranks: Uint32Array;
  /** The true box, by its place, that each takes at an overlap of a half, whatever its size; -1 where it takes none. */
  partners: Int32Array;
  voc: readonly VocVerdict[];
};

/** Boxes of equal score stay in the order of the answer. */
export function matchPicture(truth: readonly TrueBox[], boxes: readonly BoxRow[]): PictureMatches {
  const order = Uint32Array.from(
    boxes
      .keys()
      .toArray()
      .toSorted((a, b) => classAt(boxes, a) - classAt(boxes, b) || scoreAt(boxes, b) - scoreAt(boxes, a)),
  );
  const { length } = boxes;
  const matches = {
    order,
    classes: Uint32Array.from(order, (at) => classAt(boxes, at)),
    scores: Float64Array.from(order, (at) => scoreAt(boxes, at)),
    ranks: new Uint32Array(length),
    right: new Uint16Array(length * AREAS.length),
    ignored: new Uint16Array(length * AREAS.length),
    partners: new Int32Array(length).fill(-1),
    voc: boxes.map((): VocVerdict => 'wrong'),
  };
  const truthOf = Map.groupBy(truth.keys(), (at) => truth[at]?.class ?? -1);
  for (let offset = 0; offset < length;) {
    const named = matches.classes[offset] ?? 0;
    let end = offset + 1;
    while (end < length && matches.classes[end] === named) end += 1;
    const rectangles = Array.from(order.subarray(offset, end), (at) => rectangleOf(boxes[at]));
    const places = truthOf.get(named) ?? [];
    const own = places.flatMap((place) => truth[place] ?? []);
    matchClass(rectangles, own, { ...matches, offset, stride: length });
    for (let at = offset; at < end; at += 1) {
      matches.ranks[at] = at - offset;
      matches.partners[at] = places[matches.partners[at] ?? -1] ?? -1;
    }
    matches.voc.splice(offset, end - offset, ...matchVoc(rectangles, own));
    offset = end;
  }
  return matches;
}

function classAt(boxes: readonly BoxRow[], at: number): number {
  return boxes[at]?.[5] ?? 0;
}

function scoreAt(boxes: readonly BoxRow[], at: number): number {
  return boxes[at]?.[4] ?? 0;
}

function rectangleOf([x1, y1, x2, y2]: BoxRow = [0, 0, 0, 0, 0, 0]) {
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}
