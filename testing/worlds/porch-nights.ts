import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HEIGHT, WIDTH } from '../../examples/porch/scenes/canvas.ts';
import { createClip, FRAMES_PER_SECOND, type ClipEvent } from '../../examples/porch/scenes/clip.ts';
import { hashSeed } from '../../examples/porch/scenes/random.ts';
import { STREET_SITES } from '../../examples/porch/scenes/site.ts';
import { writeVideo } from '../../examples/porch/scenes/video.ts';

/** What a camera of the example sends in one night. */
export type SentNight = {
  /** Where clips arrive. */
  folder: string;
  site: string;
  /** The day on which the night begins. */
  night: string;
  clips: number;
  seed: number;
  /** A film of dirt or fog on the lens: so much of every pixel is grey. 0: clean. */
  dirt?: number;
};

/** Clips with the JSON beside each, and what a person would say happens in them, by file name. */
export function sendNight({ folder, site: name, night, clips, seed, dirt = 0 }: SentNight): Map<string, readonly ClipEvent[]> {
  const site = STREET_SITES.find((one) => one.name === name);
  if (site === undefined) throw new Error(`the example has no camera ${name}`);
  const truth = new Map<string, readonly ClipEvent[]>();
  for (let index = 0; index < clips; index += 1) {
    const clip = createClip(site, hashSeed('night', seed, name, night, index));
    const file = `${name}/${night}-${index + 1}.mp4`;
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    const frames = dirt === 0 ? clip.frames() : smear(clip.frames(), dirt);
    writeVideo(target, frames, { width: WIDTH, height: HEIGHT, framesPerSecond: FRAMES_PER_SECOND, crf: site.crf });
    const capturedAt = `${night}T${String(18 + index).padStart(2, '0')}:00:00Z`;
    const about = { site: name, capturedAt, conditions: { light: clip.script.conditions.light } };
    writeFileSync(target.replace(/\.mp4$/, '.json'), JSON.stringify(about));
    truth.set(file, clip.events);
  }
  return truth;
}

/** What is seen through a smeared lens: everything is nearer to grey, and loses its edges. */
function* smear(frames: Iterable<Uint8Array>, dirt: number): Generator<Uint8Array> {
  const row = WIDTH * 3;
  for (const frame of frames) {
    const smeared = new Uint8Array(frame.length);
    for (let at = 0; at < frame.length; at += 1) {
      const around =
        (frame[at] ?? 0) +
        (frame[at - 9] ?? 128) +
        (frame[at + 9] ?? 128) +
        (frame[at - 3 * row] ?? 128) +
        (frame[at + 3 * row] ?? 128);
      smeared[at] = Math.round((around / 5) * (1 - dirt) + 150 * dirt);
    }
    yield smeared;
  }
}

/** The days from one on, as `sendNight` names them. */
export function nightsFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10));
}
