import type { TrueBox } from '#datasets';
import { ANY_SIZE, AREAS, HALF, OVERLAPS } from './coco.ts';
import { overlapsOf, type Rectangle } from './overlaps.ts';

/** Of each box a bit for each overlap of OVERLAPS, in a row of boxes for each of AREAS. */
export type MatchBits = { right: Uint16Array; ignored: Uint16Array };

/** Where what was found of a class in a picture is written: bits of its first box go to `offset`, one row on to `offset` + `stride`. */
export type MatchSheet = MatchBits & {
  offset: number;
  stride: number;
  /** The true box that a box of any size takes at an overlap of a half, by its place among those given; -1 where it takes none. */
  partners: Int32Array;
};

/** A crowd, what is too hard, and what is of another size is not asked for: to find it is neither right nor wrong. */
export function isAsked({ crowd, ignore, area }: TrueBox, size: number): boolean {
  const { from, to } = AREAS[size] ?? AREAS[0];
  return !crowd && !ignore && area >= from && area <= to;
}

const EVERY = 2 ** OVERLAPS.length - 1;

/** So little below 1 an overlap still counts as whole, as pycocotools has it. */
const WHOLE = 1 - 1e-10;

/**
 * Boxes of one class in one picture against the true ones, for all sizes and overlaps. Each box, best first, takes the true one that
 * it overlaps most of those still free, asked ones before others; a crowd takes any number. A box that takes none is wrong, or
 * not looked at where it is of another size itself.
 * @param boxes best first
 */
export function matchClass(boxes: readonly Rectangle[], truth: readonly TrueBox[], into: MatchSheet): void {
  const overlaps = overlapsOf(boxes, truth);
  const near = boxes.map((_, row) => reaches(overlaps, row, truth.length));
  for (let size = 0; size < AREAS.length; size += 1) {
    const start = size * into.stride + into.offset;
    for (const [row, box] of boxes.entries()) if (!isOfSize(box, size)) into.ignored[start + row] = EVERY;
    if (!near.includes(true)) continue;
    const asked = truth.keys().filter((at) => isAskedAt(truth, at, size));
    const others = truth.keys().filter((at) => !isAskedAt(truth, at, size));
    matchSize({ overlaps, near, truth, asked: [...asked], others: [...others] }, into, size);
  }
}

type Sized = {
  overlaps: Float64Array;
  /** Of each box, whether it overlaps anything enough. */
  near: readonly boolean[];
  truth: readonly TrueBox[];
  /** Places of true boxes. */
  asked: readonly number[];
  others: readonly number[];
};

function matchSize(sized: Sized, { right, ignored, partners, offset, stride }: MatchSheet, size: number): void {
  const taken = new Uint8Array(sized.truth.length);
  for (const [at, overlap] of OVERLAPS.entries()) {
    taken.fill(0);
    const bit = 1 << at;
    for (const [row, isNear] of sized.near.entries()) {
      if (!isNear) continue;
      const least = Math.min(overlap, WHOLE);
      const match = bestOf(sized, sized.asked, taken, row, least);
      const passed = match < 0 ? bestOf(sized, sized.others, taken, row, least) : -1;
      const found = match < 0 ? passed : match;
      if (found < 0) continue;
      taken[found] = 1;
      const place = size * stride + offset + row;
      if (size === ANY_SIZE && at === HALF) partners[offset + row] = found;
      if (match >= 0) right[place] = (right[place] ?? 0) | bit;
      ignored[place] = match < 0 ? (ignored[place] ?? 0) | bit : (ignored[place] ?? 0) & ~bit;
    }
  }
}

/** The free true box that is overlapped most, the last of equals; -1 where none is overlapped enough. */
function bestOf({ overlaps, truth }: Sized, places: readonly number[], taken: Uint8Array, row: number, least: number): number {
  let [best, most] = [-1, least];
  for (const place of places) {
    if (taken[place] === 1 && truth[place]?.crowd !== true) continue;
    const overlap = overlaps[row * truth.length + place] ?? 0;
    if (overlap < most) continue;
    [best, most] = [place, overlap];
  }
  return best;
}

function reaches(overlaps: Float64Array, row: number, columns: number): boolean {
  const least = OVERLAPS[0] ?? 1;
  for (let at = row * columns; at < (row + 1) * columns; at += 1) if ((overlaps[at] ?? 0) >= least) return true;
  return false;
}

function isOfSize({ width, height }: Rectangle, size: number): boolean {
  const { from, to } = AREAS[size] ?? AREAS[0];
  return width * height >= from && width * height <= to;
}

function isAskedAt(truth: readonly TrueBox[], at: number, size: number): boolean {
  const one = truth[at];
  return one !== undefined && isAsked(one, size);
}
