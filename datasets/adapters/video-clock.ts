import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Frame as NativeFrame } from 'node-av/lib';
import type { Timeline } from './video-timeline.ts';

/** Tells when a frame is shown, in seconds, and when it ends; `ffmpeg` tells the same. */
export type FrameClock = { tell: (picture: NativeFrame) => number; end: () => number };

/** A stream that keeps no times shows its frames one after another. */
export function declaredClock(framesPerSecond: number): FrameClock {
  let shown = 0;
  return {
    tell: () => {
      shown += 1;
      return (shown - 1) / framesPerSecond;
    },
    end: () => shown / framesPerSecond,
  };
}

/** A frame without a time of its own comes when the one before it ends. @param held seconds of one frame, where the file says them; else 0 */
export function writtenClock(timeline: Timeline, held: number): FrameClock {
  const usual = BigInt(Math.round((held * timeline.unit.den) / timeline.unit.num));
  let [latest, lasts]: [bigint | null, bigint] = [null, usual];
  return {
    tell: (picture) => {
      const told = picture.bestEffortTimestamp;
      const now = told === AV_NOPTS_VALUE ? (latest === null ? 0n : latest + lasts) : told;
      lasts = lengthOf(picture.duration, latest === null ? 0n : now - latest) || usual || lasts;
      latest = now;
      return timeline.seconds(now);
    },
    end: () => timeline.seconds((latest ?? 0n) + lasts),
  };
}

/** FFmpeg makes up a length of one tick where the file says none; then the frame lasts as long as the one before did. */
function lengthOf(said: bigint, since: bigint): bigint {
  const isMadeUp = said === 1n && since > 2n;
  if (said > 0n && !isMadeUp) return said;
  return since > 0n ? since : 0n;
}
