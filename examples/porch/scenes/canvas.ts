/** A float RGB picture and the four shapes that everything in the scene is made of. */
export type Colour = readonly [red: number, green: number, blue: number];
export type Point = readonly [x: number, y: number];

export const WIDTH = 160;
export const HEIGHT = 120;

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}

export function createCanvas(width = WIDTH, height = HEIGHT): Canvas {
  return { width, height, pixels: new Float32Array(width * height * 3) };
}

export function scaleColour(colour: Colour, factor: number): Colour {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}

export function mixColours(first: Colour, second: Colour, share: number): Colour {
  const keep = 1 - share;
  return [first[0] * keep + second[0] * share, first[1] * keep + second[1] * share, first[2] * keep + second[2] * share];
}

export interface Paint {
  readonly colour: Colour;
  readonly alpha?: number;
  /** Brightness difference from top to bottom of the shape: roundness for little money. */
  readonly shade?: number;
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Fills where `inside(x, y)` (a signed distance in pixels, positive inside) says so, with soft edges. */
function fill(canvas: Canvas, box: Box, paint: Paint, inside: (x: number, y: number) => number): void {
  const { width, height, pixels } = canvas;
  const [red, green, blue] = paint.colour;
  const alpha = paint.alpha ?? 1;
  const shade = paint.shade ?? 0;
  const left = Math.max(0, Math.floor(box[0] - 1));
  const right = Math.min(width - 1, Math.ceil(box[2] + 1));
  const top = Math.max(0, Math.floor(box[1] - 1));
  const bottom = Math.min(height - 1, Math.ceil(box[3] + 1));
  const slope = shade / Math.max(1, box[3] - box[1]);
  for (let y = top; y <= bottom; y++) {
    const light = 1 + shade / 2 - slope * (y - box[1]);
    for (let x = left; x <= right; x++) {
      const depth = inside(x + 0.5, y + 0.5) + 0.5;
      if (depth <= 0) continue;
      const share = depth >= 1 ? alpha : alpha * depth;
      const at = (y * width + x) * 3;
      pixels[at] = (pixels[at] ?? 0) * (1 - share) + red * light * share;
      pixels[at + 1] = (pixels[at + 1] ?? 0) * (1 - share) + green * light * share;
      pixels[at + 2] = (pixels[at + 2] ?? 0) * (1 - share) + blue * light * share;
    }
  }
}

export function ellipse(canvas: Canvas, centre: Point, radii: Point, paint: Paint): void {
  const [x0, y0] = centre;
  const rx = Math.max(0.3, radii[0]);
  const ry = Math.max(0.3, radii[1]);
  const small = Math.min(rx, ry);
  fill(canvas, [x0 - rx, y0 - ry, x0 + rx, y0 + ry], paint, (x, y) => {
    const dx = (x - x0) / rx;
    const dy = (y - y0) / ry;
    return (1 - Math.sqrt(dx * dx + dy * dy)) * small;
  });
}

/** A line with round ends: limbs, tails, tape, rain. */
export function stroke(canvas: Canvas, from: Point, to: Point, radius: number, paint: Paint): void {
  const [x0, y0] = from;
  const dx = to[0] - x0;
  const dy = to[1] - y0;
  const lengthSquared = Math.max(1e-6, dx * dx + dy * dy);
  const box: Box = [
    Math.min(x0, to[0]) - radius,
    Math.min(y0, to[1]) - radius,
    Math.max(x0, to[0]) + radius,
    Math.max(y0, to[1]) + radius,
  ];
  fill(canvas, box, paint, (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / lengthSquared));
    const ex = x - x0 - dx * along;
    const ey = y - y0 - dy * along;
    return radius - Math.sqrt(ex * ex + ey * ey);
  });
}

/** A convex polygon, its corners in clockwise order on the screen. */
export function polygon(canvas: Canvas, corners: readonly Point[], paint: Paint): void {
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  const edges = corners.map((corner, index) => {
    const next = corners[(index + 1) % corners.length] ?? corner;
    const dx = next[0] - corner[0];
    const dy = next[1] - corner[1];
    const length = Math.max(1e-6, Math.sqrt(dx * dx + dy * dy));
    return [-dy / length, dx / length, (dy * corner[0] - dx * corner[1]) / length] as const;
  });
  const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  fill(canvas, box, paint, (x, y) => {
    let depth = Infinity;
    for (const [a, b, c] of edges) depth = Math.min(depth, a * x + b * y + c);
    return depth;
  });
}

export function rectangle(canvas: Canvas, left: number, top: number, right: number, bottom: number, paint: Paint): void {
  polygon(
    canvas,
    [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ],
    paint,
  );
}
