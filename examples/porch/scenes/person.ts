import { type Actor, type Pose, drawShadow, vary } from './actors.ts';
import { type Canvas, type Colour, type Point, ellipse, polygon, scaleColour, stroke } from './canvas.ts';
import { type Random, wave } from './random.ts';

const SKINS: readonly Colour[] = [
  [236, 188, 156],
  [206, 152, 116],
  [164, 110, 78],
  [118, 76, 52],
];
const TOPS: readonly Colour[] = [
  [188, 52, 44],
  [214, 122, 44],
  [222, 186, 72],
  [104, 112, 52],
  [128, 78, 52],
  [206, 196, 176],
  [146, 46, 74],
  [66, 54, 50],
];
const BOTTOMS: readonly Colour[] = [
  [70, 60, 54],
  [96, 84, 70],
  [46, 44, 48],
  [150, 132, 104],
  [84, 70, 84],
];
const HAIRS: readonly Colour[] = [
  [44, 32, 26],
  [96, 62, 36],
  [186, 150, 92],
  [150, 146, 142],
  [170, 50, 40],
];

interface Look {
  readonly skin: Colour;
  readonly top: Colour;
  readonly bottom: Colour;
  readonly hair: Colour;
  readonly girth: number;
  readonly coat: number;
  readonly hat: boolean;
  readonly stride: number;
  readonly height: number;
}

export function createPerson(random: Random): Actor {
  const height = random.range(1.45, 1.95);
  const look: Look = {
    skin: vary(random, random.pick(SKINS)),
    top: vary(random, random.pick(TOPS), 16),
    bottom: vary(random, random.pick(BOTTOMS)),
    hair: random.pick(HAIRS),
    girth: random.range(0.85, 1.3),
    coat: random.range(0, 0.18),
    hat: random.chance(0.3),
    stride: random.range(0.7, 1.1),
    height,
  };
  return {
    label: 'person',
    width: 0.6,
    height,
    speed: random.range(1.1, 1.9),
    draw: (canvas, pose) => drawPerson(canvas, pose, look),
  };
}

function drawPerson(canvas: Canvas, pose: Pose, look: Look): void {
  const unit = pose.metre * look.height;
  const bob = 0.01 * wave((pose.walked / look.stride) * 2);
  const at = (across: number, up: number): Point => [pose.x + across * unit * pose.heading, pose.y - (up + bob) * unit];
  const swing = 0.13 * wave(pose.walked / look.stride / 2);
  const thick = 0.048 * look.girth * unit;
  drawShadow(canvas, pose, 0.7);
  for (const side of [-1, 1]) {
    const colour = scaleColour(look.bottom, side < 0 ? 0.78 : 1);
    const foot = at(swing * side, 0.02);
    stroke(canvas, at(0, 0.48), at(swing * side * 0.6, 0.26), thick * 1.1, { colour });
    stroke(canvas, at(swing * side * 0.6, 0.26), foot, thick * 0.9, { colour });
    stroke(canvas, foot, at(swing * side + 0.05, 0.015), thick * 0.7, { colour: [44, 38, 36] });
  }
  drawArm(canvas, at, look, -swing, thick, 0.78);
  const wide = 0.088 * look.girth;
  const hem = 0.46 - look.coat;
  polygon(
    canvas,
    [
      at(-wide * pose.heading, 0.82),
      at(wide * pose.heading, 0.82),
      at(wide * 1.1 * pose.heading, hem),
      at(-wide * 1.1 * pose.heading, hem),
    ],
    { colour: look.top, shade: 0.3 },
  );
  ellipse(canvas, at(0, 0.8), [wide * unit * 1.05, 0.035 * unit], { colour: scaleColour(look.top, 1.1) });
  drawArm(canvas, at, look, swing, thick, 1);
  drawHead(canvas, at, look, unit);
}

type Place = (across: number, up: number) => Point;

function drawArm(canvas: Canvas, at: Place, look: Look, swing: number, thick: number, light: number): void {
  const elbow = at(swing * 0.6, 0.63);
  const hand = at(swing * 1.1 + 0.03, 0.5);
  const colour = scaleColour(look.top, light * 0.9);
  stroke(canvas, at(0, 0.79), elbow, thick * 0.85, { colour });
  stroke(canvas, elbow, hand, thick * 0.75, { colour });
  ellipse(canvas, hand, [thick * 0.8, thick * 0.8], { colour: scaleColour(look.skin, light) });
}

function drawHead(canvas: Canvas, at: Place, look: Look, unit: number): void {
  const radius = 0.066 * unit;
  stroke(canvas, at(0, 0.8), at(0.005, 0.88), radius * 0.5, { colour: scaleColour(look.skin, 0.85) });
  ellipse(canvas, at(0, 0.935), [radius * 0.95, radius * 1.12], { colour: look.hair });
  ellipse(canvas, at(0.018, 0.918), [radius * 0.8, radius * 0.9], { colour: look.skin, shade: 0.2 });
  if (look.hat) ellipse(canvas, at(0.01, 0.975), [radius * 1.3, radius * 0.5], { colour: scaleColour(look.top, 0.8) });
}
