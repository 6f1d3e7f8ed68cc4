import type { TrueBox } from '#datasets';
import type { Ties } from '../metric.ts';
import { AREAS, OVERLAPS } from './coco.ts';
import { isAsked, type MatchBits } from './match-class.ts';
import type { PictureMatches } from './match-picture.ts';

/**
 * What pooling needs of a picture. `ties`: how its boxes stand among those of equal score, against the model (the wrong ones first) or for
 * it; where it is left out, as in pycocotools, which leaves them in the order of the pictures.
 */
export type Matched = { truth: readonly TrueBox[]; matches: PictureMatches; ties?: Ties };

/** The boxes of one class in all pictures, the best first; of equal score, in the order of the pictures. Bits in a row for each size. */
export type ClassPool = MatchBits & {
  /** Which picture each is in. */
  pictures: Uint32Array;
  ranks: Uint32Array;
};

/** Sorted once, for any number of curves. */
export function poolBoxes(trials: readonly Matched[], classes: number): ClassPool[] {
  const counts = new Uint32Array(classes);
  for (const { matches } of trials) for (const named of matches.classes) counts[named] = (counts[named] ?? 0) + 1;
  const unsorted = Array.from(counts, (count) => ({ pool: emptyPool(count), scores: new Float64Array(count), filled: 0 }));
  for (const [picture, { matches }] of trials.entries()) {
    const { length } = matches.classes;
    for (let place = 0; place < length; place += 1) {
      const own = unsorted[matches.classes[place] ?? 0];
      if (own === undefined) continue;
      const { pool, scores, filled } = own;
      pool.pictures[filled] = picture;
      pool.ranks[filled] = matches.ranks[place] ?? 0;
      scores[filled] = matches.scores[place] ?? 0;
      for (let size = 0; size < AREAS.length; size += 1) {
        pool.right[size * scores.length + filled] = matches.right[size * length + place] ?? 0;
        pool.ignored[size * scores.length + filled] = matches.ignored[size * length + place] ?? 0;
      }
      own.filled += 1;
    }
  }
  return unsorted.map(({ pool, scores }) => sorted(pool, bestFirst(scores, merits(pool, trials))));
}

/** In how many overlaps a box of any size is right, where that is to decide between boxes of equal score. */
function merits({ right, pictures }: ClassPool, trials: readonly Matched[]): Int8Array {
  if (trials.every(({ ties }) => ties === undefined)) return new Int8Array();
  return Int8Array.from(pictures, (picture, at) => {
    return signOf(trials[picture]?.ties) * OVERLAPS.reduce((sum, _, bit) => sum + (((right[at] ?? 0) >> bit) & 1), 0);
  });
}

/** Of being right, where that is to decide between equals. */
export function signOf(ties: Ties | undefined): 1 | 0 | -1 {
  if (ties === undefined) return 0;
  return ties === 'for' ? 1 : -1;
}

function emptyPool(count: number): ClassPool {
  return {
    pictures: new Uint32Array(count),
    ranks: new Uint32Array(count),
    right: new Uint16Array(count * AREAS.length),
    ignored: new Uint16Array(count * AREAS.length),
  };
}

function sorted(pool: ClassPool, order: Uint32Array): ClassPool {
  const ordered = emptyPool(order.length);
  for (const [to, from] of order.entries()) {
    ordered.pictures[to] = pool.pictures[from] ?? 0;
    ordered.ranks[to] = pool.ranks[from] ?? 0;
    for (let start = 0; start < pool.right.length; start += order.length) {
      ordered.right[start + to] = pool.right[start + from] ?? 0;
      ordered.ignored[start + to] = pool.ignored[start + from] ?? 0;
    }
  }
  return ordered;
}

/** Places, the highest score first, then the highest merit; equals stay in their order. */
export function bestFirst(scores: Float64Array, merit: Int8Array = new Int8Array()): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let at = 0; at < order.length; at += 1) order[at] = at;
  return order.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (merit[b] ?? 0) - (merit[a] ?? 0) || a - b);
}

/** How many classes boxes and truth know of, from 0 to the highest. */
export function classesIn(trials: readonly Matched[]): number {
  let most = 0;
  for (const { truth, matches } of trials) {
    // Boxes stand class by class.
    most = Math.max(most, (matches.classes.at(-1) ?? -1) + 1);
    for (const one of truth) most = Math.max(most, one.class + 1);
  }
  return most;
}

/** Of each class, the pictures of the true boxes that are asked for, a place each. */
export function askedFor(trials: readonly Matched[], classes: number, size: number): Uint32Array[] {
  const asked = Array.from({ length: classes }, (): number[] => []);
  for (const [picture, { truth }] of trials.entries()) {
    for (const one of truth) if (isAsked(one, size)) asked[one.class]?.push(picture);
  }
  return asked.map((pictures) => Uint32Array.from(pictures));
}
