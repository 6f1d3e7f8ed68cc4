import type { Digest } from '#kernel';
import type { Clip, Dataset, Frame, Sample } from '../dataset.ts';
import { frameTicks } from '../frame-ticks.ts';
import type { BadItem } from '../leave-out.ts';
import type { OpenDataset } from '../sample-source.ts';
import { pictureFault } from './find-bad.ts';
import { decodePicture } from './pictures.ts';
import type { PinnedFile, PinnedFiles } from './pinned-files.ts';
import { readAhead } from './read-ahead.ts';
import { locateVideo, type VideoClip } from './video-clip.ts';

/** Decoded frames that wait for the consumer: enough to hide decoding behind inference, few enough to hold in memory. */
const AHEAD = 4;

/** A loaded dataset; see `FileSampleSource`. */
export class FileDataset implements OpenDataset {
  readonly dataset: Dataset;
  readonly leftOut: readonly BadItem[];
  readonly #seconds = new Map<string, number>();
  readonly #files: PinnedFiles;
  readonly #locate: (path: string, pin: Digest) => PinnedFile;

  constructor(
    dataset: Dataset,
    files: PinnedFiles,
    locate: (path: string, pin: Digest) => PinnedFile,
    leftOut: readonly BadItem[] = [],
  ) {
    this.dataset = dataset;
    this.leftOut = leftOut;
    this.#files = files;
    this.#locate = locate;
  }

  read(sample: Sample): Promise<Uint8Array> {
    return this.#files.read(this.#locate(sample.id, sample.pin));
  }

  pictureFault(sample: Sample): Promise<string | null> {
    return pictureFault(sample, { pinned: this.#files, locate: this.#locate });
  }

  async *frames(clip: Clip, framesPerSecond: number): AsyncGenerator<Frame, void, undefined> {
    const wanted = frameTicks(framesPerSecond);
    if (clip.media.kind !== 'frames') {
      // FFmpeg is loaded for the first clip that is decoded.
      const { decodeVideo } = await import('./video.ts');
      yield* readAhead(decodeVideo(await this.#verified(clip), wanted), AHEAD);
      return;
    }
    for (const [index, { file, pin }] of clip.media.frames.entries()) {
      const timestamp = index / clip.media.framesPerSecond;
      if (!wanted(timestamp)) continue;
      const located = this.#locate(file, pin);
      yield decodePicture(await this.#files.read(located), timestamp, located.display);
    }
  }

  async seconds(clip: Clip): Promise<number> {
    if (clip.media.kind === 'frames') return clip.media.frames.length / clip.media.framesPerSecond;
    const known = this.#seconds.get(clip.id);
    if (known !== undefined) return known;
    const { measuredSeconds } = await import('./video-seconds.ts');
    const seconds = measuredSeconds(await this.#verified(clip));
    this.#seconds.set(clip.id, seconds);
    return seconds;
  }

  async #verified(clip: Clip): Promise<VideoClip> {
    const { video, files } = locateVideo(clip, this.#locate);
    for (const file of files) await this.#files.verify(file);
    return video;
  }
}
