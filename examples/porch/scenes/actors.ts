import { type Canvas, type Colour, ellipse, mixColours, scaleColour } from './canvas.ts';
import type { Random } from './random.ts';

export const LABELS = ['nothing', 'person', 'vehicle', 'parcel', 'animal'] as const;
export type Label = (typeof LABELS)[number];

/** Every class as often as any other: the label of the `index`-th picture. */
export function labelInTurn(index: number): Label {
  return LABELS[index % LABELS.length] ?? 'nothing';
}

/** Where an actor stands in a frame; `x`, `y` is the point on the ground below its middle. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  /** Pixels per metre at that place. */
  readonly metre: number;
  /** Which way it looks: 1 is right. */
  readonly heading: 1 | -1;
  /** Metres walked: drives the gait, so that feet do not slide. */
  readonly walked: number;
  /** Lamps on: dusk and night. */
  readonly dark: boolean;
}

export interface Actor {
  readonly label: Label;
  /** Size in metres. */
  readonly width: number;
  readonly height: number;
  /** Metres a second. */
  readonly speed: number;
  draw(canvas: Canvas, pose: Pose): void;
}

export function vary(random: Random, colour: Colour, spread = 12): Colour {
  const level = random.range(-spread, spread);
  return mixColours([colour[0] + level, colour[1] + level, colour[2] + level], colour, 0.3);
}

export function drawShadow(canvas: Canvas, pose: Pose, width: number): void {
  if (pose.dark) return;
  const half = (width * pose.metre) / 2;
  ellipse(canvas, [pose.x + half * 0.25, pose.y], [half * 1.1, Math.max(0.8, half * 0.22)], {
    colour: scaleColour([60, 62, 70], 0.8),
    alpha: 0.4,
  });
}
