import { readdir, readFile, rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentProgress } from '#kernel';
import { FileSampleSource } from './file-sample-source.ts';
import { pinDataset } from './pin-dataset.ts';
import { jpegOf, makeWorkplace, pinLines, problemsOf, type Workplace } from './repository.fixture.ts';

const manifest = `version: 1
kind: research
task: classification
classes: [nothing, person]
root: ../../data
samples: { csv: truth.csv }
pins: bench.sha256
`;

const a = await jpegOf(255, 0, 0);
const b = await jpegOf(0, 0, 255);
const c = await jpegOf(0, 255, 0);

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
  await place.write({
    'repository/datasets/bench.yaml': manifest,
    'data/truth.csv': 'file,class\nb.jpg,person\na.jpg,nothing\n',
    'data/a.jpg': a,
    'data/b.jpg': b,
  });
});
afterEach(() => place.remove());

const pin = (options?: Parameters<typeof pinDataset>[2]) => pinDataset('datasets/bench.yaml', place.path('repository'), options);

describe('pinning a dataset', () => {
  it('pins every file it needs, its truth too, in the form of sha256sum', async () => {
    expect(await pin()).toEqual({
      file: 'datasets/bench.sha256',
      pinned: 3,
      added: ['b.jpg', 'a.jpg', 'truth.csv'],
      changed: [],
      removed: [],
      bad: [],
    });
    const text = await readFile(place.path('repository/datasets/bench.sha256'), 'utf8');
    expect(text).toBe(pinLines({ 'a.jpg': a, 'b.jpg': b, 'truth.csv': 'file,class\nb.jpg,person\na.jpg,nothing\n' }));
    expect((await new FileSampleSource().load(place.ref('datasets/bench.yaml'))).dataset.round).toBe('research');
  });

  it('says what has changed since the last time, and leaves no draft behind', async () => {
    await pin();
    await place.write({ 'data/a.jpg': b, 'data/c.jpg': c, 'data/truth.csv': 'file,class\na.jpg,nothing\nc.jpg,person\n' });
    await rm(place.path('data/b.jpg'));
    expect(await pin()).toMatchObject({ added: ['c.jpg'], changed: ['a.jpg', 'truth.csv'], removed: ['b.jpg'] });
    expect(await readdir(place.path('repository/datasets'))).toEqual(['bench.sha256', 'bench.yaml']);
  });

  it('writes nothing when a file is missing', async () => {
    await rm(place.path('data/b.jpg'));
    expect(await problemsOf(pin())).toEqual(['../data/truth.csv:2: b.jpg is not there (below ../data)']);
    expect(await readdir(place.path('repository/datasets'))).toEqual(['bench.yaml']);
  });

  describe('whose pictures are broken', () => {
    const csv = 'file,class\na.jpg,nothing\nb.jpg,person\ncut.jpg,person\npage.jpg,person\nprint.jpg,person\nnone.jpg,person\n';
    beforeEach(async () => {
      const print = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
        .toColourspace('cmyk')
        .jpeg()
        .toBuffer();
      await place.write({
        'data/truth.csv': csv,
        'data/cut.jpg': a.subarray(0, 200),
        'data/page.jpg': '<html>not found</html>',
        'data/print.jpg': print,
        'data/none.jpg': '',
      });
    });

    it('names each with its line in the list, and writes nothing', async () => {
      expect(await problemsOf(pin())).toEqual([
        expect.stringMatching(/^\.\.\/data\/truth\.csv:4: cut\.jpg cannot be decoded: /),
        '../data/truth.csv:5: page.jpg cannot be decoded: it is no JPEG, PNG, WebP, GIF, TIFF, BMP, PGM or PPM',
        '../data/truth.csv:6: print.jpg is CMYK, which is made for print',
        '../data/truth.csv:7: none.jpg is empty',
      ]);
      expect(await readdir(place.path('repository/datasets'))).toEqual(['bench.yaml']);
    });

    it('decodes what is pinned already only when it is asked to', async () => {
      const files = { 'a.jpg': a, 'b.jpg': b, 'page.jpg': '<html>not found</html>', 'truth.csv': csv };
      await place.write({ 'repository/datasets/bench.sha256': pinLines(files) });
      const named = async (options?: { anew: boolean }) =>
        (await problemsOf(pin(options))).map((line) => /:(\d+):/.exec(line)?.[1]);
      expect(await named()).toEqual(['4', '6', '7']);
      expect(await named({ anew: true })).toEqual(['4', '5', '6', '7']);
    });
  });

  it('is the same on many threads as on one, and says how far it is', async () => {
    const names = Array.from({ length: 150 }, (_, index) => `${index}.jpg`);
    const pictures = Object.fromEntries(names.map((name, index) => [name, index % 2 === 0 ? a : b]));
    const csv = `file,class\n${names.map((name) => `${name},person\n`).join('')}`;
    await place.write({
      'data/truth.csv': csv,
      ...Object.fromEntries(Object.entries(pictures).map(([name, bytes]) => [`data/${name}`, bytes])),
    });
    let done = 0;
    const steps: (number | undefined)[] = [];
    const progress = {
      ...silentProgress,
      step: (_: string, total?: number) => void steps.push(total),
      advance: (count = 1) => void (done += count),
    };
    await pin({ progress });
    expect(await readFile(place.path('repository/datasets/bench.sha256'), 'utf8')).toBe(
      [...pinLines({ ...pictures, 'truth.csv': csv }).matchAll(/.+\n/g)]
        .map(([line]) => line)
        .toSorted(byPath)
        .join(''),
    );
    expect([steps, done]).toEqual([[151], 151]);
  });

  it('passes over what operating systems leave in folders', async () => {
    await place.write({
      'repository/datasets/bench.yaml': manifest.replace('{ csv: truth.csv }', '{ folders: true }'),
      'data/person/a.jpg': a,
      'data/nothing/b.jpg': b,
      ...Object.fromEntries(['Thumbs.db', 'desktop.ini', '.DS_Store', '._a.jpg'].map((name) => [`data/person/${name}`, 'junk'])),
      'data/.Spotlight-V100/x': 'junk',
      'data/$RECYCLE.BIN/x.jpg': 'junk',
      'data/__MACOSX/x.jpg': 'junk',
    });
    expect(await pin()).toMatchObject({ added: ['nothing/b.jpg', 'person/a.jpg'] });
  });
});

function byPath(one: string, other: string): number {
  return one.slice(66) < other.slice(66) ? -1 : 1;
}
