import { statSync } from 'node:fs';
import { extname } from 'node:path';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { FFmpegError, FormatContext, InputFormat, Log, Packet, type Stream } from 'node-av/lib';
import { CouldNotRun } from '#kernel';
import type { QuarterTurns } from '../rotate.ts';

/** The container is chosen by name, never by content: a playlist that calls itself a clip must not open other files. */
const DEMUXERS: Record<string, string> = {
  '.mp4': 'mov',
  '.m4v': 'mov',
  '.mov': 'mov',
  '.mkv': 'matroska',
  '.webm': 'matroska',
};

/** Bytes of one clip: twelve hours at 8 Mbit/s. Its packets cannot be more than its bytes hold. */
const LARGEST_CLIP = 48 * 1024 ** 3;
/** Packets of all tracks in one clip: a day and a half of pictures and sound. */
const MOST_PACKETS = 20_000_000;
/** Milliseconds in which the packets of a clip are to have been looked at. */
const PACKETS_DEADLINE = 10 * 60_000;

/** An opened video file: its picture track, and that track's length and start in seconds where known. */
export type Container = {
  format: FormatContext;
  stream: Stream;
  index: number;
  seconds: number | null;
  start: number | null;
};

/**
 * Length of a video in seconds, as its header has it: quick, but where frames are unevenly spaced it may be too short.
 * @param display how messages name the file
 * @throws CouldNotRun when it is no video, or has no length
 */
export function promisedSeconds(path: string, display: string): number {
  const container = openContainer(path, display);
  container.format.closeInputSync();
  if (container.seconds === null) throw fault(display, 'is a video without length');
  return container.seconds;
}

/**
 * Length of a video in seconds, from its start to the end of its last frame, found by reading its packets (some 3 us each).
 * @throws CouldNotRun as `promisedSeconds` does
 */
export function measuredSeconds(path: string, display: string): number {
  const container = openContainer(path, display);
  const packet = new Packet();
  packet.alloc();
  let [first, last]: [number | null, number | null] = [container.start, null];
  const late = deadlineOf(display);
  try {
    while (container.format.readFrameSync(packet) >= 0) {
      late();
      const shown = packet.streamIndex === container.index ? known(packet.pts, container.stream.timeBase) : null;
      if (shown !== null) {
        first ??= shown;
        const end = known(packet.pts + packet.duration, container.stream.timeBase) ?? shown;
        last = Math.max(last ?? end, end);
      }
      packet.unref();
    }
  } finally {
    packet.free();
    container.format.closeInputSync();
  }
  const seconds = first === null || last === null ? container.seconds : last - first;
  if (seconds === null || seconds <= 0) throw fault(display, 'is a video without length');
  return seconds;
}

/** Called for every packet, it ends a clip that was made to last: no timer rings while FFmpeg is asked for one after another. */
function deadlineOf(display: string): () => void {
  const since = performance.now();
  let packets = 0;
  return () => {
    packets += 1;
    if (packets > MOST_PACKETS) throw fault(display, `holds more than ${MOST_PACKETS} packets`);
    if (packets % 1024 === 0 && performance.now() - since > PACKETS_DEADLINE)
      throw fault(display, 'takes too long to look through');
  };
}

/** The caller closes `format`. @throws CouldNotRun when there is no picture track */
export function openContainer(path: string, display: string): Container {
  Log.setLevel(AV_LOG_QUIET);
  const demuxer = InputFormat.findInputFormat(DEMUXERS[extensionOf(path, display)] ?? '');
  if (demuxer === null) throw fault(display, 'is not a kind of video that is read');
  // A pipe or a device would be waited for without end.
  const file = statSync(path, { throwIfNoEntry: false });
  if (file !== undefined && (!file.isFile() || file.size > LARGEST_CLIP))
    throw fault(display, 'is no plain file of at most 48 GiB');
  const format = new FormatContext();
  const opened = format.openInputSync(path, demuxer);
  if (opened < 0) throw fault(display, `cannot be read as video: ${reason(opened)}`);
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index < 0 ? undefined : format.streams[index];
  if (stream === undefined || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0) {
    format.closeInputSync();
    throw fault(display, 'has no pictures: no video track in it');
  }
  // Only containers that keep no length, or no size, in their header need the slower look at their packets.
  // Never twice: FFmpeg then reads memory that it has freed, and ends this process (seen with a clip of 1.6 kB).
  if (length(format, stream) === null || stream.codecpar.width === 0) format.findStreamInfoSync();
  return { format, stream, index, seconds: length(format, stream), start: known(stream.startTime, stream.timeBase) };
}

/** A file that is kept by its digest has its name in messages alone. */
function extensionOf(path: string, display: string): string {
  return (extname(path) || extname(display)).toLowerCase();
}

function length(format: FormatContext, stream: Stream): number | null {
  const own = known(stream.duration, stream.timeBase);
  const whole = known(format.duration, { num: 1, den: 1_000_000 });
  return [own, whole].find((seconds) => seconds !== null && seconds > 0) ?? null;
}

/** The turn that the track's display matrix (ISO/IEC 14496-12) asks for. */
export function quarterTurns(stream: Stream, display: string): QuarterTurns {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null) return 0;
  const [a, b, c, d] = [0, 1, 3, 4].map((index) => Math.sign(matrix.readInt32LE(index * 4)));
  const turns = ['1 0 0 1', '0 1 -1 0', '-1 0 0 -1', '0 -1 1 0'].indexOf([a, b, c, d].join(' '));
  if (turns < 0) throw fault(display, 'is to be shown mirrored or askew, which is not supported');
  return turns as QuarterTurns;
}

/** A timestamp in seconds; null where FFmpeg has none. */
export function known(value: bigint, unit: { num: number; den: number }): number | null {
  return value === AV_NOPTS_VALUE ? null : (Number(value) * unit.num) / unit.den;
}

/** @throws CouldNotRun when FFmpeg's answer is an error */
export function must(result: number, display: string, what: string): void {
  if (result < 0) throw fault(display, `${what}: ${reason(result)}`);
}

function reason(code: number): string {
  return FFmpegError.strerror(code);
}

export function fault(display: string, message: string): CouldNotRun {
  return new CouldNotRun({
    file: display,
    message,
    remedy: 'restore the clip, or convert it: ffmpeg -i <clip> -c:v libx264 <name>.mp4',
  });
}
