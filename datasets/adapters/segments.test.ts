import { readdirSync, readFileSync } from 'node:fs';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clip } from '../dataset.ts';
import type { OpenDataset } from '../sample-source.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { pinDataset } from './pin-dataset.ts';
import { makeWorkplace, problemsOf, type Workplace } from './repository.fixture.ts';

const golden = join(import.meta.dirname, '__golden__/clips');

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
  for (const name of ['hls', 'hls-fmp4', 'segments-mp4', 'raw.h264'])
    await cp(join(golden, name), place.path('data', name), { recursive: true });
});
afterEach(() => place.remove());

async function writeManifest(clip: string): Promise<void> {
  const manifest = `version: 1
kind: replay
task: classification
classes: [nothing, person]
root: ../../data
clips: [{ ${clip}, site: lobby, events: [{ label: person, start: 0.5, end: 1.5 }] }]
pins: street.sha256
labels: { person: [person] }
rule: { frames-per-second: 5, persistence: 1, merge-gap: 1s, tolerance: 500ms }
`;
  await place.write({ 'repository/datasets/street.yaml': manifest });
}

const pin = () => pinDataset('datasets/street.yaml', place.path('repository'));
const load = () => new FileSampleSource().load(place.ref('datasets/street.yaml'));

function clipOf({ dataset }: OpenDataset): Clip {
  if (dataset.medium !== 'clips' || dataset.clips[0] === undefined) throw new Error('no clip');
  return dataset.clips[0];
}

async function timesOf(open: OpenDataset): Promise<readonly number[]> {
  const frames = await Array.fromAsync(open.frames(clipOf(open), 5));
  return frames.map(({ timestamp }) => Number(timestamp.toFixed(3)));
}

const filesOf = (name: string) => readdirSync(join(golden, name)).map((file) => `${name}/${file}`);
const everyTick = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8];

describe('a clip of several files', () => {
  it.each([
    ['a playlist', 'file: hls/index.m3u8', filesOf('hls')],
    ['a playlist of fragments', 'file: hls-fmp4/index.m3u8', filesOf('hls-fmp4')],
    ['a folder', 'segments: segments-mp4', filesOf('segments-mp4')],
  ])('as %s has a pin for each file, and times that run on', async (_, clip, files) => {
    await writeManifest(clip);
    expect((await pin()).added.toSorted()).toEqual(files.toSorted());
    const open = await load();
    expect(await timesOf(open)).toEqual(everyTick);
    expect(await open.seconds(clipOf(open))).toBeCloseTo(2, 1);
  });

  it('is not decoded when one of them is no longer the pinned one', async () => {
    await writeManifest('segments: segments-mp4');
    await pin();
    await writeFile(place.path('data/segments-mp4/1.mp4'), readFileSync(join(golden, 'h264.mp4')));
    await expect(load().then(timesOf)).rejects.toThrow('../data/segments-mp4/1.mp4: is not the pinned bytes');
  });

  it('is another dataset when their order is another', async () => {
    await writeManifest('file: hls/index.m3u8');
    await pin();
    const before = (await load()).dataset.digest;
    const playlist = readFileSync(place.path('data/hls/index.m3u8'), 'utf8');
    await writeFile(
      place.path('data/hls/index.m3u8'),
      playlist.replace('0.m2ts', 'x').replace('1.m2ts', '0.m2ts').replace('x\n', '1.m2ts\n'),
    );
    await pin();
    expect((await load()).dataset.digest).not.toBe(before);
  });

  it('is refused with its line where a playlist names what is elsewhere, a link included', async () => {
    await writeManifest('file: hls/index.m3u8');
    await writeFile(place.path('data/hls/index.m3u8'), '#EXTM3U\n#EXTINF:1,\n../../secret.ts\n');
    expect(await problemsOf(pin())).toContain('../data/hls/index.m3u8:3: "../../secret.ts" leaves the folder');
    await symlink('/etc/hostname', place.path('data/hls/link.ts'));
    await writeFile(place.path('data/hls/index.m3u8'), '#EXTM3U\n#EXTINF:1,\nlink.ts\n');
    expect(await problemsOf(pin())).toContain(
      'datasets/street.yaml:6: hls/link.ts is a symbolic link that leads out of the root (below ../data)',
    );
  });

  it('is refused where a segment or all of them are missing', async () => {
    await writeManifest('file: hls/index.m3u8');
    await writeFile(place.path('data/hls/index.m3u8'), '#EXTM3U\n#EXTINF:1,\ngone.ts\n');
    expect(await problemsOf(pin())).toEqual(['datasets/street.yaml:6: hls/gone.ts is not there (below ../data)']);
    await place.write({ 'data/empty/readme.txt': 'nothing' });
    await writeManifest('segments: empty');
    expect(await problemsOf(pin())).toEqual(['datasets/street.yaml:6: folder empty holds no videos']);
  });
});

describe('a stream that keeps no times', () => {
  it('has those of its declared rate', async () => {
    await writeManifest('file: raw.h264, frames-per-second: 10');
    await pin();
    expect(await timesOf(await load())).toEqual(everyTick);
  });

  it('is refused without one, and a rate where a file has times', async () => {
    await writeManifest('file: raw.h264');
    expect(await problemsOf(pin())).toEqual(['datasets/street.yaml:6: raw.h264 holds pictures and no times']);
    await writeManifest('file: segments-mp4/0.mp4, frames-per-second: 10');
    expect(await problemsOf(pin())).toEqual(['datasets/street.yaml:6: segments-mp4/0.mp4 tells the times of its frames itself']);
  });
});
