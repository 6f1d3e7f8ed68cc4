import { type Actor, type Pose, drawShadow, vary } from './actors.ts';
import { type Canvas, type Colour, type Point, polygon, scaleColour, stroke } from './canvas.ts';
import type { Random } from './random.ts';

const CARDBOARD: readonly Colour[] = [
  [186, 140, 90],
  [168, 122, 76],
  [204, 162, 112],
  [154, 108, 66],
];

/** A cardboard box in two visible faces and a lid, with tape and a label. Brown: that is what tells it from a crate. */
export function createParcel(random: Random): Actor {
  const width = random.range(0.38, 0.66);
  const height = width * random.range(0.5, 0.95);
  const look = {
    colour: vary(random, random.pick(CARDBOARD), 10),
    width,
    height,
    skew: random.range(0.2, 0.8),
    tape: random.chance(0.75),
    sticker: random.chance(0.6),
  };
  return { label: 'parcel', width, height, speed: 0, draw: (canvas, pose) => drawParcel(canvas, pose, look) };
}

interface Look {
  readonly colour: Colour;
  readonly width: number;
  readonly height: number;
  readonly skew: number;
  readonly tape: boolean;
  readonly sticker: boolean;
}

function drawParcel(canvas: Canvas, pose: Pose, look: Look): void {
  const half = (look.width * pose.metre) / 2;
  const tall = look.height * pose.metre;
  const lid = tall * 0.28;
  const edge = half * (look.skew * 2 - 1);
  const { x, y } = pose;
  const top = y - tall;
  const point = (across: number, up: number): Point => [x + across, y - up];
  drawShadow(canvas, pose, look.width * 1.2);
  polygon(canvas, [point(-half, tall), point(edge, tall - lid * 0.4), point(edge, 0), point(-half, lid * 0.3)], {
    colour: look.colour,
    shade: 0.15,
  });
  polygon(canvas, [point(edge, tall - lid * 0.4), point(half, tall), point(half, lid * 0.3), point(edge, 0)], {
    colour: scaleColour(look.colour, 0.74),
    shade: 0.15,
  });
  polygon(canvas, [point(-half, tall), point(-edge * 0.4, tall + lid), point(half, tall), point(edge, tall - lid * 0.4)], {
    colour: scaleColour(look.colour, 1.16),
  });
  if (look.tape)
    stroke(
      canvas,
      [x - half * 0.5 + edge * 0.5, top + lid * 0.1],
      [x + half * 0.5 - edge * 0.2, top - lid * 0.5],
      Math.max(0.5, half * 0.09),
      { colour: [222, 196, 150] },
    );
  if (look.sticker) {
    const left = x - half * 0.75;
    polygon(
      canvas,
      [
        [left, top + tall * 0.4],
        [left + half * 0.5, top + tall * 0.42],
        [left + half * 0.5, top + tall * 0.7],
        [left, top + tall * 0.68],
      ],
      { colour: [234, 230, 222] },
    );
  }
}
