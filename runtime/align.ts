import type { Size } from './geometry.ts';
import { areaOf } from './nms.ts';
import type { Box } from './outputs/boxes.ts';
import type { Picture } from './picture.ts';

/** Where eyes, nose and corners of the mouth lie in 112x112 (insightface `face_align.py`, arcface_dst). */
const ARCFACE = [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041];
const ARCFACE_SIDE = 112;

/** The largest box that counts; the better of two that are as large. Null where there is none. */
export function largest(boxes: readonly Box[], threshold: number): Box | null {
  const found = boxes.filter(({ score }) => score >= threshold);
  return found.reduce<Box | null>((best, box) => (best !== null && areaOf(best) >= areaOf(box) ? best : box), null);
}

/**
 * The face at this size with its five points moved to where ArcFace has them, by the similarity transform of least squares
 * (Umeyama 1991; in the plane a quotient of complex numbers), bilinear, black outside the picture: as insightface's `norm_crop`.
 * @param landmarks x, y of five points in pixels of the picture
 * @returns null when they are no five different places
 */
export function alignFace(picture: Picture, landmarks: readonly number[], { width, height }: Size): Uint8Array | null {
  const target = ARCFACE.map((value) => (value * width) / ARCFACE_SIDE);
  const way = similarity(target, landmarks);
  if (way === null) return null;
  const face = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      sample(picture, way.a * x - way.b * y + way.right, way.b * x + way.a * y + way.down, face, (y * width + x) * 3);
    }
  }
  return face;
}

/** The pixels of a box, cut at the edges of the picture. Null where nothing is left. */
export function cropBox({ width, height, rgb }: Picture, box: Box): Picture | null {
  const [left, top] = [Math.max(0, Math.trunc(box.x1)), Math.max(0, Math.trunc(box.y1))];
  const size = { width: Math.min(width, Math.trunc(box.x2)) - left, height: Math.min(height, Math.trunc(box.y2)) - top };
  if (size.width < 1 || size.height < 1) return null;
  const pixels = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y += 1) {
    const from = ((top + y) * width + left) * 3;
    pixels.set(rgb.subarray(from, from + size.width * 3), y * size.width * 3);
  }
  return { ...size, rgb: pixels };
}

type Similarity = { a: number; b: number; right: number; down: number };

/** Turn, scale and shift that bring points onto others: (x, y) becomes (ax - by + right, bx + ay + down). */
function similarity(from: readonly number[], to: readonly number[]): Similarity | null {
  const [fx, fy, tx, ty] = [middle(from, 0), middle(from, 1), middle(to, 0), middle(to, 1)];
  let [along, across, spread, extent] = [0, 0, 0, 0];
  for (let at = 0; at + 1 < from.length; at += 2) {
    const [x, y] = [(from[at] ?? 0) - fx, (from[at + 1] ?? 0) - fy];
    const [u, v] = [(to[at] ?? Number.NaN) - tx, (to[at + 1] ?? Number.NaN) - ty];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
    extent += u * u + v * v;
  }
  if (!(spread > 0) || !(extent > 0)) return null;
  const [a, b] = [along / spread, across / spread];
  return { a, b, right: tx - a * fx + b * fy, down: ty - b * fx - a * fy };
}

function middle(points: readonly number[], axis: 0 | 1): number {
  const some = points.filter((_, at) => at % 2 === axis);
  return some.reduce((sum, value) => sum + value, 0) / some.length;
}

function sample({ width, height, rgb }: Picture, x: number, y: number, target: Uint8Array, at: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  for (let channel = 0; channel < 3; channel += 1) {
    const pixel = (px: number, py: number) =>
      px < 0 || py < 0 || px >= width || py >= height ? 0 : (rgb[(py * width + px) * 3 + channel] ?? 0);
    const above = pixel(left, top) * (1 - right) + pixel(left + 1, top) * right;
    const below = pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right;
    target[at + channel] = Math.round(above * (1 - down) + below * down);
  }
}
