import type { MessageOf } from '../message.ts';
import { PerCamera } from '../stage-program.ts';

/** Frames of each camera that wait for what is found in them; the oldest go first. */
const HELD = 16;

/** Brings detections and the frame that they are of together again. */
export function framesHeld(): {
  hold(frame: MessageOf<'frame'>): void;
  frameOf(detections: MessageOf<'detections'>): MessageOf<'frame'> | undefined;
} {
  const cameras = new PerCamera((): MessageOf<'frame'>[] => []);
  return {
    hold(frame) {
      const held = cameras.of(frame);
      held.push(frame);
      if (held.length > HELD) held.shift();
    },
    frameOf(detections) {
      const { capturedAt } = detections;
      const held = cameras.of(detections);
      const found = held.find((frame) => frame.capturedAt === capturedAt);
      // Whatever is older will not be asked for any more: answers of one camera come in its order.
      while (held[0] !== undefined && held[0].capturedAt <= capturedAt) held.shift();
      return found;
    },
  };
}
