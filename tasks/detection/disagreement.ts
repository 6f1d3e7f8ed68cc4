import type { TrueBox } from '#datasets';
import { matchPicture, type BoxRow } from './match-picture.ts';

type Answered = { boxes: readonly BoxRow[]; threshold: number | null };

/**
 * How many boxes of either model, at its own threshold, the other does not have: none of that class that overlaps by a half. It needs no
 * truth, so that it also says of new footage what is worth a label.
 */
export function disagreementOf(one: Answered, other: Answered): number {
  const [a, b] = [counting(one), counting(other)];
  const { partners } = matchPicture(
    b.map((row) => asTruth(row)),
    a,
  );
  const shared = partners.filter((partner) => partner >= 0).length;
  return a.length + b.length - 2 * shared;
}

function counting({ boxes, threshold }: Answered): BoxRow[] {
  return threshold === null ? [] : boxes.filter(([, , , , score]) => score >= threshold);
}

function asTruth([x1, y1, x2, y2, , named]: BoxRow): TrueBox {
  return { class: named, box: [x1, y1, x2 - x1, y2 - y1], area: (x2 - x1) * (y2 - y1), crowd: false, ignore: false };
}
