import { type Canvas, type Colour, HEIGHT, WIDTH, ellipse, stroke } from './canvas.ts';
import { type Random, createRandom } from './random.ts';
import type { Site } from './site.ts';

export const LIGHTS = ['day', 'dusk', 'night'] as const;
export const WEATHERS = ['clear', 'rain'] as const;
export interface Conditions {
  readonly light: (typeof LIGHTS)[number];
  readonly weather: (typeof WEATHERS)[number];
}

/** What a camera makes of a scene under its conditions. One per clip: lens and lamp do not change between frames. */
export interface Camera {
  readonly conditions: Conditions;
  /** Moments that a frame's exposure is averaged over: motion blur. */
  readonly exposures: 1 | 2;
  /** Shutter time in seconds. */
  readonly shutter: number;
  develop(canvas: Canvas, random: Random): Uint8Array;
}

const NOISE_SIZE = 1 << 16;
const NOISE = noiseTable(NOISE_SIZE);
/** The brightness of what rain puts between camera and scene. */
const FOG = 150;

/** Roughly Gaussian, standard deviation 1: the sum of four uniforms. */
function noiseTable(size: number): Float32Array {
  const random = createRandom(20240131);
  const table = new Float32Array(size);
  for (let index = 0; index < size; index++) {
    table[index] = (random.next() + random.next() + random.next() + random.next() - 2) * 1.732;
  }
  return table;
}

interface Sensor {
  readonly tint: Colour;
  readonly noise: number;
  /** Infrared: one channel, the same noise in all three. */
  readonly grey: boolean;
  readonly gain: Float32Array;
  readonly veil: number;
}

export function createCamera(site: Site, conditions: Conditions, random: Random): Camera {
  const { light, weather } = conditions;
  const rain = weather === 'rain';
  const sensor = createSensor(site, conditions, random);
  const drops = rain ? placeDrops(random) : [];
  const streaks = rain ? random.int(18, 42) : 0;
  const slant = random.range(-3, 3);
  return {
    conditions,
    exposures: light === 'day' ? 1 : 2,
    shutter: light === 'dusk' ? 0.05 : 0.08,
    develop: (canvas, frame) => {
      if (rain) drawRain(canvas, frame, { drops, streaks, slant, brightness: light === 'day' ? 205 : 150 });
      return expose(canvas, sensor, frame);
    },
  };
}

function createSensor(site: Site, { light, weather }: Conditions, random: Random): Sensor {
  const level = light === 'day' ? random.range(0.9, 1.08) : light === 'dusk' ? random.range(0.36, 0.5) : random.range(0.8, 1.05);
  const tint: Colour = light === 'dusk' ? [0.94, 0.95, 1.12] : [1, 1, 1];
  const balance: Colour = light === 'night' ? [1, 1, 1] : site.balance;
  const veil = weather === 'rain' ? random.range(0.08, 0.2) : 0;
  return {
    tint: [tint[0] * balance[0], tint[1] * balance[1], tint[2] * balance[2]],
    noise: light === 'day' ? random.range(1.5, 3) : light === 'dusk' ? random.range(5, 8) : random.range(6, 10),
    grey: light === 'night',
    gain: gainMap(site, level, light === 'night'),
    veil: light === 'night' ? veil * 0.6 : veil,
  };
}

/** Lens vignetting, and at night the cone of the infrared lamp, which does not reach the houses. */
function gainMap(site: Site, level: number, lamp: boolean): Float32Array {
  const gain = new Float32Array(WIDTH * HEIGHT);
  const strength = lamp ? site.vignette + 0.35 : site.vignette;
  for (let y = 0; y < HEIGHT; y++) {
    const reach = lamp ? Math.min(1, 0.5 + (0.5 * Math.max(0, y - site.horizon + 8)) / (site.porchTop - site.horizon)) : 1;
    for (let x = 0; x < WIDTH; x++) {
      const dx = (x - WIDTH / 2) / (WIDTH / 2);
      const dy = (y - HEIGHT * 0.55) / (HEIGHT / 2);
      gain[y * WIDTH + x] = level * reach * (1 - strength * 0.5 * (dx * dx + dy * dy));
    }
  }
  return gain;
}

type Drop = readonly [x: number, y: number, size: number];

function placeDrops(random: Random): readonly Drop[] {
  return Array.from(
    { length: random.int(2, 7) },
    () => [random.range(0, WIDTH), random.range(0, HEIGHT), random.range(2, 6)] as const,
  );
}

interface Rain {
  readonly drops: readonly Drop[];
  readonly streaks: number;
  readonly slant: number;
  readonly brightness: number;
}

function drawRain(canvas: Canvas, random: Random, rain: Rain): void {
  const bright = rain.brightness;
  const colour: Colour = [bright, bright, bright + 8];
  for (let streak = 0; streak < rain.streaks; streak++) {
    const x = random.range(-5, WIDTH + 5);
    const y = random.range(-10, HEIGHT);
    const length = random.range(5, 14);
    stroke(canvas, [x, y], [x + (rain.slant * length) / 10, y + length], 0.4, { colour, alpha: 0.45 });
  }
  for (const [x, y, size] of rain.drops) {
    ellipse(canvas, [x, y], [size, size * 1.15], {
      colour: [bright * 0.8, bright * 0.82, bright * 0.85],
      alpha: 0.5,
      shade: -0.5,
    });
  }
}

function expose(canvas: Canvas, sensor: Sensor, random: Random): Uint8Array {
  return sensor.grey ? exposeInfrared(canvas, sensor, random) : exposeColour(canvas, sensor, random);
}

function exposeInfrared({ pixels }: Canvas, { gain, noise, veil }: Sensor, random: Random): Uint8Array {
  const output = new Uint8Array(pixels.length);
  const keep = 1 - veil;
  const fog = FOG * veil;
  let cursor = 0;
  for (let pixel = 0, at = 0; pixel < gain.length; pixel++, at += 3) {
    if (pixel % WIDTH === 0) cursor = random.int(0, NOISE_SIZE - 1);
    cursor = (cursor + 1) & (NOISE_SIZE - 1);
    const infrared = 0.6 * (pixels[at] ?? 0) + 0.3 * (pixels[at + 1] ?? 0) + 0.1 * (pixels[at + 2] ?? 0);
    const value = toByte((infrared * keep + fog) * (gain[pixel] ?? 0) + (NOISE[cursor] ?? 0) * noise);
    output[at] = value;
    output[at + 1] = value;
    output[at + 2] = value;
  }
  return output;
}

function exposeColour({ pixels }: Canvas, { gain, noise, veil, tint }: Sensor, random: Random): Uint8Array {
  const output = new Uint8Array(pixels.length);
  const keep = 1 - veil;
  const fog = FOG * veil;
  let cursor = 0;
  for (let at = 0; at < pixels.length; at++) {
    if (at % (WIDTH * 3) === 0) cursor = random.int(0, NOISE_SIZE - 1);
    cursor = (cursor + 1) & (NOISE_SIZE - 1);
    const light = (gain[(at / 3) | 0] ?? 0) * (tint[at % 3] ?? 0);
    output[at] = toByte(((pixels[at] ?? 0) * keep + fog) * light + (NOISE[cursor] ?? 0) * noise);
  }
  return output;
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5);
}
