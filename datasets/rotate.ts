export type Pixels = { width: number; height: number; pixels: Uint8Array };
export type QuarterTurns = 0 | 1 | 2 | 3;

/** Turns RGB pixels (height x width x 3) clockwise, as players do with what a phone recorded upright. */
export function rotate(source: Pixels, turns: QuarterTurns): Pixels {
  if (turns === 0) return source;
  const { width, height, pixels } = source;
  const upright = turns === 2;
  const target = { width: upright ? width : height, height: upright ? height : width, pixels: new Uint8Array(pixels.length) };
  // Where the source's first pixel lands, and how far the next one in its row and in its column lies from it.
  const [first, right, down] = {
    1: [height - 1, height, -1],
    2: [width * height - 1, -1, -width],
    3: [(width - 1) * height, -height, 1],
  }[turns] as [number, number, number];
  let from = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, from += 3) {
      const to = (first + y * down + x * right) * 3;
      target.pixels[to] = pixels[from] ?? 0;
      target.pixels[to + 1] = pixels[from + 1] ?? 0;
      target.pixels[to + 2] = pixels[from + 2] ?? 0;
    }
  }
  return target;
}
