import type { Place } from '#kernel';

/**
 * One box of truth. Corners are in pixels of the upright picture, or shares of its width and height where `DeclaredPicture.unit`
 * says so; they may lie outside it, as in the file.
 */
export type DeclaredBox = {
  /** The class as the file calls it. */
  label: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  /** Pixels of the object, where the file says more than the box does (COCO's `area`); null: width times height. */
  area: number | null;
  /** Stands for many of its class: answers inside it are neither right nor wrong, and it is never missed. */
  crowd: boolean;
  /** Is not asked for: answering it is neither right nor wrong, and it is never missed. */
  ignore: boolean;
  /** What is one object over the pictures of a sequence; null where the file follows none. */
  track: string | null;
};

export type DeclaredPicture = {
  /** Its path, below the folder that the format's paths are relative to. */
  file: string;
  unit: 'pixels' | 'shares';
  /** Pixels, where the file says them. */
  size: { width: number; height: number } | null;
  boxes: readonly DeclaredBox[];
  at: Place;
};

/** What a file of boxes says, before any picture has been looked at. `labels`: its classes, in its own order. */
export type DeclaredBoxes = { labels: readonly string[]; pictures: readonly DeclaredPicture[] };

type Corners = { x1: number; y1: number; x2: number; y2: number };

/** A box of which the file says nothing but its class and corners. */
export function plainBox(label: string, corners: Corners, more: Partial<DeclaredBox> = {}): DeclaredBox {
  return { label, ...corners, area: null, crowd: false, ignore: false, track: null, ...more };
}

/** The smallest box around points that are written x, y, x, y, ... */
export function boundsOf(points: readonly number[]): Corners {
  const corners = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
  for (let index = 0; index + 1 < points.length; index += 2) {
    const [x = 0, y = 0] = [points[index], points[index + 1]];
    corners.x1 = Math.min(corners.x1, x);
    corners.y1 = Math.min(corners.y1, y);
    corners.x2 = Math.max(corners.x2, x);
    corners.y2 = Math.max(corners.y2, y);
  }
  return corners;
}

/** What is wrong with the corners of a box; undefined when nothing is. A box of no width is one all the same: COCO has some. */
export function cornersFault({ x1, y1, x2, y2 }: Corners): string | undefined {
  if (![x1, y1, x2, y2].every(Number.isFinite)) return 'has corners that are no numbers';
  if (x2 < x1 || y2 < y1) return 'ends before it begins: its second corner lies left of or above the first';
  return undefined;
}

/**
 * The boxes of a picture in its pixels.
 * @param size of the upright picture; needed where its unit is shares
 */
export function boxesInPixels(picture: DeclaredPicture, size: { width: number; height: number }): readonly DeclaredBox[] {
  if (picture.unit === 'pixels') return picture.boxes;
  return picture.boxes.map((box) => ({
    ...box,
    x1: box.x1 * size.width,
    y1: box.y1 * size.height,
    x2: box.x2 * size.width,
    y2: box.y2 * size.height,
  }));
}
