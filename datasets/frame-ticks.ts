/**
 * How much of a tick a frame may come early and still count for it: cameras and containers round their timestamps
 * (30 frames per second in milliseconds are 33, 67, 100), and strict comparison would drop every third frame.
 */
const EARLY = 0.1;

/**
 * Decides which frames of a clip are looked at: for every tick k / framesPerSecond the first frame that comes no earlier
 * than a tenth of a tick before it, as a live camera would be sampled. A frame is looked at once at most; ticks without a
 * frame of their own are passed over, so nothing is ever repeated.
 */
export function frameTicks(framesPerSecond: number): (timestamp: number) => boolean {
  let last = -1;
  return (timestamp) => {
    const tick = Math.floor(timestamp * framesPerSecond + EARLY);
    if (tick <= last) return false;
    last = tick;
    return true;
  };
}
