import { boxesOf, type Box } from '../boxes.ts';
import type { MessageOf } from '../message.ts';
import type { Made, StageProgram } from '../stage-program.ts';
import { framesHeld } from './frames-held.ts';

/** A crop of fewer pixels to a side shows nothing. */
const SMALLEST = 4;

export type CropSettings = { classes: readonly string[]; score: number; most: number };

/** Cuts what was found out of the frame that it was found in, the surest first. */
export function cropStage({ classes, score, most }: CropSettings): StageProgram {
  const frames = framesHeld();
  return {
    take(message) {
      if (message.kind === 'frame') frames.hold(message);
      if (message.kind !== 'detections') return [];
      const frame = frames.frameOf(message);
      if (frame === undefined) return [];
      return boxesOf(message)
        .filter((box) => box.score >= score && (classes.length === 0 || classes.includes(box.class)))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, most)
        .flatMap((box) => cut(frame, box));
    },
  };
}

function cut({ about, body }: MessageOf<'frame'>, box: Box): Extract<Made, { kind: 'crop' }>[] {
  const [left, top] = [inside(Math.floor(box.x1), about.width), inside(Math.floor(box.y1), about.height)];
  const width = inside(Math.ceil(box.x2), about.width) - left;
  const height = inside(Math.ceil(box.y2), about.height) - top;
  if (width < SMALLEST || height < SMALLEST) return [];
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const start = ((top + row) * about.width + left) * 3;
    pixels.set(body.subarray(start, start + width * 3), row * width * 3);
  }
  const corners = [box.x1, box.y1, box.x2, box.y2] as const;
  const named = { box: corners, class: box.class, score: box.score };
  return [{ kind: 'crop', promised: false, about: { width, height, encoding: 'rgb24', ...named }, body: pixels }];
}

function inside(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
