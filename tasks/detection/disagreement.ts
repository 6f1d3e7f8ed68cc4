import type { TrueBox } from '#datasets';
import { matchPicture, type BoxRow } from './match-picture.ts';

/** What a model says of a picture, and where it counts. */
export type Answered = { boxes: readonly BoxRow[]; threshold: number | null };

/** Boxes that count, by their places in the two answers: those that are the same thing to both, and those that only one of them has. */
export type BoxDisagreement = {
  shared: readonly { one: number; other: number }[];
  onlyOne: readonly number[];
  onlyOther: readonly number[];
};

/**
 * Where two models differ on a picture, each at its own threshold: the same is a box of the same class that overlaps by a half. It needs
 * no truth, so that it also says of new footage what is worth a label.
 */
export function compareBoxes(one: Answered, other: Answered): BoxDisagreement {
  const [ours, theirs] = [counting(one), counting(other)];
  const rows = ours.flatMap((at): BoxRow[] => (one.boxes[at] === undefined ? [] : [one.boxes[at]]));
  return pairUp(
    ours,
    theirs,
    rows,
    theirs.flatMap((at) => asTruth(other.boxes[at])),
  );
}

function pairUp(
  ours: readonly number[],
  theirs: readonly number[],
  rows: readonly BoxRow[],
  truth: readonly TrueBox[],
): BoxDisagreement {
  const { order, partners } = matchPicture(truth, rows);
  const matched = [...order].map((box, place) => ({ one: ours[box] ?? -1, other: theirs[partners[place] ?? -1] ?? -1 }));
  const shared = matched.filter(({ other }) => other >= 0);
  const taken = new Set(shared.map(({ other }) => other));
  return {
    shared,
    onlyOne: matched.flatMap(({ one, other }) => (other < 0 ? [one] : [])),
    onlyOther: theirs.filter((at) => !taken.has(at)),
  };
}

function counting({ boxes, threshold }: Answered): number[] {
  return threshold === null ? [] : [...boxes.keys()].filter((at) => (boxes[at]?.[4] ?? Number.NEGATIVE_INFINITY) >= threshold);
}

function asTruth(row: BoxRow | undefined): TrueBox[] {
  if (row === undefined) return [];
  const [x1, y1, x2, y2, , named] = row;
  return [{ class: named, box: [x1, y1, x2 - x1, y2 - y1], area: (x2 - x1) * (y2 - y1), crowd: false, ignore: false }];
}
