import { AVERROR_EAGAIN, AVERROR_EOF, AVERROR_INVALIDDATA } from 'node-av/constants';
import { Codec, CodecContext, Frame as NativeFrame, Rational, type Packet } from 'node-av/lib';
import { MOST_PIXELS } from '../picture-kind.ts';
import { fault, must, type Container, type Unit } from './video-container.ts';

/** How often a decoder may answer the last packet with an error before it is believed to have no more. */
const LAST_ERRORS = 1000;

/** A decoder on one thread. What it cannot decode is passed over, as `ffmpeg` does: what is missing then is found by its time. */
export class Decoder {
  readonly #context = new CodecContext();
  readonly #picture = new NativeFrame();
  readonly #display: string;
  /** What it was opened for. */
  readonly #key: string;

  constructor(container: Container, unit: Unit, display: string) {
    this.#display = display;
    this.#key = keyOf(container);
    const { codecpar } = container.stream;
    const codec = Codec.findDecoder(codecpar.codecId);
    refuseTooLarge(codecpar, display);
    if (codec === null) throw fault(display, 'is coded in a way that FFmpeg here does not decode');
    this.#context.allocContext3(codec);
    must(this.#context.parametersToContext(codecpar), display, 'has broken codec parameters');
    this.#context.pktTimebase = new Rational(unit.num, unit.den);
    // The other cores belong to the model whose speed may be measured meanwhile.
    this.#context.threadCount = 1;
    must(this.#context.open2Sync(codec, null), display, 'cannot be decoded');
    this.#picture.alloc();
  }

  /** Files of one recording share a decoder, for a picture may refer to one in the file before. */
  decodes(container: Container): boolean {
    return keyOf(container) === this.#key;
  }

  /** The pictures that one more packet completes; null: those that are left. Each is good until the next is asked for. */
  *pictures(packet: Packet | null): Generator<NativeFrame, void, undefined> {
    this.#pass(this.#context.sendPacketSync(packet));
    for (let errors = 0; errors < LAST_ERRORS;) {
      const result = this.#context.receiveFrameSync(this.#picture);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      this.#pass(result);
      if (result < 0) errors += 1;
      else yield this.#picture;
      this.#picture.unref();
    }
  }

  close(): void {
    this.#picture.free();
    this.#context.freeContext();
  }

  #pass(result: number): void {
    if (result !== AVERROR_INVALIDDATA) must(result, this.#display, 'cannot be decoded');
  }
}

function keyOf({ stream: { codecpar } }: Container): string {
  return [codecpar.codecId, codecpar.width, codecpar.height, codecpar.extradata?.toString('base64')].join(' ');
}

/** What a stream says of its size, and what its frames then are, is for whoever made it to choose. */
export function refuseTooLarge({ width, height }: { width: number; height: number }, display: string): void {
  if (width * height > MOST_PIXELS) throw fault(display, `has frames of more than ${MOST_PIXELS} pixels`);
}
