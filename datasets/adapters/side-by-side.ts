import type { Thumbnail } from '../thumbnailer.ts';

/** As wide as pages show pictures, twice over: what stands side by side is looked at closely. */
const [WIDTH, HEIGHT] = [640, 360];
const GAP = 4;
const GROUND = { r: 128, g: 128, b: 128 };

/** One picture: the first on the left half, the others in rows on the right half. None is cut or stretched. */
export async function sideBySide(first: Thumbnail, others: readonly Thumbnail[], quality: number): Promise<Thumbnail> {
  const { default: sharp } = await import('sharp');
  const half = { left: 0, top: 0, width: WIDTH / 2, height: HEIGHT };
  const rows = Math.ceil(Math.sqrt(others.length));
  const cell = { width: half.width / rows, height: HEIGHT / Math.ceil(others.length / rows) };
  const placed = others.map((picture, index) => ({
    picture,
    left: half.width + (index % rows) * cell.width,
    top: Math.floor(index / rows) * cell.height,
    ...cell,
  }));
  const layers = [{ picture: first, ...half }, ...placed].map(async ({ picture, left, top, width, height }) => ({
    input: await sharp(picture.jpeg)
      .resize({
        width: Math.max(1, Math.floor(width) - GAP),
        height: Math.max(1, Math.floor(height) - GAP),
        fit: 'contain',
        background: GROUND,
      })
      .png()
      .toBuffer(),
    left: Math.floor(left) + GAP / 2,
    top: Math.floor(top) + GAP / 2,
  }));
  const canvas = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: GROUND } });
  const jpeg = await canvas
    .composite(await Promise.all(layers))
    .jpeg({ quality })
    .toBuffer();
  return { jpeg, width: WIDTH, height: HEIGHT, scale: 1 };
}
