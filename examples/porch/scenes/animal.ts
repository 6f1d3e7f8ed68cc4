import { type Actor, type Pose, drawShadow, vary } from './actors.ts';
import { type Canvas, type Colour, type Point, ellipse, polygon, scaleColour, stroke } from './canvas.ts';
import { type Random, wave } from './random.ts';

type Kind = 'cat' | 'dog' | 'fox';
const FURS: Readonly<Record<Kind, readonly Colour[]>> = {
  cat: [
    [206, 132, 66],
    [70, 60, 54],
    [190, 178, 164],
    [146, 112, 82],
  ],
  dog: [
    [150, 98, 56],
    [206, 176, 130],
    [92, 66, 46],
    [222, 212, 196],
  ],
  fox: [
    [204, 102, 44],
    [186, 88, 40],
  ],
};

interface Look {
  readonly kind: Kind;
  readonly fur: Colour;
  readonly length: number;
  readonly height: number;
  readonly fat: number;
  readonly tail: number;
}

export function createAnimal(random: Random): Actor {
  const kind = random.pick<Kind>(['cat', 'dog', 'fox']);
  const length = kind === 'cat' ? random.range(0.62, 0.8) : kind === 'fox' ? random.range(0.85, 1.05) : random.range(0.85, 1.2);
  const look: Look = {
    kind,
    fur: vary(random, random.pick(FURS[kind]), 12),
    length,
    height: length * random.range(0.6, 0.75),
    fat: random.range(0.85, 1.2),
    tail: random.range(0.2, 0.75),
  };
  return {
    label: 'animal',
    width: length * 1.25,
    height: look.height * 1.15,
    speed: random.range(0.8, 1.7),
    draw: (canvas, pose) => drawAnimal(canvas, pose, look),
  };
}

type Place = (along: number, up: number) => Point;

function drawAnimal(canvas: Canvas, pose: Pose, look: Look): void {
  const unit = look.length * pose.metre;
  const at: Place = (along, up) => [pose.x + along * unit * pose.heading, pose.y - up * unit];
  drawShadow(canvas, pose, look.length);
  const tall = look.height / look.length;
  const thick = 0.055 * unit;
  const swing = 0.11 * wave(pose.walked / (look.length * 0.8));
  for (const [along, phase, light] of [
    [-0.28, 1, 0.7],
    [0.3, -1, 0.7],
    [-0.34, -1, 0.92],
    [0.25, 1, 0.92],
  ] as const) {
    const colour = scaleColour(look.fur, light);
    stroke(canvas, at(along, tall * 0.55), at(along + swing * phase, 0.03), thick, { colour });
  }
  const body = scaleColour(look.fur, 1);
  stroke(canvas, at(-0.28, tall * 0.66), at(0.26, tall * 0.68), 0.15 * look.fat * unit, { colour: body, shade: 0.5 });
  const bushy = look.kind === 'fox' ? 1.9 : 1;
  stroke(canvas, at(-0.4, tall * 0.72), at(-0.62, tall * (0.5 + look.tail)), thick * 0.75 * bushy, {
    colour: scaleColour(look.fur, 0.9),
  });
  drawHead(canvas, at, look, unit, tall, pose);
}

function drawHead(canvas: Canvas, at: Place, look: Look, unit: number, tall: number, pose: Pose): void {
  const radius = (look.kind === 'cat' ? 0.15 : 0.135) * unit;
  const centre = at(0.44, tall * 0.95);
  stroke(canvas, at(0.26, tall * 0.72), centre, radius * 0.75, { colour: look.fur });
  for (const side of [-0.07, 0.05]) {
    const ear = look.kind === 'dog' ? 0.9 : 1.22;
    const corners: Point[] = [
      at(0.44 + side - 0.045, tall * 1),
      at(0.44 + side, tall * ear + 0.06),
      at(0.44 + side + 0.045, tall * 1),
    ];
    polygon(canvas, pose.heading === 1 ? corners : corners.toReversed(), { colour: scaleColour(look.fur, 0.72) });
  }
  ellipse(canvas, centre, [radius, radius * 0.9], { colour: scaleColour(look.fur, 1.06), shade: 0.25 });
  if (look.kind !== 'cat')
    ellipse(canvas, at(0.58, tall * 0.88), [radius * 0.62, radius * 0.42], {
      colour: look.kind === 'fox' ? [232, 222, 208] : scaleColour(look.fur, 0.9),
    });
  // Eyes shine back at an infrared lamp.
  if (pose.dark) ellipse(canvas, at(0.5, tall * 0.98), [0.035 * unit, 0.035 * unit], { colour: [255, 255, 255] });
}
