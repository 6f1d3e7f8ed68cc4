import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemsOf } from '../items.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { pinDataset } from './pin-dataset.ts';
import { jpegOf, makeWorkplace, problemsOf, type Workplace } from './repository.fixture.ts';

const golden = join(import.meta.dirname, '__golden__');
const research = `version: 1
kind: research
task: classification
classes: [nothing, person]
root: ../../data
samples: { folders: true }
pins: bench.sha256
`;
const replay = `version: 1
kind: replay
task: classification
classes: [nothing, person]
root: ../../data
clips:
  - { file: cut.mp4, site: lobby, events: [{ label: person, start: 0.1, end: 0.6 }] }
  - { file: whole.mp4, site: lobby, events: [] }
  - { frames: walk, frames-per-second: 2, site: yard, events: [] }
pins: bench.sha256
labels: { person: [person] }
rule: { frames-per-second: 5, persistence: 2, merge-gap: 1s, tolerance: 500ms }
`;

const whole = await jpegOf(9, 90, 200);
const clip = readFileSync(join(golden, 'clips/fragmented.mp4'));

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

async function write(manifest: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  await place.write({
    'repository/datasets/bench.yaml': manifest,
    ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`data/${name}`, bytes])),
  });
}

/** Pinned as they are: a recorder left them so, and somebody agreed. */
async function load(leaveOut?: number) {
  await pinDataset('datasets/bench.yaml', place.path('repository'), { keepBad: true });
  const ref = place.ref('datasets/bench.yaml');
  return await new FileSampleSource().load(leaveOut === undefined ? ref : { ...ref, leaveOut });
}

const idsOf = (open: Awaited<ReturnType<typeof load>>) => itemsOf(open.dataset).map(({ id }) => id);

describe('a picture that cannot be decoded', () => {
  const cut = whole.subarray(0, whole.length - 40);
  beforeEach(() => write(research, { 'nothing/a.jpg': whole, 'nothing/b.jpg': cut, 'person/c.jpg': whole }));

  it('is pinned and named where somebody says so, and else refused', async () => {
    const pin = (keepBad: boolean) => pinDataset('datasets/bench.yaml', place.path('repository'), { keepBad });
    expect(await problemsOf(pin(false))).toEqual([expect.stringContaining('nothing/b.jpg cannot be decoded: ')]);
    expect(await pin(true)).toMatchObject({
      pinned: 3,
      bad: [{ id: 'nothing/b.jpg', reason: expect.stringContaining('cannot be decoded: ') }],
    });
  });

  it('is left out where policy allows it, and told with the reason', async () => {
    const open = await load(0.5);
    expect(idsOf(open)).toEqual(['nothing/a.jpg', 'person/c.jpg']);
    expect(open.leftOut).toEqual([{ id: 'nothing/b.jpg', reason: expect.stringMatching(/^cannot be decoded: /) }]);
  });

  it('is named where policy allows fewer', async () => {
    expect(await problemsOf(load(0.2))).toEqual([
      expect.stringMatching(/^datasets\/bench\.yaml: nothing\/b\.jpg: cannot be decoded: /),
    ]);
  });

  it('is told from one that can be, so that no model is blamed', async () => {
    const open = await load();
    if (open.dataset.medium !== 'pictures') throw new Error('no pictures');
    const faults = open.dataset.samples.map(async (sample) => await open.pictureFault?.(sample));
    expect(await Promise.all(faults)).toEqual([null, expect.stringMatching(/^cannot be decoded: /), null]);
  });

  it('is no excuse for another that is not the pinned one', async () => {
    await load(0.5);
    await place.write({ 'data/person/c.jpg': await jpegOf(1, 2, 3) });
    const again = new FileSampleSource().load({ ...place.ref('datasets/bench.yaml'), leaveOut: 0.9 });
    await expect(again).rejects.toThrow('../data/person/c.jpg: is not the pinned bytes');
  });
});

describe('a clip that cannot be decoded', () => {
  const files = {
    'whole.mp4': clip,
    'cut.mp4': clip.subarray(0, 700),
    'walk/1.jpg': whole,
    'walk/2.jpg': whole.subarray(0, whole.length - 40),
  };
  beforeEach(() => write(replay, files));

  it('is left out where policy allows it, a folder of frames too', async () => {
    const open = await load(0.7);
    expect(idsOf(open)).toEqual(['whole.mp4']);
    expect(open.leftOut).toEqual([
      { id: 'cut.mp4', reason: expect.stringMatching(/^(cannot be|holds no|has no)/) },
      { id: 'walk', reason: expect.stringMatching(/^walk\/2\.jpg cannot be decoded: /) },
    ]);
  });

  it('stops where policy says nothing', async () => {
    expect(await problemsOf(load())).toEqual([expect.stringMatching(/^\.\.\/data\/cut\.mp4: /)]);
  });
});
