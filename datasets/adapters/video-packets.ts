import { AVERROR_EOF } from 'node-av/constants';
import { Packet } from 'node-av/lib';
import type { VideoClip } from './video-clip.ts';
import { fault, must, openContainer, type Container } from './video-container.ts';
import { Timeline } from './video-timeline.ts';

/** Packets of all tracks in one clip: a day and a half of pictures and sound. */
const MOST_PACKETS = 20_000_000;

/**
 * One more packet of a clip, good until the next is asked for; null for what is no picture. `shown`: when, in seconds on the
 * clip's clock, where it is known.
 */
export type Read = { container: Container; timeline: Timeline; packet: Packet | null; shown: number | null };

/**
 * The packets of a clip's files in order, on one clock.
 * @throws CouldNotRun naming the file that cannot be read
 */
export function* readPackets(clip: VideoClip): Generator<Read, void, undefined> {
  let timeline: Timeline | null = null;
  let left = MOST_PACKETS;
  for (const file of clip.files) {
    const container = openContainer(file);
    timeline ??= new Timeline(container.unit, container.kind.jumps || file.header !== null);
    for (const read of readFile(container, timeline, file.display)) {
      left -= 1;
      if (left < 0) throw fault(clip.display, `holds more than ${MOST_PACKETS} packets`);
      yield read;
    }
  }
}

function* readFile(container: Container, timeline: Timeline, display: string): Generator<Read, void, undefined> {
  const { format, index, stream, unit } = container;
  const { num, den } = stream.avgFrameRate;
  const packet = new Packet();
  packet.alloc();
  timeline.nextFile(stream.startTime, unit);
  try {
    for (;;) {
      const read = format.readFrameSync(packet);
      if (read === AVERROR_EOF) return;
      must(read, display, `cannot be read after ${(timeline.end ?? 0).toFixed(2)} s`);
      if (packet.streamIndex !== index) yield { container, timeline, packet: null, shown: null };
      else yield { container, timeline, packet, shown: timeline.place(packet, unit, num > 0 ? den / num : 0) };
      packet.unref();
    }
  } finally {
    packet.free();
    format.closeInputSync();
  }
}
