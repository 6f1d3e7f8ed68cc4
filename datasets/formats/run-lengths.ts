/**
 * The box around a mask that is written as run lengths, as pycocotools' `rleToBbox` gives it: pixels are counted down the columns,
 * and runs without and with the object take turns.
 * @param counts a list, or the text that pycocotools packs it into
 * @param size height and width of the mask, in pixels
 * @returns corners, the second one exclusive, and how many pixels the object has; undefined for an empty or impossible mask
 */
export function boxOfRunLengths(
  counts: readonly number[] | string,
  [height, width]: readonly [number, number],
): { x1: number; y1: number; x2: number; y2: number; area: number } | undefined {
  const runs = typeof counts === 'string' ? unpackCounts(counts) : counts;
  const box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity, area: 0 };
  let at = 0;
  for (const [index, run] of runs.entries()) {
    if (!Number.isInteger(run) || run < 0 || at + run > height * width) return undefined;
    if (index % 2 === 1 && run > 0) {
      const [first, last] = [at, at + run - 1];
      const oneColumn = Math.floor(first / height) === Math.floor(last / height);
      box.x1 = Math.min(box.x1, Math.floor(first / height));
      box.x2 = Math.max(box.x2, Math.floor(last / height) + 1);
      box.y1 = Math.min(box.y1, oneColumn ? first % height : 0);
      box.y2 = Math.max(box.y2, oneColumn ? (last % height) + 1 : height);
      box.area += run;
    }
    at += run;
  }
  return box.area === 0 ? undefined : box;
}

/** pycocotools' `rleFrString`: five bits a character, the sixth says that more follow; from the third on, differences to the one before last. */
function unpackCounts(text: string): readonly number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; at += 1) {
      const bits = text.charCodeAt(at) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 30) return [-1];
      value += (bits & 0x1f) * 2 ** shift;
      more = (bits & 0x20) !== 0;
      shift += 5;
      if (!more && (bits & 0x10) !== 0) value -= 2 ** shift;
    }
    counts.push(counts.length > 2 ? value + (counts.at(-2) ?? 0) : value);
  }
  return counts;
}
