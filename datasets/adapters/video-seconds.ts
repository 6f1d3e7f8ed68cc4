import type { VideoClip } from './video-clip.ts';
import { fault, openContainer } from './video-container.ts';
import { readPackets } from './video-packets.ts';

/** Milliseconds in which the packets of a clip are to have been looked at. */
const PACKETS_DEADLINE = 10 * 60_000;

/**
 * Length of a clip in seconds, as the header of its one file has it: quick, but where frames are unevenly spaced it may be too
 * short. What no header tells is measured.
 * @throws CouldNotRun when it is no video, or has no length
 */
export function promisedSeconds(clip: VideoClip): number {
  const [file, ...others] = clip.files;
  if (file === undefined || others.length > 0 || clip.framesPerSecond !== null) return measuredSeconds(clip);
  const container = openContainer(file);
  container.format.closeInputSync();
  if (container.seconds === null) throw fault(clip.display, 'is a video without length');
  return container.seconds;
}

/**
 * Length of a clip in seconds, from its start to the end of its last frame, found by reading its packets (some 3 us each).
 * @throws CouldNotRun as `promisedSeconds` does
 */
export function measuredSeconds(clip: VideoClip): number {
  const late = deadlineOf(clip.display);
  let [begins, ends, pictures]: [number | null, number | null, number] = [null, null, 0];
  for (const { packet, shown, container, timeline } of readPackets(clip)) {
    late();
    if (packet === null) continue;
    pictures += 1;
    begins ??= container.start ?? shown;
    ends = timeline.end;
  }
  const lasted = begins === null || ends === null ? 0 : ends - begins;
  const seconds = clip.framesPerSecond === null ? lasted : pictures / clip.framesPerSecond;
  if (seconds <= 0) throw fault(clip.display, 'is a video without length');
  return seconds;
}

/** Called for every packet, it ends a clip that was made to last: no timer rings while FFmpeg is asked for one after another. */
function deadlineOf(display: string): () => void {
  const since = performance.now();
  let packets = 0;
  return () => {
    packets += 1;
    if (packets % 1024 === 0 && performance.now() - since > PACKETS_DEADLINE)
      throw fault(display, 'takes too long to look through');
  };
}
