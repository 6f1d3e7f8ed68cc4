import { readdir, readFile, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSampleSource } from './file-sample-source.ts';
import { pinDataset } from './pin-dataset.ts';
import { makeWorkplace, pinLines, problemsOf, type Workplace } from './repository.fixture.ts';

const manifest = `version: 1
kind: research
task: classification
classes: [nothing, person]
root: ../../data
samples: { csv: truth.csv }
pins: bench.sha256
`;

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
  await place.write({
    'repository/datasets/bench.yaml': manifest,
    'data/truth.csv': 'file,class\nb.jpg,person\na.jpg,nothing\n',
    'data/a.jpg': 'A',
    'data/b.jpg': 'B',
  });
});
afterEach(() => place.remove());

const pin = () => pinDataset('datasets/bench.yaml', place.path('repository'));

describe('pinning a dataset', () => {
  it('pins every file it needs, its truth too, in the form of sha256sum', async () => {
    expect(await pin()).toEqual({
      file: 'datasets/bench.sha256',
      pinned: 3,
      added: ['b.jpg', 'a.jpg', 'truth.csv'],
      changed: [],
      removed: [],
    });
    const text = await readFile(place.path('repository/datasets/bench.sha256'), 'utf8');
    expect(text).toBe(pinLines({ 'a.jpg': 'A', 'b.jpg': 'B', 'truth.csv': 'file,class\nb.jpg,person\na.jpg,nothing\n' }));
    expect((await new FileSampleSource().load(place.ref('datasets/bench.yaml'))).dataset.round).toBe('research');
  });

  it('says what has changed since the last time, and leaves no draft behind', async () => {
    await pin();
    await place.write({ 'data/a.jpg': 'A2', 'data/c.jpg': 'C', 'data/truth.csv': 'file,class\na.jpg,nothing\nc.jpg,person\n' });
    await rm(place.path('data/b.jpg'));
    expect(await pin()).toMatchObject({ added: ['c.jpg'], changed: ['a.jpg', 'truth.csv'], removed: ['b.jpg'] });
    expect(await readdir(place.path('repository/datasets'))).toEqual(['bench.sha256', 'bench.yaml']);
  });

  it('writes nothing when a file is missing', async () => {
    await rm(place.path('data/b.jpg'));
    expect(await problemsOf(pin())).toEqual(['../data/truth.csv:2: b.jpg is not there (below ../data)']);
    expect(await readdir(place.path('repository/datasets'))).toEqual(['bench.yaml']);
  });
});
