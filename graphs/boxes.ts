import { BOX_COLUMNS, type MessageOf } from './message.ts';
import type { Made } from './stage-program.ts';

/** Corners in pixels of the frame, and the class by its name. */
export type Box = { x1: number; y1: number; x2: number; y2: number; score: number; class: string };

/** @throws RangeError when a row names no class */
export function boxesOf({ about, body }: Pick<MessageOf<'detections'>, 'about' | 'body'>): Box[] {
  // A view of bytes from a socket need not lie at a multiple of four.
  const numbers = new Float32Array(body.slice().buffer);
  return Array.from({ length: about.rows }, (_, row) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0, index = -1] = numbers.subarray(row * BOX_COLUMNS, (row + 1) * BOX_COLUMNS);
    const { [index]: named } = about.classes;
    if (named === undefined) throw new RangeError(`row ${row} names class ${index} of ${about.classes.length}`);
    return { x1, y1, x2, y2, score, class: named };
  });
}

/** Boxes as a message; those of no known class are left out. */
export function detectionsMessage(
  size: { width: number; height: number },
  boxes: readonly Box[],
  classes: readonly string[],
): Extract<Made, { kind: 'detections' }> {
  const known = boxes.filter((box) => classes.includes(box.class));
  const numbers = known.flatMap((box) => [box.x1, box.y1, box.x2, box.y2, box.score, classes.indexOf(box.class)]);
  return {
    kind: 'detections',
    promised: false,
    about: { ...size, rows: known.length, classes },
    body: new Uint8Array(Float32Array.from(numbers).buffer),
  };
}
