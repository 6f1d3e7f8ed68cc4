import {
  AV_FRAME_FLAG_INTERLACED,
  AV_NOPTS_VALUE,
  AV_PIX_FMT_RGB24,
  AVCHROMA_LOC_UNSPECIFIED,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_RGB,
} from 'node-av/constants';
import { Frame as NativeFrame, SoftwareScaleContext, type Packet } from 'node-av/lib';
import type { Frame } from '../dataset.ts';
import { rotate, type QuarterTurns } from '../rotate.ts';
import { WORKING } from './read-ahead.ts';
import type { VideoClip } from './video-clip.ts';
import { declaredClock, writtenClock, type FrameClock } from './video-clock.ts';
import { fault, must, quarterTurns } from './video-container.ts';
import { Decoder, refuseTooLarge } from './video-decoder.ts';
import { Holes, SHORTFALL } from './video-holes.ts';
import { readPackets, type Read } from './video-packets.ts';

/**
 * Decodes a clip on one thread, in order, and gives the frames that are wanted as RGB in their own size: the pixels and times that
 * `ffmpeg -pix_fmt rgb24` gives, bit for bit, turned upright as players do. Time counts from the start of the clip's picture
 * track. Every frame has pixels of its own; nothing is overwritten later.
 * @throws CouldNotRun naming the file and the time when it cannot be decoded, or ends before its header says
 */
export function* decodeVideo(
  clip: VideoClip,
  wanted: (timestamp: number) => boolean,
): Generator<Frame | typeof WORKING, void, undefined> {
  const convert = rgbConverter(clip.display);
  let decoding: Decoding | null = null;
  try {
    for (const read of readPackets(clip)) {
      if (decoding === null) decoding = new Decoding(clip, read);
      else if (!decoding.decoder.decodes(read.container)) {
        yield* framesOf(decoding, null, wanted, convert.toRgb);
        decoding.reopen(read);
      }
      if (read.packet !== null) yield* framesOf(decoding, decoding.announce(read.packet, read.shown), wanted, convert.toRgb);
      yield WORKING;
    }
    if (decoding === null) throw fault(clip.display, 'holds no frame');
    yield* framesOf(decoding, null, wanted, convert.toRgb);
    decoding.finish();
  } finally {
    convert.free();
    decoding?.decoder.close();
  }
}

function* framesOf(
  decoding: Decoding,
  packet: Packet | null,
  wanted: (timestamp: number) => boolean,
  toRgb: (picture: NativeFrame) => Omit<Frame, 'timestamp'>,
): Generator<Frame, void, undefined> {
  for (const picture of decoding.decoder.pictures(packet)) {
    const timestamp = decoding.see(picture);
    if (wanted(timestamp)) yield { timestamp, ...rotate(toRgb(picture), decoding.turns) };
  }
}

/** A clip under way: its decoder and its clock, and what of it is missing. */
class Decoding {
  decoder: Decoder;
  turns: QuarterTurns;
  readonly #clip: VideoClip;
  readonly #read: Read;
  readonly #clock: FrameClock;
  #holes: Holes | null = null;
  #origin: number | null;
  #latest: number | null = null;

  constructor(clip: VideoClip, read: Read) {
    const { container, timeline } = read;
    const { num, den } = container.stream.avgFrameRate;
    this.#clip = clip;
    this.#read = read;
    this.turns = quarterTurns(container.stream, clip.display);
    this.decoder = new Decoder(container, timeline.unit, clip.display);
    this.#origin = clip.framesPerSecond === null ? container.start : 0;
    this.#clock =
      clip.framesPerSecond === null ? writtenClock(timeline, num > 0 ? den / num : 0) : declaredClock(clip.framesPerSecond);
  }

  /** What follows is coded otherwise. */
  reopen({ container, timeline }: Read): void {
    this.decoder.close();
    this.turns = quarterTurns(container.stream, this.#clip.display);
    this.decoder = new Decoder(container, timeline.unit, this.#clip.display);
  }

  announce(packet: Packet, shown: number | null): Packet {
    if (this.#clip.framesPerSecond !== null) {
      packet.pts = AV_NOPTS_VALUE;
      packet.dts = AV_NOPTS_VALUE;
    } else if (shown !== null) {
      this.#origin ??= shown;
      this.#missing(this.#origin).announce(shown);
    }
    return packet;
  }

  /** When the picture is shown, in seconds from the start of the clip. */
  see(picture: NativeFrame): number {
    const shown = this.#clock.tell(picture);
    this.#origin ??= shown;
    this.#missing(this.#origin).see(shown);
    this.#latest = shown - this.#origin;
    return this.#latest;
  }

  finish(): void {
    const { display, files } = this.#clip;
    const { seconds, start, kind } = this.#read.container;
    if (this.#latest === null || this.#origin === null) throw fault(display, 'holds no frame that can be decoded');
    this.#missing(this.#origin).finish(this.#clock.end());
    const end = this.#clock.end() - this.#origin;
    const isPromised = files.length === 1 && !kind.jumps && this.#clip.framesPerSecond === null;
    if (!isPromised || seconds === null) return;
    // A track whose start no header told counts its length from zero.
    const promised = start === null ? seconds - Math.max(0, this.#origin) : seconds;
    if (end < promised - SHORTFALL)
      throw fault(display, `ends at ${end.toFixed(2)} s, but its header promises ${promised.toFixed(2)} s: it is truncated`);
  }

  #missing(begins: number): Holes {
    this.#holes ??= new Holes(begins, this.#clip.display);
    return this.#holes;
  }
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
    // The two fields of an interlaced picture are shown as one, as `ffmpeg` does unless it is asked to take them apart.
    picture.clearFlags(AV_FRAME_FLAG_INTERLACED);
    // Where chroma lies between the pixels, `ffmpeg` does not ask: swscale would move it in pictures of ten bits.
    picture.chromaLocation = AVCHROMA_LOC_UNSPECIFIED;
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
