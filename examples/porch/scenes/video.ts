import {
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVFMT_FLAG_BITEXACT,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Log, Packet, Rational } from 'node-av/lib';

export interface VideoOptions {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly crf: number;
}

/** Writes RGB frames as H.264 in mp4. One thread and no timestamps or version strings: the same bytes every time. */
export function writeVideo(file: string, frames: Iterable<Uint8Array>, options: VideoOptions): void {
  Log.setLevel(AV_LOG_ERROR);
  // A stack, and no `using`: the parser that checks the architecture's laws does not know the word.
  const held = new DisposableStack();
  try {
    const encoder = held.use(openEncoder(options));
    const packet = held.use(new Packet());
    packet.alloc();
    encodeInto(file, frames, { encoder, packet }, options);
  } finally {
    held.dispose();
  }
}

function encodeInto(
  file: string,
  frames: Iterable<Uint8Array>,
  { encoder, packet }: { encoder: CodecContext; packet: Packet },
  options: VideoOptions,
): void {
  const container = new FormatContext();
  check(container.allocOutputContext2(null, 'mp4', file), 'mp4 container');
  container.setFlags(AVFMT_FLAG_BITEXACT);
  const stream = container.newStream();
  stream.timeBase = encoder.timeBase;
  check(stream.codecpar.fromContext(encoder), 'codec parameters');
  check(container.openOutputSync(), `open ${file}`);
  check(container.writeHeaderSync(), 'mp4 header');
  const drain = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0;
      packet.duration = 1n;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(container.interleavedWriteFrameSync(packet), 'write packet');
    }
  };
  let pts = 0n;
  for (const rgb of frames) {
    const frame = toFrame(rgb, options, pts++);
    try {
      check(encoder.sendFrameSync(frame), 'encode');
    } finally {
      frame[Symbol.dispose]();
    }
    drain();
  }
  check(encoder.sendFrameSync(null), 'flush');
  drain();
  check(container.writeTrailerSync(), 'mp4 trailer');
  container.closeOutputSync();
  container.freeContext();
}

function check(code: number, what: string): void {
  FFmpegError.throwIfError(code, what);
}

function openEncoder({ width, height, framesPerSecond, crf }: VideoOptions): CodecContext {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (codec === null) throw new Error('The bundled FFmpeg has no libx264: the street clips cannot be encoded');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = width;
  encoder.height = height;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.colorRange = AVCOL_RANGE_MPEG;
  encoder.colorSpace = AVCOL_SPC_SMPTE170M;
  encoder.timeBase = new Rational(1, framesPerSecond);
  encoder.framerate = new Rational(framesPerSecond, 1);
  encoder.threadCount = 1;
  encoder.gopSize = framesPerSecond * 4;
  encoder.setFlags(AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER);
  const set = (name: string, value: string): void =>
    check(encoder.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), name);
  set('preset', 'veryfast');
  set('crf', String(crf));
  // The same choices on every CPU, and one thread.
  set('x264-params', 'cpu-independent=1:threads=1:lookahead-threads=1:sliced-threads=0');
  check(encoder.open2Sync(codec, null), 'open libx264');
  return encoder;
}

function toFrame(rgb: Uint8Array, { width, height }: VideoOptions, pts: bigint): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.colorRange = AVCOL_RANGE_MPEG;
  frame.colorSpace = AVCOL_SPC_SMPTE170M;
  check(frame.getBuffer(), 'frame buffer');
  check(frame.fromBuffer(Buffer.from(toYuv420(rgb, width, height))), 'frame pixels');
  frame.pts = pts;
  return frame;
}

/** BT.601, studio range, in integers: swscale may round differently on another CPU. */
export function toYuv420(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const size = width * height;
  const half = width >> 1;
  const yuv = new Uint8Array(size + (size >> 1));
  for (let pixel = 0, at = 0; pixel < size; pixel++, at += 3) {
    yuv[pixel] = ((66 * (rgb[at] ?? 0) + 129 * (rgb[at + 1] ?? 0) + 25 * (rgb[at + 2] ?? 0) + 128) >> 8) + 16;
  }
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const [red, green, blue] = blockSums(rgb, (y * width + x) * 3, width * 3);
      const to = size + (y >> 1) * half + (x >> 1);
      yuv[to] = ((-38 * red - 74 * green + 112 * blue + 512) >> 10) + 128;
      yuv[to + (size >> 2)] = ((112 * red - 94 * green - 18 * blue + 512) >> 10) + 128;
    }
  }
  return yuv;
}

function blockSums(rgb: Uint8Array, at: number, row: number): readonly [number, number, number] {
  const sum = (channel: number): number => {
    const here = at + channel;
    return (rgb[here] ?? 0) + (rgb[here + 3] ?? 0) + (rgb[here + row] ?? 0) + (rgb[here + row + 3] ?? 0);
  };
  return [sum(0), sum(1), sum(2)];
}
