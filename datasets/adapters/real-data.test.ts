import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame, TimedEvent } from '../dataset.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { decodePicture } from './pictures.ts';
import { pinDataset } from './pin-dataset.ts';
import { makeWorkplace, type Workplace } from './repository.fixture.ts';

const real = resolve(import.meta.dirname, '../../../shared/data/real');
/** Times of the clips whose own folder holds none. */
const annotated = resolve(import.meta.dirname, '../../testing/worlds/real-clips');
const absent = !existsSync(real);

const bench = `version: 1
kind: research
task: classification
classes: imagenet-labels.txt
root: ../../real
samples: { csv: ground-truth.csv, folder: images }
pins: bench.sha256
`;
const street = `version: 1
kind: replay
task: classification
classes: imagenet-labels.txt
root: ../../real
clips:
  - file: clips/car-detection.mp4
    site: car-park
    conditions: { light: day }
    events: CARS
  - file: clips/one-by-one-person-detection.mp4
    site: corridor
    events: PEOPLE
pins: street.sha256
labels: { vehicle: [817, 656], person: [981] }
rule: { frames-per-second: 5, persistence: 2, merge-gap: 1s, tolerance: 500ms }
cluster: clip
`;

const boxes = `version: 1
kind: research
task: detection
root: ../../real/detection
truth: { coco: annotations.json, pictures: images }
pins: boxes.sha256
`;
const faces = `version: 1
kind: research
task: verification
root: ../../real/verification
truth: { pairs: pairs.csv, pictures: images }
pins: faces.sha256
`;

async function eventsIn(file: string): Promise<readonly TimedEvent[]> {
  const truth = JSON.parse(await readFile(file, 'utf8')) as {
    events: { label: string; startSeconds: number; endSeconds: number }[];
  };
  return truth.events.map(({ label, startSeconds, endSeconds }) => ({ label, start: startSeconds, end: endSeconds }));
}

/** The share of a frame's values that differ clearly from another's. */
function changed(frame: Frame, from: Frame): number {
  let count = 0;
  for (let at = 0; at < frame.pixels.length; at += 97)
    if (Math.abs((frame.pixels[at] ?? 0) - (from.pixels[at] ?? 0)) > 40) count += 97;
  return count / frame.pixels.length;
}

describe.skipIf(absent)('the real data (skipped where ../shared/data/real is not there)', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace();
    await symlink(real, place.path('real'));
    const cars = JSON.stringify(await eventsIn(`${real}/clips/car-detection.events.json`));
    const people = JSON.stringify(await eventsIn(`${annotated}/one-by-one-person-detection.events.json`));
    await place.write({
      'repository/datasets/bench.yaml': bench,
      'repository/datasets/boxes.yaml': boxes,
      'repository/datasets/faces.yaml': faces,
      'repository/datasets/street.yaml': street.replace('CARS', cars).replace('PEOPLE', people),
    });
    for (const name of ['bench', 'street', 'boxes', 'faces']) await pinDataset(`datasets/${name}.yaml`, place.path('repository'));
  });
  afterAll(() => place.remove());

  const load = (name: string) => new FileSampleSource().load(place.ref(`datasets/${name}.yaml`));

  it('has 200 pictures with their classes', async () => {
    const { dataset } = await load('bench');
    if (dataset.task !== 'classification') throw new Error('no pictures');
    expect(dataset.classes).toHaveLength(1000);
    expect(dataset.samples).toHaveLength(200);
    expect(dataset.samples[0]).toMatchObject({ id: 'images/n01440764_tench.JPEG', truth: 0 });
    expect(dataset.samples.at(-1)?.truth).toBe(995);
  });

  it('has 60 pictures with 175 boxes of 20 classes, and 300 pairs of 25 faces', async () => {
    const [{ dataset: detection }, { dataset: verification }] = [await load('boxes'), await load('faces')];
    if (detection.task !== 'detection' || verification.task !== 'verification') throw new Error('other tasks');
    expect(detection.classes).toHaveLength(20);
    expect(detection.samples).toHaveLength(60);
    expect(detection.samples.flatMap(({ truth }) => truth.boxes)).toHaveLength(175);
    expect(verification.samples).toHaveLength(25);
    expect([verification.pairs.length, verification.pairs.filter(({ same }) => same).length]).toEqual([300, 38]);
  });

  // sha256 over the pixels of all pictures in the order of their names, as Pillow 13.0 (`convert('RGB')`) decodes them.
  it.skipIf(process.arch !== 'x64')('has pictures whose pixels are those of Pillow, bit for bit (x64 only)', async () => {
    const open = await load('bench');
    if (open.dataset.medium !== 'pictures') throw new Error('no pictures');
    const hash = createHash('sha256');
    for (const sample of open.dataset.samples) hash.update((await decodePicture(await open.read(sample), 0, sample.id)).pixels);
    expect(hash.digest('hex')).toBe('b255e906c002eeb962d1d2a17eb75aad77cb639874efdc263bcaa16d5f4a83e6');
  });

  it('has a clip of 30.16 seconds with three events', async () => {
    const open = await load('street');
    if (open.dataset.medium !== 'clips') throw new Error('no clips');
    const [clip] = open.dataset.clips;
    if (!clip) throw new Error('no clip');
    expect(clip.events).toHaveLength(3);
    expect(await open.seconds(clip)).toBe(30.16);
  });

  // sha256 of `ffmpeg -i car-detection.mp4 -pix_fmt rgb24 -f rawvideo -`, and of PyAV's rgb24 arrays.
  it.skipIf(process.arch !== 'x64')('has frames that are those of ffmpeg (x64 only)', async () => {
    const open = await load('street');
    if (open.dataset.medium !== 'clips') throw new Error('no clips');
    const [clip] = open.dataset.clips;
    if (!clip) throw new Error('no clip');
    const hash = createHash('sha256');
    let frames = 0;
    for await (const { pixels } of open.frames(clip, 12.5)) {
      hash.update(pixels);
      frames += 1;
    }
    expect(frames).toBe(377);
    expect(hash.digest('hex')).toBe('f6fab26b5759cc8370f2fdf68c3b8f664f47c2bbde9e2c1832a3365d7e4e6923');
  });

  it('has a clip whose people come and go when its events say', async () => {
    const open = await load('street');
    if (open.dataset.medium !== 'clips') throw new Error('no clips');
    const clip = open.dataset.clips.find(({ site }) => site === 'corridor');
    if (!clip) throw new Error('no clip');
    expect(await open.seconds(clip)).toBeCloseTo(139.4, 1);
    let empty: Frame | undefined;
    const wrong: number[] = [];
    for await (const frame of open.frames(clip, 2)) {
      empty ??= frame;
      const near = (margin: number) =>
        clip.events.some(({ start, end }) => frame.timestamp > start - margin && frame.timestamp < end + margin);
      // Half a second about the ends, where little is seen of anybody, nothing is asked.
      const seen = changed(frame, empty) > 0.01;
      if ((near(-0.5) && !seen) || (!near(0.5) && seen)) wrong.push(frame.timestamp);
    }
    expect(wrong).toEqual([]);
  });
});
