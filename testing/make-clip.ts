import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_QUIET,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_BITEXACT,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Log, Packet, SoftwareScaleContext } from 'node-av/lib';

export type ClipOptions = {
  /** Even numbers: h264 stores colour for blocks of 2 x 2 pixels. */
  width: number;
  height: number;
  framesPerSecond: number;
  seconds: number;
  /** Paints one frame into RGB pixels (height x width x 3), black at first. */
  draw: (pixels: Uint8Array, index: number, timestamp: number) => void;
  /** Seconds at which frames are shown, where they are not evenly spaced; then `seconds` counts for the last frame's end. */
  timestamps?: readonly number[];
  matrix?: 'bt601' | 'bt709';
  range?: 'limited' | 'full';
  /** Degrees clockwise by which players turn the picture. */
  rotation?: 0 | 90 | 180 | 270;
  /** x264's constant rate factor; 18 looks lossless, 40 is poor. */
  quality?: number;
  /** Moves the index to the front, as cameras that stream do. */
  indexFirst?: boolean;
};

const TIME_BASE = 90_000;

/**
 * Writes an h264 mp4 with the encoder inside node-av, on one thread, so that the same options give the same bytes.
 * Frames are drawn in RGB; 4:2:0 chroma and the encoder change them slightly.
 */
export function writeClip(path: string, options: ClipOptions): void {
  Log.setLevel(AV_LOG_QUIET);
  const output = new FormatContext();
  must(output.allocOutputContext2(null, 'mp4', path), 'open');
  output.setFlags(AVFMT_FLAG_BITEXACT);
  const encoder = openEncoder(options);
  const stream = output.newStream(null);
  must(stream.codecpar.fromContext(encoder), 'parameters');
  stream.timeBase = { num: 1, den: TIME_BASE } as typeof stream.timeBase;
  if (options.rotation) stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, displayMatrix(options.rotation));
  must(output.openOutputSync(), `write ${path}`);
  if (options.indexFirst) must(output.setOption('movflags', 'faststart', AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), 'movflags');
  must(output.writeHeaderSync(null), 'header');
  // Without its length the last frame would have none, and players would never show it.
  const durations = durationsOf(options);
  encodeFrames(encoder, options, (packet) => {
    packet.streamIndex = 0;
    packet.duration = durations.get(packet.pts) ?? 0n;
    packet.rescaleTs({ num: 1, den: TIME_BASE }, stream.timeBase);
    must(output.interleavedWriteFrameSync(packet), 'write');
  });
  must(output.writeTrailerSync(), 'trailer');
  output.closeOutputSync();
  output.freeContext();
  encoder.freeContext();
}

function openEncoder(options: ClipOptions): CodecContext {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!codec) throw new Error('node-av comes without libx264 here');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  Object.assign(encoder, {
    width: options.width,
    height: options.height,
    pixelFormat: AV_PIX_FMT_YUV420P,
    timeBase: { num: 1, den: TIME_BASE },
    threadCount: 1,
    gopSize: 30,
    ...colours(options),
  });
  encoder.setFlags(AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER);
  // Not by a Dictionary: FFmpeg consumes the one that it opens with, and node-av 6.1.1 frees it once more, much later.
  const set = (name: string, value: string) =>
    must(encoder.setOption(name, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), name);
  set('preset', 'veryfast');
  set('crf', String(options.quality ?? 18));
  set('x264-params', 'cpu-independent=1:threads=1:lookahead-threads=1:sliced-threads=0');
  must(encoder.open2Sync(codec, null), 'open the encoder');
  return encoder;
}

function encodeFrames(encoder: CodecContext, options: ClipOptions, write: (packet: Packet) => void): void {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  const packet = new Packet();
  packet.alloc();
  const drain = () => {
    for (;;) {
      const result = encoder.receivePacketSync(packet);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      must(result, 'encode');
      write(packet);
    }
  };
  for (const [index, time] of timesOf(options).entries()) {
    const frame = paint(scaler, options, index, time);
    frame.pts = ticksOf(time);
    must(encoder.sendFrameSync(frame), 'encode');
    frame.free();
    drain();
  }
  must(encoder.sendFrameSync(null), 'encode');
  drain();
  packet.free();
  scaler.freeContext();
}

function paint(scaler: SoftwareScaleContext, options: ClipOptions, index: number, time: number): Frame {
  const { width, height } = options;
  const pixels = Buffer.alloc(width * height * 3);
  options.draw(pixels, index, time);
  const source = Frame.fromVideoBuffer(pixels, { width, height, format: AV_PIX_FMT_RGB24 });
  const frame = new Frame();
  frame.alloc();
  Object.assign(frame, { width, height, format: AV_PIX_FMT_YUV420P, ...colours(options) });
  must(frame.getBuffer(), 'allocate');
  must(scaler.scaleFrameSync(frame, source), 'convert');
  source.free();
  return frame;
}

function timesOf({ timestamps, seconds, framesPerSecond }: ClipOptions): readonly number[] {
  return timestamps ?? Array.from({ length: Math.round(seconds * framesPerSecond) }, (_, index) => index / framesPerSecond);
}

function durationsOf(options: ClipOptions): ReadonlyMap<bigint, bigint> {
  const times = timesOf(options);
  return new Map(times.map((time, index) => [ticksOf(time), ticksOf(times[index + 1] ?? options.seconds) - ticksOf(time)]));
}

function ticksOf(time: number): bigint {
  return BigInt(Math.round(time * TIME_BASE));
}

function colours({ matrix, range }: ClipOptions) {
  return {
    colorSpace: matrix === 'bt709' ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M,
    colorRange: range === 'full' ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
  };
}

/** The 3 x 3 matrix of ISO/IEC 14496-12, 16.16 fixed point (the last column 2.30), little-endian as FFmpeg keeps it. */
function displayMatrix(rotation: 90 | 180 | 270): Buffer {
  const [a, b, c, d] = { 90: [0, 1, -1, 0], 180: [-1, 0, 0, -1], 270: [0, -1, 1, 0] }[rotation] as [
    number,
    number,
    number,
    number,
  ];
  const one = 65_536;
  const values = Int32Array.of(a * one, b * one, 0, c * one, d * one, 0, 0, 0, 2 ** 30);
  return Buffer.from(values.buffer);
}

function must(result: number, doing: string): void {
  FFmpegError.throwIfError(result, doing);
}
