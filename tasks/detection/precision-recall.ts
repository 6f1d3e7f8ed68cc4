import { RECALLS } from './coco.ts';
import type { Evidence } from './evidence.ts';

/** As numpy's `spacing(1)`: so that nothing is divided by 0, and the quotient is theirs to the bit. */
const TINY = 2 ** -52;

/** Room for one curve after another, so that a thousand of them ask for no memory. */
export class CurveRoom {
  readonly seen: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;

  constructor(classes: readonly Evidence[]) {
    const most = Math.max(0, ...classes.map(({ pictures }) => pictures.length));
    this.seen = new Float64Array(most + 1);
    this.precision = new Float64Array(most);
    this.recall = new Float64Array(most);
  }
}

/** How many true boxes are asked for, where each picture counts as often as its weight says. */
export function countAsked({ asked }: Evidence, weights: Float64Array): number {
  let count = 0;
  for (const picture of asked) count += weights[picture] ?? 0;
  return count;
}

/** The share of the true boxes of a class that is found at each overlap. */
export function recallOf({ pictures, right }: Evidence, overlap: number, weights: Float64Array, asked: number): number {
  let found = 0;
  for (const place of right[overlap] ?? []) found += weights[pictures[place] ?? 0] ?? 0;
  return found / asked;
}

/** Before curves of a class are drawn: how many boxes there are up to each place. */
export function countSeen({ pictures }: Evidence, weights: Float64Array, { seen }: CurveRoom): void {
  let count = 0;
  for (let place = 0; place < pictures.length; place += 1) {
    seen[place] = count;
    count += weights[pictures[place] ?? 0] ?? 0;
  }
  seen[pictures.length] = count;
}

/**
 * Precision at each of RECALLS: the highest that is reached at this recall or a later one, and 0 where recall never gets there. Only
 * places of right boxes are walked, for recall rises at no other, and precision falls at every other.
 * @param into value of recall r goes to place r * `stride` + `offset`
 */
export function drawCurve(
  { pictures, right, ignored }: Evidence,
  overlap: number,
  { weights, asked, room }: { weights: Float64Array; asked: number; room: CurveRoom },
  { values, offset, stride }: { values: Float64Array; offset: number; stride: number },
): void {
  const { seen, precision, recall } = room;
  const [hits, passed] = [right[overlap] ?? NOTHING, ignored[overlap] ?? NOTHING];
  let [found, aside, next, steps] = [0, 0, 0, 0];
  for (let hit = 0; hit < hits.length; hit += 1) {
    const place = hits[hit] ?? 0;
    const weight = weights[pictures[place] ?? 0] ?? 0;
    if (weight === 0) continue;
    for (; next < passed.length && (passed[next] ?? 0) < place; next += 1) {
      aside += weights[pictures[passed[next] ?? 0] ?? 0] ?? 0;
    }
    found += weight;
    precision[steps] = found / ((seen[place + 1] ?? 0) - aside + TINY);
    recall[steps] = found / asked;
    steps += 1;
  }
  for (let step = steps - 1; step > 0; step -= 1) {
    const later = precision[step] ?? 0;
    if (later > (precision[step - 1] ?? 0)) precision[step - 1] = later;
  }
  let step = 0;
  for (let at = 0; at < RECALLS.length; at += 1) {
    while (step < steps && (recall[step] ?? 0) < (RECALLS[at] ?? 0)) step += 1;
    values[at * stride + offset] = step < steps ? (precision[step] ?? 0) : 0;
  }
}

const NOTHING = new Uint32Array();
