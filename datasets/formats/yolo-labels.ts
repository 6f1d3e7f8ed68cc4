import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import { boundsOf, plainBox, type DeclaredBox } from './declared-boxes.ts';

/** As Ultralytics accepts: annotation tools round. */
const OVERSHOOT = 1.01;

/**
 * The boxes of one picture, as shares of its width and height: lines of a class index and centre x, centre y, width, height;
 * or of a class index and the corners of a polygon. A line that stands twice counts once, as in Ultralytics.
 * Source: https://docs.ultralytics.com/datasets/detect/
 * @param labels class names by index
 */
export function readYoloLabels(text: string, file: string, labels: readonly string[]): Checked<readonly DeclaredBox[]> {
  return readBounded(text, { file }, () => {
    const boxes = new Map<string, DeclaredBox>();
    const problems: Problem[] = [];
    for (const [index, line] of text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .entries()) {
      const words = line.trim();
      if (words === '') continue;
      const box = readLine(words.split(/\s+/), labels);
      if ('fault' in box) problems.push({ file, line: index + 1, message: box.fault, remedy: box.remedy });
      else boxes.set(words, box);
      if (problems.length > MOST_PROBLEMS) break;
    }
    return { value: [...boxes.values()], problems };
  });
}

function readLine(
  [first = '', ...rest]: readonly string[],
  labels: readonly string[],
): DeclaredBox | { fault: string; remedy: string } {
  const label = /^\d{1,6}(\.0*)?$/.test(first) ? labels[Number(first)] : undefined;
  if (label === undefined) {
    return { fault: `there is no class ${JSON.stringify(first)}`, remedy: `classes count from 0 to ${labels.length - 1}` };
  }
  const numbers = rest.map(Number);
  if (numbers.length < 4 || (numbers.length > 4 && (numbers.length < 6 || numbers.length % 2 === 1))) {
    const remedy = 'write a class index, then x y width height of the box, or the x y of each corner of a polygon';
    return { fault: `has ${numbers.length} numbers after the class`, remedy };
  }
  if (!numbers.every((number) => number >= 0 && number <= OVERSHOOT)) {
    return { fault: 'has a number outside 0 to 1', remedy: 'write shares of the picture’s width and height' };
  }
  if (numbers.length > 4) return plainBox(label, boundsOf(numbers));
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  return plainBox(label, { x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2 });
}
