/** How a picture reaches a model: decoded, and resized by sharp as the runtime resizes it. */
import {
  type SwsFlags,
  AVMEDIA_TYPE_VIDEO,
  AV_LOG_ERROR,
  AV_PIX_FMT_RGB24,
  SWS_ACCURATE_RND,
  SWS_BILINEAR,
  SWS_FULL_CHR_H_INT,
} from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Log, Packet, SoftwareScaleContext } from 'node-av/lib';
import sharp from 'sharp';

import { HEIGHT, WIDTH } from '../scenes/canvas.ts';

export const INPUT_WIDTH = 64;
export const INPUT_HEIGHT = 48;

const EXACT = (SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT) as SwsFlags;
const FIT = { width: INPUT_WIDTH, height: INPUT_HEIGHT, fit: 'fill', kernel: 'linear' } as const;

export async function shrinkRaw(rgb: Uint8Array): Promise<Uint8Array> {
  return await sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .resize(FIT)
    .raw()
    .toBuffer();
}

export async function shrinkEncoded(picture: Uint8Array | string): Promise<Uint8Array> {
  return await sharp(picture).resize(FIT).removeAlpha().raw().toBuffer();
}

/** All frames of a clip as RGB at source size. */
export async function decodeClip(file: string): Promise<Uint8Array[]> {
  Log.setLevel(AV_LOG_ERROR);
  await using container = new FormatContext();
  FFmpegError.throwIfError(await container.openInput(file), `open ${file}`);
  FFmpegError.throwIfError(await container.findStreamInfo(), 'stream info');
  const index = container.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = container.streams?.[index];
  const codec = stream && Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) throw new Error(`${file} has no video that can be decoded`);
  using decoder = new CodecContext();
  decoder.allocContext3(codec);
  FFmpegError.throwIfError(decoder.parametersToContext(stream.codecpar), 'decoder parameters');
  decoder.threadCount = 1;
  FFmpegError.throwIfError(await decoder.open2(codec, null), 'open decoder');
  return collectFrames(container, decoder);
}

function collectFrames(container: FormatContext, decoder: CodecContext): Uint8Array[] {
  using packet = new Packet();
  packet.alloc();
  using frame = new Frame();
  frame.alloc();
  using scaler = new SoftwareScaleContext();
  scaler.getContext(WIDTH, HEIGHT, decoder.pixelFormat, WIDTH, HEIGHT, AV_PIX_FMT_RGB24, EXACT);
  const frames: Uint8Array[] = [];
  const drain = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      frames.push(toRgb(scaler, frame));
      frame.unref();
    }
  };
  while (container.readFrameSync(packet) >= 0) {
    FFmpegError.throwIfError(decoder.sendPacketSync(packet), 'decode');
    packet.unref();
    drain();
  }
  decoder.sendPacketSync(null);
  drain();
  return frames;
}

function toRgb(scaler: SoftwareScaleContext, frame: Frame): Uint8Array {
  using picture = new Frame();
  picture.alloc();
  picture.width = WIDTH;
  picture.height = HEIGHT;
  picture.format = AV_PIX_FMT_RGB24;
  FFmpegError.throwIfError(picture.getBuffer(), 'picture buffer');
  FFmpegError.throwIfError(scaler.scaleFrameSync(picture, frame), 'colour conversion');
  return Uint8Array.from(picture.toBuffer());
}
