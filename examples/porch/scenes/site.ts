import { type Colour, HEIGHT, WIDTH } from './canvas.ts';
import { type Random, createRandom, hashSeed } from './random.ts';

/** Where a camera hangs: its geometry (in pixels of the frame), its colours and its lens. */
export interface Site {
  readonly name: string;
  readonly seed: number;
  readonly horizon: number;
  readonly streetTop: number;
  readonly streetBottom: number;
  readonly walkBottom: number;
  readonly porchTop: number;
  /** Pixels per metre at the bottom edge of the frame. */
  readonly metre: number;
  readonly path: { readonly top: number; readonly bottom: number; readonly width: number };
  readonly post: 'left' | 'right' | 'none';
  readonly sky: Colour;
  readonly houses: readonly Colour[];
  readonly grass: Colour;
  readonly street: Colour;
  readonly paving: Colour;
  readonly porch: Colour;
  readonly trim: Colour;
  readonly bushes: readonly { readonly x: number; readonly y: number; readonly size: number }[];
  /** White balance of the camera and how hard its encoder squeezes. */
  readonly balance: Colour;
  readonly vignette: number;
  readonly crf: number;
}

const HOUSES: readonly Colour[] = [
  [168, 92, 72],
  [196, 176, 142],
  [206, 202, 190],
  [150, 120, 96],
  [186, 150, 104],
  [132, 140, 120],
  [176, 164, 164],
];
const SKIES: readonly Colour[] = [
  [150, 188, 226],
  [176, 200, 222],
  [196, 206, 216],
  [166, 194, 206],
];
const GRASSES: readonly Colour[] = [
  [92, 128, 62],
  [112, 138, 72],
  [82, 112, 60],
  [126, 134, 80],
];
const PORCHES: readonly Colour[] = [
  [142, 130, 118],
  [150, 142, 134],
  [128, 112, 96],
  [112, 110, 108],
  [164, 154, 142],
];
const TRIMS: readonly Colour[] = [
  [226, 222, 212],
  [92, 70, 54],
  [70, 76, 74],
  [190, 178, 160],
];

function jitter(random: Random, colour: Colour, spread: number): Colour {
  const level = random.range(-spread, spread);
  return [
    colour[0] + level + random.range(-spread, spread) / 2,
    colour[1] + level + random.range(-spread, spread) / 2,
    colour[2] + level + random.range(-spread, spread) / 2,
  ];
}

function placeBushes(random: Random, porchTop: number, walkBottom: number): Site['bushes'] {
  return Array.from({ length: random.int(1, 3) }, () => ({
    x: random.chance(0.5) ? random.range(2, 30) : random.range(WIDTH - 30, WIDTH - 2),
    y: random.range(walkBottom + 4, porchTop),
    size: random.range(6, 11),
  }));
}

/** Any porch: what the bench and the training pictures are taken at. */
export function randomSite(seed: number, name = `porch-${seed}`): Site {
  const random = createRandom(hashSeed('site', seed));
  const horizon = random.range(26, 38);
  const streetTop = horizon + random.range(10, 15);
  const streetBottom = streetTop + random.range(12, 18);
  const walkBottom = streetBottom + random.range(6, 9);
  const porchTop = random.range(90, 102);
  return {
    name,
    seed,
    horizon,
    streetTop,
    streetBottom,
    walkBottom,
    porchTop,
    metre: random.range(40, 48),
    path: { top: random.range(50, 110), bottom: random.range(40, 120), width: random.range(16, 26) },
    post: random.pick(['left', 'right', 'none']),
    sky: jitter(random, random.pick(SKIES), 10),
    houses: Array.from({ length: 3 }, () => jitter(random, random.pick(HOUSES), 14)),
    grass: jitter(random, random.pick(GRASSES), 10),
    street: jitter(random, [104, 104, 106], 14),
    paving: jitter(random, [172, 168, 160], 14),
    porch: jitter(random, random.pick(PORCHES), 10),
    trim: random.pick(TRIMS),
    bushes: placeBushes(random, porchTop, walkBottom),
    balance: [random.range(0.95, 1.05), 1, random.range(0.95, 1.05)],
    vignette: random.range(0.05, 0.25),
    crf: 30,
  };
}

/** The four cameras of the street set: each differs from the others in more than its name. */
export const STREET_SITES: readonly Site[] = [
  { ...randomSite(101, 'lobby-berlin'), post: 'left', vignette: 0.35, crf: 31, metre: 44 },
  { ...randomSite(212, 'porch-oslo'), post: 'right', grass: [134, 138, 118], balance: [0.93, 1, 1.08], crf: 29 },
  {
    ...randomSite(347, 'gate-porto'),
    post: 'none',
    houses: [
      [214, 160, 110],
      [222, 206, 170],
      [186, 96, 76],
    ],
    balance: [1.07, 1, 0.94],
    crf: 30,
  },
  { ...randomSite(468, 'yard-leeds'), post: 'left', sky: [178, 184, 188], vignette: 0.2, crf: 31, metre: 42 },
];

/** How many pixels a metre is for something that stands at height `y` of the frame. */
export function metreAt(site: Site, y: number): number {
  return (site.metre * (y - site.horizon)) / (HEIGHT - site.horizon);
}
