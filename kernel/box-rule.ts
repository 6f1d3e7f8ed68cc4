import type { DetectedBox } from './detections.ts';

/** At least three corners, as shares of a frame's width and height, (0, 0) at the upper left. */
export type ZoneOutline = readonly (readonly [x: number, y: number])[];

/** Which boxes of a frame are looked at: of at least that share of it, and standing in one of the zones; null: anywhere. */
export type BoxRule = { minimumArea: number; zones: readonly ZoneOutline[] | null };

type Size = { width: number; height: number };

/** Whoever asks a model, at a check, on new footage or at a site, looks at the same boxes by this. In pixels of the frame. */
export function countingBoxes(boxes: readonly DetectedBox[], rule: BoxRule, size: Size): DetectedBox[] {
  return boxes.filter((box) => isLargeEnough(box, rule, size) && standsInZone(box, rule, size));
}

/** As a share of the frame; what sticks out of it is no part of the box. */
function isLargeEnough(box: DetectedBox, { minimumArea }: BoxRule, { width, height }: Size): boolean {
  const across = within(box.x2, width) - within(box.x1, width);
  const down = within(box.y2, height) - within(box.y1, height);
  return across * down >= minimumArea * width * height;
}

/** A box stands where the middle of its lower edge is, which is where a thing touches the ground. */
function standsInZone({ x1, x2, y2 }: DetectedBox, { zones }: BoxRule, { width, height }: Size): boolean {
  const point = [within((x1 + x2) / 2, width) / width, within(y2, height) / height] as const;
  return zones === null || zones.some((outline) => liesIn(point, outline));
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/**
 * Whether a point lies in a polygon or on its edge: a ray from it crosses the outline an odd number of times (Shimrat 1962,
 * "Algorithm 112: Position of point relative to polygon").
 */
function liesIn([x, y]: readonly [number, number], outline: ZoneOutline): boolean {
  let inside = false;
  for (const [at, [x2, y2]] of outline.entries()) {
    const [x1, y1] = outline.at(at - 1) ?? [x2, y2];
    const turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
    const isBeside = x >= Math.min(x1, x2) && x <= Math.max(x1, x2) && y >= Math.min(y1, y2) && y <= Math.max(y1, y2);
    if (turn === 0 && isBeside) return true;
    if (y1 > y !== y2 > y && turn > 0 === y2 > y1) inside = !inside;
  }
  return inside;
}
