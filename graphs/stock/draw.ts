import { boxesOf, type Box } from '../boxes.ts';
import type { StageProgram } from '../stage-program.ts';
import { framesHeld } from './frames-held.ts';

const COLOUR = [255, 96, 0] as const;

/** Frames with an outline around everything that was found in them. */
export function drawStage(): StageProgram {
  const frames = framesHeld();
  return {
    take(message) {
      if (message.kind === 'frame') frames.hold(message);
      if (message.kind !== 'detections') return [];
      const frame = frames.frameOf(message);
      if (frame === undefined) return [];
      const pixels = frame.body.slice();
      for (const box of boxesOf(message)) outline(pixels, frame.about, box);
      return [{ kind: 'frame', promised: false, about: frame.about, body: pixels }];
    },
  };
}

function outline(pixels: Uint8Array, { width, height }: { width: number; height: number }, box: Box): void {
  const [left, right] = [clamp(box.x1, width), clamp(box.x2, width)];
  const [top, bottom] = [clamp(box.y1, height), clamp(box.y2, height)];
  const dot = (x: number, y: number) => pixels.set(COLOUR, (y * width + x) * 3);
  for (let x = left; x <= right; x += 1) for (const y of [top, bottom]) dot(x, y);
  for (let y = top; y <= bottom; y += 1) for (const x of [left, right]) dot(x, y);
}

function clamp(value: number, size: number): number {
  return Math.min(Math.max(Math.round(value), 0), size - 1);
}
