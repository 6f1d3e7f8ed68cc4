import type { Problem } from '#kernel';
import type { BoxTruth, TrueBox } from './dataset.ts';
import { classesOf, type Classes } from './classes.ts';
import { boxesInPixels, type DeclaredBox, type DeclaredPicture } from './formats/declared-boxes.ts';

/** Which of the truth's classes are not asked about. */
export type LeftOut = 'others' | readonly string[];

/** The classes of a manifest that names none: those of the truth, in its order, without what is left out. */
export function classesOfTruth(labels: readonly string[], leftOut: LeftOut): Classes {
  return classesOf(labels.filter((label) => leftOut === 'others' || !leftOut.includes(label)));
}

/** @returns what is wrong with the labels that occur, one for each: unknown ones are never dropped in silence */
export function labelProblems(
  pictures: readonly DeclaredPicture[],
  classes: Classes,
  leftOut: LeftOut,
  say: (message: string, remedy: string) => Problem,
): readonly Problem[] {
  const counts = new Map<string, number>();
  for (const { boxes } of pictures) for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].flatMap(([label, count]) => {
    if (isLeftOut(label, classes, leftOut)) return [];
    const found = classes.find(label);
    if ('index' in found) return [];
    const remedy = `${found.remedy}; or write it as another name of a class; or list it under \`leave-out\``;
    return [
      say(`${found.fault}, which ${count} ${count === 1 ? 'box' : 'boxes'} of the truth ${count === 1 ? 'has' : 'have'}`, remedy),
    ];
  });
}

/** @param size of the upright picture; needed where its boxes are shares */
export function resolveBoxes(
  picture: DeclaredPicture,
  size: { width: number; height: number },
  classes: Classes,
  leftOut: LeftOut,
): BoxTruth['boxes'] {
  return boxesInPixels(picture, size).flatMap((box) => {
    const found = isLeftOut(box.label, classes, leftOut) ? { index: -1 } : classes.find(box.label);
    return 'index' in found && found.index >= 0 ? [trueBox(box, found.index)] : [];
  });
}

function isLeftOut(label: string, classes: Classes, leftOut: LeftOut): boolean {
  return leftOut === 'others' ? !('index' in classes.find(label)) : leftOut.includes(label);
}

function trueBox({ x1, y1, x2, y2, area, crowd, ignore, track }: DeclaredBox, index: number): TrueBox {
  const [width, height] = [x2 - x1, y2 - y1];
  const followed = track === null ? {} : { track };
  return { class: index, box: [x1, y1, width, height], area: area ?? width * height, crowd, ignore, ...followed };
}
