import { describe, expect, it } from 'vitest';
import type { SearchDataset, VerificationDataset } from '../dataset.ts';
import { benchOfOwn, picture } from './pinned-dataset.fixture.ts';
import { problemsOf } from './repository.fixture.ts';

const { load, pinned } = benchOfOwn();

describe('a verification dataset', () => {
  it('of LFW’s pairs has folds, and knows whom the pictures show', async () => {
    const dataset = (await pinned('verification', 'truth: { lfw: pairs.txt, pictures: lfw }\n', {
      'repository/datasets/pairs.txt': '1\t1\nAnn\t1\t2\nAnn\t1\tBo\t1\n',
      'lfw/Ann/Ann_0001.jpg': picture,
      'lfw/Ann/Ann_0002.jpg': picture,
      'lfw/Bo/Bo_0001.jpg': picture,
    })) as VerificationDataset;
    expect(dataset.samples.map(({ id, truth }) => [id, truth])).toEqual([
      ['lfw/Ann/Ann_0001.jpg', 'Ann'],
      ['lfw/Ann/Ann_0002.jpg', 'Ann'],
      ['lfw/Bo/Bo_0001.jpg', 'Bo'],
    ]);
    expect(dataset.pairs).toEqual([
      { a: 'lfw/Ann/Ann_0001.jpg', b: 'lfw/Ann/Ann_0002.jpg', same: true, fold: null },
      { a: 'lfw/Ann/Ann_0001.jpg', b: 'lfw/Bo/Bo_0001.jpg', same: false, fold: null },
    ]);
  });

  it('of a CSV has its pairs', async () => {
    const dataset = await pinned('verification', 'truth: { pairs: pairs.csv }\n', {
      'pairs.csv': 'file_a,file_b,same\na.jpg,b.jpg,1\na.jpg,c.jpg,0\n',
      'a.jpg': picture,
      'b.jpg': picture,
      'c.jpg': picture,
    });
    expect(dataset).toMatchObject({
      task: 'verification',
      pairs: [{ same: true }, { same: false }],
      samples: [{ truth: null }, {}, {}],
    });
  });

  it('draws pairs from folders of identities, the same each time', async () => {
    const names = ['p/1.jpg', 'p/2.jpg', 'q/1.jpg', 'q/2.jpg'].map((name) => [`faces/${name}`, picture]);
    const rest = 'truth: { identities: faces, pairs: 4, seed: 3 }\n';
    const dataset = (await pinned('verification', rest, Object.fromEntries(names))) as VerificationDataset;
    expect(dataset.pairs.filter(({ same }) => same)).toHaveLength(2);
    expect(dataset.pairs).toHaveLength(4);
    expect((await load()).digest).toBe(dataset.digest);
  });

  it('without pairs of both kinds is refused', async () => {
    const made = pinned('verification', 'truth: { pairs: p.csv }\n', {
      'p.csv': 'file_a,file_b,same\na.jpg,b.jpg,1\n',
      'a.jpg': picture,
      'b.jpg': picture,
    });
    expect(await problemsOf(made)).toEqual([
      'datasets/bench.yaml:6: has 1 pairs of the same and 0 of different ones: both are needed',
    ]);
  });
});

describe('a search dataset', () => {
  it.each<[string, string, Record<string, string | Uint8Array>]>([
    ['of folders', 'truth: { queries: query, gallery: gallery }\n', {}],
    [
      'of a CSV',
      'truth: { search: items.csv }\n',
      { 'items.csv': 'file,identity,role\nquery/p/1.jpg,p,query\ngallery/p/2.jpg,p,gallery\ngallery/q/1.jpg,q,gallery\n' },
    ],
  ])('%s has queries and a gallery', async (_, rest, files) => {
    const dataset = (await pinned('search', rest, {
      ...files,
      'query/p/1.jpg': picture,
      'gallery/p/2.jpg': picture,
      'gallery/q/1.jpg': picture,
    })) as SearchDataset;
    expect(dataset.samples.map(({ id, truth }) => [id, truth])).toEqual([
      ['gallery/p/2.jpg', 'p'],
      ['gallery/q/1.jpg', 'q'],
      ['query/p/1.jpg', 'p'],
    ]);
    expect([dataset.queries, dataset.gallery]).toEqual([['query/p/1.jpg'], ['gallery/p/2.jpg', 'gallery/q/1.jpg']]);
  });
});

describe('the cameras of a search dataset', () => {
  const files = { 'query/p/1_c1s1_0.jpg': picture, 'gallery/p/2_c2s1_0.jpg': picture, 'gallery/q/1_c12s1_0.jpg': picture };
  const cameras = { 'query/p/1_c1s1_0.jpg': '1', 'gallery/p/2_c2s1_0.jpg': '2', 'gallery/q/1_c12s1_0.jpg': '12' };
  const rows = Object.keys(files).map((file) => {
    const [role = '', identity = ''] = file.split('/');
    return `${file},${identity},${role},${cameras[file as keyof typeof cameras]}`;
  });
  const csv = ['file,identity,role,cam', ...rows].join('\n');

  it.each<[string, string, Record<string, string>]>([
    ['are in the names', 'truth: { queries: query, gallery: gallery }\ncamera: in-name\n', {}],
    ['are in a column', 'truth: { search: items.csv }\ncamera: { column: cam }\n', { 'items.csv': csv }],
  ])('%s', async (_, rest, more) => {
    expect(await pinned('search', rest, { ...more, ...files })).toMatchObject({ cameras });
  });

  it('are asked for by their line where they are not told', async () => {
    const lines = await problemsOf(
      pinned('search', 'truth: { search: items.csv }\ncamera: { column: lens }\n', { 'items.csv': csv, ...files }),
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('../data/items.csv:2: query/p/1_c1s1_0.jpg: column "lens" tells no camera');
  });
});
