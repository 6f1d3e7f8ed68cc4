import { OVERLAPS } from './coco.ts';
import { askedFor, classesIn, poolBoxes, type ClassPool, type Matched } from './pool.ts';

/** What is asked of the boxes: an index into AREAS, how many of a class are looked at in a picture, indices into OVERLAPS. */
export type Question = { size: number; most: number; overlaps: readonly number[] };

/** All that a curve of one class rests on, whatever its pictures weigh. Places are those of `pictures`. */
export type Evidence = {
  /** Which picture each looked-at box is in, the best box first. */
  pictures: Uint32Array;
  /** Which picture each true box that is asked for is in. */
  asked: Uint32Array;
  /** For each overlap: the places of boxes that are right, and of those neither right nor wrong. */
  right: readonly Uint32Array[];
  ignored: readonly Uint32Array[];
};

export const EVERY_OVERLAP: readonly number[] = [...OVERLAPS.keys()];

/** Of each class that there is, in boxes or in truth. */
export function gatherEvidence(trials: readonly Matched[], question: Question, pools?: readonly ClassPool[]): Evidence[] {
  const sorted = pools ?? poolBoxes(trials, classesIn(trials));
  const asked = askedFor(trials, sorted.length, question.size);
  return sorted.map((pool, named) => ({ ...lookAt(pool, question), asked: asked[named] ?? new Uint32Array() }));
}

/** A box that is neither right nor wrong at any overlap asked for has no part in anything, and is passed over. */
function lookAt(pool: ClassPool, { size, most, overlaps }: Question): Omit<Evidence, 'asked'> {
  const every = overlaps.reduce((bits, overlap) => bits | (1 << overlap), 0);
  const pictures = new Uint32Array(pool.pictures.length);
  const [right, ignored] = [overlaps.map((): number[] => []), overlaps.map((): number[] => [])];
  const start = size * pictures.length;
  let looked = 0;
  for (let at = 0; at < pictures.length; at += 1) {
    const passed = (pool.ignored[start + at] ?? 0) & every;
    if (passed === every || (pool.ranks[at] ?? 0) >= most) continue;
    addPlace(right, overlaps, pool.right[start + at] ?? 0, looked);
    addPlace(ignored, overlaps, passed, looked);
    pictures[looked] = pool.pictures[at] ?? 0;
    looked += 1;
  }
  const places = (lists: readonly number[][]) => lists.map((list) => Uint32Array.from(list));
  return { pictures: pictures.slice(0, looked), right: places(right), ignored: places(ignored) };
}

function addPlace(lists: readonly number[][], overlaps: readonly number[], bits: number, place: number): void {
  if (bits === 0) return;
  for (let at = 0; at < overlaps.length; at += 1) if ((bits & (1 << (overlaps[at] ?? 0))) !== 0) lists[at]?.push(place);
}
