import { type Actor, type Pose, drawShadow, vary } from './actors.ts';
import { type Canvas, type Colour, type Point, ellipse, polygon, scaleColour, stroke } from './canvas.ts';
import type { Random } from './random.ts';

const BODIES: readonly Colour[] = [
  [182, 40, 36],
  [222, 220, 214],
  [168, 166, 162],
  [54, 52, 52],
  [226, 178, 52],
  [58, 92, 56],
  [206, 108, 44],
  [118, 92, 70],
];

type Kind = 'car' | 'van' | 'pickup';
interface Look {
  readonly kind: Kind;
  readonly body: Colour;
  readonly length: number;
  readonly height: number;
  readonly nose: number;
}

export function createVehicle(random: Random): Actor {
  const kind = random.pick<Kind>(['car', 'car', 'van', 'pickup']);
  const length = kind === 'van' ? random.range(4.6, 5.6) : random.range(3.7, 4.7);
  const height = kind === 'van' ? random.range(1.9, 2.3) : random.range(1.35, 1.65);
  const look: Look = { kind, body: vary(random, random.pick(BODIES), 14), length, height, nose: random.range(0.16, 0.28) };
  return {
    label: 'vehicle',
    width: length,
    height,
    speed: random.range(4, 8),
    draw: (canvas, pose) => drawVehicle(canvas, pose, look),
  };
}

/** The outline of the cabin, as shares of length and height from the back to the front. */
function cabin(look: Look): readonly Point[] {
  if (look.kind === 'van')
    return [
      [0.02, 0.5],
      [0.03, 1],
      [0.72, 1],
      [0.9, 0.5],
    ];
  if (look.kind === 'pickup')
    return [
      [0.42, 0.55],
      [0.46, 1],
      [0.66, 1],
      [0.8, 0.55],
    ];
  return [
    [0.08, 0.52],
    [0.22, 1],
    [0.62, 1],
    [1 - look.nose, 0.52],
  ];
}

function drawVehicle(canvas: Canvas, pose: Pose, look: Look): void {
  const { heading, metre } = pose;
  const at = (along: number, up: number): Point => [
    pose.x + (along - 0.5) * look.length * metre * heading,
    pose.y - up * look.height * metre,
  ];
  const shape = (points: readonly Point[]): Point[] => {
    const corners = points.map(([along, up]) => at(along, up));
    return heading === 1 ? corners : corners.toReversed();
  };
  drawShadow(canvas, pose, look.length);
  polygon(canvas, shape(cabin(look)), { colour: scaleColour(look.body, 1.04), shade: 0.3 });
  polygon(
    canvas,
    shape([
      [0, 0.16],
      [0.01, 0.56],
      [0.98, 0.54],
      [1, 0.2],
    ]),
    { colour: look.body, shade: 0.45 },
  );
  drawWindows(canvas, shape, look);
  const wheel = 0.33 * metre;
  for (const along of [0.2, 0.8]) {
    ellipse(canvas, at(along, 0.33 / look.height), [wheel, wheel], { colour: [28, 28, 30] });
    ellipse(canvas, at(along, 0.33 / look.height), [wheel * 0.5, wheel * 0.5], { colour: [150, 150, 148] });
  }
  stroke(canvas, at(0.02, 0.3), at(0.98, 0.3), 0.04 * metre, { colour: scaleColour(look.body, 0.6) });
  drawLamps(canvas, pose, at);
}

function drawWindows(canvas: Canvas, shape: (points: readonly Point[]) => Point[], look: Look): void {
  const glass = { colour: [58, 64, 70] as const, shade: 0.5 };
  const [rear, top, front, nose] = cabin(look) as [Point, Point, Point, Point];
  const sill = rear[1] + 0.05;
  const roof = 0.92;
  const middle = (top[0] + front[0]) / 2;
  if (look.kind !== 'van')
    polygon(
      canvas,
      shape([
        [rear[0] + 0.05, sill],
        [top[0] + 0.02, roof],
        [middle - 0.01, roof],
        [middle - 0.01, sill],
      ]),
      glass,
    );
  polygon(
    canvas,
    shape([
      [middle + 0.01, sill],
      [middle + 0.01, roof],
      [front[0] - 0.01, roof],
      [nose[0] - 0.04, sill],
    ]),
    glass,
  );
}

function drawLamps(canvas: Canvas, pose: Pose, at: (along: number, up: number) => Point): void {
  const lamp = 0.11 * pose.metre;
  ellipse(canvas, at(0.02, 0.45), [lamp, lamp], { colour: [200, 40, 30] });
  ellipse(canvas, at(0.98, 0.42), [lamp, lamp], { colour: [250, 244, 220] });
  if (!pose.dark) return;
  const beam = at(1.3, 0.15);
  ellipse(canvas, beam, [1.5 * pose.metre, 0.35 * pose.metre], { colour: [235, 225, 190], alpha: 0.3 });
  ellipse(canvas, at(1, 0.42), [lamp * 3.2, lamp * 3.2], { colour: [255, 250, 235], alpha: 0.65 });
}
