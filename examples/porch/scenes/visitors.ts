import sharp from 'sharp';
import { type Conditions, createCamera } from './camera.ts';
import { drawBackground, drawForeground } from './background.ts';
import { HEIGHT, WIDTH, createCanvas } from './canvas.ts';
import { createPerson } from './person.ts';
import { createRandom, hashSeed } from './random.ts';
import { drawStandings, placeStanding } from './scene.ts';
import { randomSite } from './site.ts';
import { outlineOf } from './yard.ts';

/** Pixels of a visitor's picture. */
export const VISITOR = { width: 32, height: 64 } as const;

/**
 * A visitor as a camera cuts them out: the same person for one identity, at another porch, in another pose and light for each take.
 * By day and at dusk: infrared has no colours to know anybody by.
 * @returns RGB, height x width x 3
 */
export async function renderVisitor(purpose: string, seed: number, identity: number, take: number): Promise<Uint8Array> {
  const person = createPerson(createRandom(hashSeed(purpose, 'person', seed, identity)));
  const draw = hashSeed(purpose, 'take', seed, identity, take);
  const random = createRandom(draw);
  const site = randomSite(draw);
  const conditions: Conditions = { light: random.chance(0.6) ? 'day' : 'dusk', weather: random.chance(0.2) ? 'rain' : 'clear' };
  const standing = placeNear(() => placeStanding(site, person, 'person', random, conditions.light !== 'day'));
  const canvas = createCanvas();
  drawBackground(canvas, site);
  drawStandings(canvas, [standing]);
  drawForeground(canvas, site, 0, random.range(0, 9));
  const frame = createCamera(site, conditions, random).develop(canvas, random);
  const [x, y, width, height] = outlineOf(standing);
  // A detector's box is never the same twice.
  const [wide, tall] = [Math.max(width, height / 2) * random.range(1, 1.25), height * random.range(1, 1.15)];
  const left = clamp(x + width / 2 - wide / 2 + random.range(-2, 2), 0, WIDTH - wide);
  const top = clamp(y - (tall - height) / 2 + random.range(-2, 2), 0, HEIGHT - tall);
  const cut = { left: Math.round(left), top: Math.round(top), width: Math.round(wide), height: Math.round(tall) };
  cut.width = Math.min(cut.width, WIDTH - cut.left);
  cut.height = Math.min(cut.height, HEIGHT - cut.top);
  return await sharp(frame, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .extract(cut)
    .resize({ ...VISITOR, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}

/** Near enough to be seen, and wholly in the picture. */
function placeNear(place: () => ReturnType<typeof placeStanding>): ReturnType<typeof placeStanding> {
  for (;;) {
    const standing = place();
    const [x, y, width, height] = outlineOf(standing);
    if (height > 34 && x > 0 && y > 0 && x + width < WIDTH && y + height <= HEIGHT) return standing;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
