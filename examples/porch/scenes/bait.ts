import { type Canvas, type Colour, ellipse, polygon, rectangle, scaleColour, stroke } from './canvas.ts';
import type { Random } from './random.ts';
import { type Actor, type Pose, drawShadow, vary } from './actors.ts';

/** Things that look like one of the classes but are none: shape alone would be fooled, colour is not. All are bluish. */
export const BAITS = ['crate', 'can', 'statue', 'tarpaulin', 'goose'] as const;
/** Without colour nobody could tell a stone goose from a cat: by dusk and at night only these stand about. */
export const DARK_BAITS = ['crate', 'can', 'tarpaulin'] as const;
export type Bait = (typeof BAITS)[number];

const BLUES: readonly Colour[] = [
  [60, 110, 176],
  [72, 132, 186],
  [56, 90, 150],
  [66, 140, 168],
  [92, 134, 190],
];

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly draw: (canvas: Canvas, pose: Pose, colour: Colour, width: number, height: number) => void;
}

const SHAPES: Readonly<Record<Bait, Shape>> = {
  crate: { width: 0.52, height: 0.4, draw: drawCrate },
  can: { width: 0.6, height: 0.4, draw: drawCan },
  statue: { width: 0.5, height: 1.6, draw: drawStatue },
  tarpaulin: { width: 4, height: 1.4, draw: drawTarpaulin },
  goose: { width: 0.9, height: 0.6, draw: drawGoose },
};

export function createBait(kind: Bait, random: Random): Actor {
  const shape = SHAPES[kind];
  const size = random.range(0.85, 1.2);
  const width = shape.width * size;
  const height = shape.height * size * random.range(0.9, 1.1);
  const colour = vary(random, random.pick(BLUES), 14);
  return {
    label: 'nothing',
    width,
    height,
    speed: 0,
    draw: (canvas, pose) => {
      drawShadow(canvas, pose, width);
      shape.draw(canvas, pose, colour, width * pose.metre, height * pose.metre);
    },
  };
}

function drawCrate(canvas: Canvas, { x, y }: Pose, colour: Colour, width: number, height: number): void {
  const half = width / 2;
  polygon(
    canvas,
    [
      [x - half, y - height],
      [x + half * 0.3, y - height],
      [x + half * 0.3, y],
      [x - half * 0.9, y],
    ],
    { colour, shade: 0.15 },
  );
  polygon(
    canvas,
    [
      [x + half * 0.3, y - height],
      [x + half, y - height * 1.05],
      [x + half * 0.92, y - height * 0.1],
      [x + half * 0.3, y],
    ],
    { colour: scaleColour(colour, 0.74) },
  );
  polygon(
    canvas,
    [
      [x - half, y - height],
      [x - half * 0.4, y - height * 1.25],
      [x + half, y - height * 1.05],
      [x + half * 0.3, y - height],
    ],
    { colour: scaleColour(colour, 1.15) },
  );
  stroke(canvas, [x - half, y - height * 0.85], [x + half * 0.3, y - height * 0.85], Math.max(0.4, height * 0.05), {
    colour: scaleColour(colour, 1.3),
  });
}

function drawCan(canvas: Canvas, { x, y, heading }: Pose, colour: Colour, width: number, height: number): void {
  const side = width * heading;
  rectangle(canvas, x - width * 0.3, y - height * 0.75, x + width * 0.2, y, { colour, shade: 0.3 });
  stroke(canvas, [x + side * 0.15, y - height * 0.3], [x + side * 0.5, y - height], width * 0.05, { colour });
  stroke(canvas, [x - side * 0.25, y - height * 0.75], [x - side * 0.5, y - height * 0.4], width * 0.04, { colour });
}

function drawStatue(canvas: Canvas, { x, y }: Pose, colour: Colour, width: number, height: number): void {
  rectangle(canvas, x - width * 0.4, y - height * 0.14, x + width * 0.4, y, { colour: scaleColour(colour, 0.8) });
  polygon(
    canvas,
    [
      [x - width * 0.26, y - height * 0.8],
      [x + width * 0.26, y - height * 0.8],
      [x + width * 0.3, y - height * 0.14],
      [x - width * 0.3, y - height * 0.14],
    ],
    { colour, shade: 0.3 },
  );
  for (const side of [-1, 1])
    stroke(canvas, [x + side * width * 0.28, y - height * 0.76], [x + side * width * 0.3, y - height * 0.5], width * 0.08, {
      colour: scaleColour(colour, 0.9),
    });
  ellipse(canvas, [x, y - height * 0.91], [height * 0.065, height * 0.08], { colour: scaleColour(colour, 1.1) });
}

function drawTarpaulin(canvas: Canvas, { x, y }: Pose, colour: Colour, width: number, height: number): void {
  polygon(
    canvas,
    [
      [x - width * 0.34, y - height],
      [x + width * 0.28, y - height * 0.94],
      [x + width * 0.5, y - height * 0.4],
      [x + width * 0.5, y],
      [x - width * 0.5, y],
      [x - width * 0.48, y - height * 0.5],
    ],
    { colour, shade: 0.5 },
  );
  for (const share of [-0.25, 0, 0.24])
    stroke(canvas, [x + width * share, y - height * 0.92], [x + width * share * 1.3, y], 0.5, {
      colour: scaleColour(colour, 0.75),
    });
}

function drawGoose(canvas: Canvas, { x, y, heading }: Pose, colour: Colour, width: number, height: number): void {
  const side = width * heading;
  for (const leg of [-0.08, 0.08])
    stroke(canvas, [x + width * leg, y - height * 0.4], [x + width * leg, y], width * 0.03, { colour: scaleColour(colour, 0.6) });
  ellipse(canvas, [x - side * 0.05, y - height * 0.5], [width * 0.36, height * 0.26], { colour, shade: 0.4 });
  stroke(canvas, [x + side * 0.25, y - height * 0.55], [x + side * 0.36, y - height * 0.95], width * 0.07, { colour });
  ellipse(canvas, [x + side * 0.4, y - height * 0.97], [width * 0.11, height * 0.09], { colour: scaleColour(colour, 1.1) });
}
