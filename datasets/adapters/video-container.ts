import { closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { FFmpegError, FormatContext, InputFormat, Log, type Stream } from 'node-av/lib';
import { CouldNotRun } from '#kernel';
import type { QuarterTurns } from '../rotate.ts';
import { TELLING_BYTES, videoNameFor } from '../video-bytes.ts';
import { videoKind, type VideoKind } from '../video-kind.ts';

/** Bytes of one file: twelve hours at 8 Mbit/s. Its packets cannot be more than its bytes hold. */
const LARGEST_FILE = 48 * 1024 ** 3;

/** A unit of time in seconds: num / den. */
export type Unit = { num: number; den: number };

/** An opened video file: its picture track, that track's unit of time, and its length and start in seconds where known. */
export type Container = {
  kind: VideoKind;
  format: FormatContext;
  stream: Stream;
  index: number;
  unit: Unit;
  seconds: number | null;
  start: number | null;
};

/** One file of a clip. `display`: how messages name it. `header`: a file whose bytes go before those of `path`, or null. */
export type VideoFile = { path: string; display: string; header: string | null };

/** The caller closes `format`. @throws CouldNotRun when there is no picture track */
export function openContainer({ path, display, header }: VideoFile): Container {
  Log.setLevel(AV_LOG_QUIET);
  // What is kept by its digest has its name in messages alone.
  const name = extname(path) === '' ? display : path;
  const kind = videoKind(name);
  const demuxer = InputFormat.findInputFormat(kind?.demuxer ?? '');
  if (kind === undefined || demuxer === null) throw fault(display, 'is not a kind of video that is read');
  for (const file of header === null ? [path] : [header, path]) refuseDevice(file, display);
  if (header !== null && `${header}${path}`.includes('|')) throw fault(display, 'lies in a folder whose name holds a |');
  const format = new FormatContext();
  format.allocContext();
  // The kinds that are read open nothing else; should one of them learn to, it finds no way out.
  const allowed = header === null ? 'file' : 'file,concat';
  must(
    format.setOption('protocol_whitelist', allowed, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN),
    display,
    'cannot be shut off',
  );
  const opened = format.openInputSync(header === null ? path : `concat:${header}|${path}`, demuxer);
  if (opened < 0) throw misnamed(path, name, display) ?? fault(display, `cannot be read as video: ${reason(opened)}`);
  try {
    return { kind, format, ...pictureTrack(format, kind, display) };
  } catch (thrown) {
    format.closeInputSync();
    throw thrown;
  }
}

/** Some recorders call all that they write .mp4. */
function misnamed(path: string, called: string, display: string): CouldNotRun | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const bytes = Buffer.alloc(TELLING_BYTES);
  readSync(file, bytes);
  closeSync(file);
  const name = videoNameFor(bytes);
  if (name === null || videoKind(name)?.demuxer === videoKind(called)?.demuxer) return undefined;
  const message = `is read as ${extname(called)} by its name, and its bytes are those of a ${name}`;
  return new CouldNotRun({ file: display, message, remedy: `name it ${name}` });
}

/** A pipe or a device would be waited for without end. */
function refuseDevice(path: string, display: string): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file !== undefined && (!file.isFile() || file.size > LARGEST_FILE))
    throw fault(display, 'is no plain file of at most 48 GiB');
}

function pictureTrack(format: FormatContext, kind: VideoKind, display: string): Omit<Container, 'kind' | 'format'> {
  const find = () => {
    const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
    return { index, stream: index < 0 ? undefined : format.streams[index] };
  };
  const told = kind.tracks === 'in the header' ? find().stream : undefined;
  const isMissing = kind.tracks === 'among the packets' || (told !== undefined && !saysEnough(format, told));
  // Never twice: FFmpeg then reads memory that it has freed, and ends this process (seen with a clip of 1.6 kB).
  if (isMissing) format.findStreamInfoSync();
  const { index, stream } = find();
  if (stream === undefined || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0)
    throw fault(display, 'has no pictures: no video track in it');
  const start = known(stream.startTime, stream.timeBase);
  const { num, den } = stream.timeBase;
  return { stream, index, unit: { num, den }, start, seconds: length(format, stream, start) };
}

/** Some headers keep no length, or no size. */
function saysEnough(format: FormatContext, stream: Stream): boolean {
  return length(format, stream, null) !== null && stream.codecpar.width > 0;
}

/** A container that only knows when it ends counts from 0, whenever the track begins. */
function length(format: FormatContext, stream: Stream, start: number | null): number | null {
  const own = known(stream.duration, stream.timeBase);
  if (own !== null && own > 0) return own;
  const whole = known(format.duration, { num: 1, den: 1_000_000 });
  return whole !== null && whole > 0 ? whole - Math.min(whole, Math.max(0, start ?? 0)) : null;
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
export function known(value: bigint, unit: Unit): number | null {
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
