import { AV_PIX_FMT_RGB24, AVCOL_RANGE_JPEG, AVCOL_SPC_RGB, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Codec, CodecContext, Frame as NativeFrame, Packet, SoftwareScaleContext } from 'node-av/lib';
import type { Frame } from '../dataset.ts';
import { MOST_PIXELS } from '../picture-kind.ts';
import { rotate } from '../rotate.ts';
import { WORKING } from './read-ahead.ts';
import { fault, known, must, openContainer, quarterTurns, type Container } from './video-container.ts';

/** Footage may be this many seconds shorter than its header says: sound often ends later than the pictures. */
const SHORTFALL = 0.5;

/**
 * Decodes a video on one thread, in order, and gives the frames that are wanted as RGB in their own size: the pixels that
 * `ffmpeg -pix_fmt rgb24` and PyAV's `to_ndarray(format='rgb24')` give, bit for bit, turned upright as players do. Time
 * counts from the start of the video's track. Every frame has pixels of its own; nothing is overwritten later.
 * @throws CouldNotRun naming the file and the time when it cannot be decoded, or ends before its header says
 */
export function* decodeVideo(
  path: string,
  display: string,
  wanted: (timestamp: number) => boolean,
): Generator<Frame | typeof WORKING> {
  const container = openContainer(path, display);
  try {
    yield* decodeTrack(container, display, wanted);
  } finally {
    container.format.closeInputSync();
  }
}

function* decodeTrack(
  container: Container,
  display: string,
  wanted: (timestamp: number) => boolean,
): Generator<Frame | typeof WORKING> {
  const turns = quarterTurns(container.stream, display);
  const decoder = openDecoder(container, display);
  const packet = new Packet();
  packet.alloc();
  const picture = new NativeFrame();
  picture.alloc();
  const convert = rgbConverter(display);
  const clock = frameClock(container, display);
  const at = () => describeTime(clock.now());
  try {
    for (let more = true; more;) {
      more = feed(container, decoder, packet, at, display);
      while (receive(decoder, picture, at, display)) {
        const timestamp = clock.advance(picture);
        if (wanted(timestamp)) yield { timestamp, ...rotate(convert.toRgb(picture), turns) };
        picture.unref();
      }
      yield WORKING;
    }
    clock.finish();
  } finally {
    convert.free();
    picture.free();
    packet.free();
    decoder.freeContext();
  }
}

function openDecoder({ stream }: Container, display: string): CodecContext {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  refuseTooLarge(stream.codecpar, display);
  if (codec === null) throw fault(display, 'is coded in a way that FFmpeg here does not decode');
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  must(decoder.parametersToContext(stream.codecpar), display, 'has broken codec parameters');
  decoder.pktTimebase = stream.timeBase;
  // The other cores belong to the model whose speed may be measured meanwhile.
  decoder.threadCount = 1;
  must(decoder.open2Sync(codec, null), display, 'cannot be decoded');
  return decoder;
}

/** What a stream says of its size, and what its frames then are, is for whoever made it to choose. */
function refuseTooLarge({ width, height }: { width: number; height: number }, display: string): void {
  if (width * height > MOST_PIXELS) throw fault(display, `has frames of more than ${MOST_PIXELS} pixels`);
}

/** Gives the decoder one more packet; false when there are no more. */
function feed({ format, index }: Container, decoder: CodecContext, packet: Packet, at: () => string, display: string): boolean {
  const read = format.readFrameSync(packet);
  if (read === AVERROR_EOF) {
    must(decoder.sendPacketSync(null), display, `cannot be decoded ${at()}`);
    return false;
  }
  must(read, display, `cannot be read ${at()}`);
  if (packet.streamIndex === index) must(decoder.sendPacketSync(packet), display, `cannot be decoded ${at()}`);
  packet.unref();
  return true;
}

function receive(decoder: CodecContext, picture: NativeFrame, at: () => string, display: string): boolean {
  const result = decoder.receiveFrameSync(picture);
  if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return false;
  must(result, display, `cannot be decoded ${at()}`);
  return true;
}

/** swscale reads matrix and range from each frame, and takes BT.601, limited, where the stream does not say, as FFmpeg does. */
function rgbConverter(display: string) {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  const target = new NativeFrame();
  target.alloc();
  const toRgb = (picture: NativeFrame) => {
    const { width, height } = picture;
    refuseTooLarge(picture, display);
    target.unref();
    Object.assign(target, { width, height, format: AV_PIX_FMT_RGB24, colorRange: AVCOL_RANGE_JPEG, colorSpace: AVCOL_SPC_RGB });
    must(target.getBuffer(), display, 'has frames too large for this machine');
    must(scaler.scaleFrameSync(target, picture), display, 'cannot be converted to RGB');
    return { width, height, pixels: target.toBuffer() };
  };
  const free = () => {
    target.free();
    scaler.freeContext();
  };
  return { toRgb, free };
}

/** Tells the time of each frame, from the start of the track. */
function frameClock({ stream, seconds, start }: Container, display: string) {
  const rate = stream.avgFrameRate.den > 0 ? stream.avgFrameRate.num / stream.avgFrameRate.den : 0;
  let origin = start;
  let latest: number | null = null;
  let end = 0;
  const advance = (picture: NativeFrame): number => {
    const shown = known(picture.bestEffortTimestamp, stream.timeBase);
    if (shown === null) throw fault(display, `has a frame without a timestamp ${describeTime(latest)}`);
    origin ??= shown;
    latest = shown - origin;
    // The last frame may be held for long; a container that does not say how long holds it as long as the others.
    end = latest + Math.max(known(picture.duration, stream.timeBase) ?? 0, rate > 0 ? 1 / rate : 0);
    return latest;
  };
  const finish = () => {
    if (latest === null) throw fault(display, 'holds no frame');
    if (seconds !== null && end < seconds - SHORTFALL) {
      throw fault(display, `ends at ${end.toFixed(2)} s, but its header promises ${seconds.toFixed(2)} s: it is truncated`);
    }
  };
  return { advance, finish, now: () => latest };
}

function describeTime(time: number | null): string {
  return time === null ? 'at its start' : `after ${time.toFixed(2)} s`;
}
