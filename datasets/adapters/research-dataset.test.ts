import { appendFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSampleSource } from './file-sample-source.ts';
import { jpegOf, makeWorkplace, pinLines, problemsOf, type Workplace } from './repository.fixture.ts';

const red = await jpegOf(255, 0, 0);
const blue = await jpegOf(0, 0, 255);

const manifest = (samples: string, rest = '') => `version: 1
kind: research
task: classification
classes: [nothing, person]
root: ../../data
samples: ${samples}
pins: bench.sha256
${rest}`;

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
});
afterEach(() => place.remove());

const load = () => new FileSampleSource().load(place.ref('datasets/bench.yaml'));

async function writeFolders(): Promise<void> {
  const files = { 'nothing/a.jpg': red, 'person/b.jpg': blue };
  await place.write({
    'repository/datasets/bench.yaml': manifest('{ folders: true }'),
    'repository/datasets/bench.sha256': pinLines(files),
    'data/nothing/a.jpg': red,
    'data/person/b.jpg': blue,
  });
}

async function writeCsv(csv: string, samples = '{ csv: truth.csv }'): Promise<void> {
  await place.write({
    'repository/datasets/bench.yaml': manifest(samples),
    'repository/datasets/truth.csv': csv,
    'repository/datasets/bench.sha256': pinLines({ 'a.jpg': red, 'b.jpg': blue }),
    'data/a.jpg': red,
    'data/b.jpg': blue,
  });
}

describe('a research dataset of folders', () => {
  it('takes the class from the folder and gives the stored bytes', async () => {
    await writeFolders();
    const { dataset, read } = await load().then((open) => ({ dataset: open.dataset, read: open.read.bind(open) }));
    if (dataset.medium !== 'pictures') throw new Error('no pictures');
    expect(dataset.samples.map(({ id, truth }) => [id, truth])).toEqual([
      ['nothing/a.jpg', 0],
      ['person/b.jpg', 1],
    ]);
    const [first] = dataset.samples;
    if (!first) throw new Error('no sample');
    expect(Buffer.from(await read(first)).equals(Buffer.from(red))).toBe(true);
  });

  it('names every file that has no pin, and every pin whose file is gone', async () => {
    await writeFolders();
    await place.write({ 'data/person/c.jpg': red });
    await rm(place.path('data/nothing/a.jpg'));
    expect(await problemsOf(load())).toEqual([
      'datasets/bench.yaml:6: person/c.jpg has no pin in datasets/bench.sha256',
      'datasets/bench.sha256:1: nothing/a.jpg is pinned, but is not there',
    ]);
  });

  it('refuses folders that are no class, and files that are no pictures', async () => {
    await writeFolders();
    await place.write({ 'data/cat/x.jpg': red, 'data/person/notes.txt': 'hello', 'data/README.md': 'not a sample' });
    expect(await problemsOf(load())).toEqual([
      'datasets/bench.yaml:6: folder "cat": unknown class "cat"',
      'datasets/bench.yaml:6: person/notes.txt is not a picture',
    ]);
  });

  it('refuses links that lead out of the root, as files and as class folders', async () => {
    await writeFolders();
    await place.write({ 'secret/s.jpg': red });
    await symlink(place.path('secret/s.jpg'), place.path('data/person/s.jpg'));
    await symlink(place.path('secret'), place.path('data/cat'));
    expect(await problemsOf(load())).toEqual([
      'datasets/bench.yaml:6: person/s.jpg is a symbolic link that leads out of the root (below ../data)',
      'datasets/bench.yaml:6: cat is a symbolic link that leads out of the root (below ../data)',
    ]);
  });
});

describe('a research dataset with a CSV', () => {
  it('reads truth and slices, and leaves empty slices out', async () => {
    await writeCsv('file,class,light\na.jpg,person,night\nb.jpg,nothing,\n');
    const { dataset } = await load();
    if (dataset.medium !== 'pictures') throw new Error('no pictures');
    expect(dataset.samples).toMatchObject([
      { id: 'a.jpg', truth: 1, slices: { light: 'night' } },
      { id: 'b.jpg', truth: 0, slices: {} },
    ]);
  });

  it('has the same digest whatever the order of rows and columns, and another when an answer changes', async () => {
    await writeCsv('file,class\na.jpg,person\nb.jpg,nothing\n');
    const first = await load();
    await writeCsv('class_index,file\n0,b.jpg\n1,a.jpg\n');
    const second = await load();
    await writeCsv('class_index,file\n1,b.jpg\n1,a.jpg\n');
    const third = await load();
    expect(second.dataset.digest).toBe(first.dataset.digest);
    expect(third.dataset.digest).not.toBe(first.dataset.digest);
  });

  it('lists every wrong row at once, with its line', async () => {
    await writeCsv('file,class\na.jpg,cat\n"b.jpg",nothing\nb.jpg,nothing\nmissing.jpg,person\n../../etc/passwd,person\nshort\n');
    expect(await problemsOf(load())).toEqual([
      'datasets/truth.csv:2: unknown class "cat"',
      'datasets/truth.csv:7: has 1 cells where the header has 2',
      'datasets/truth.csv:4: b.jpg is listed twice',
      'datasets/truth.csv:6: path "../../etc/passwd" leaves the folder',
      'datasets/truth.csv:5: missing.jpg is not there (below ../data)',
    ]);
  });

  it('is read from the data folder only when it is pinned there', async () => {
    await writeCsv('file,class\na.jpg,person\nb.jpg,nothing\n');
    const csv = 'file,class\na.jpg,nothing\nb.jpg,nothing\n';
    await rm(place.path('repository/datasets/truth.csv'));
    await place.write({ 'data/truth.csv': csv });
    expect(await problemsOf(load())).toEqual(['../data/truth.csv: has no pin in datasets/bench.sha256']);
    await appendFile(place.path('repository/datasets/bench.sha256'), pinLines({ 'truth.csv': csv }));
    const { dataset } = await load();
    // A change that adds a list of its own beside the manifest does not take the pinned one's place.
    await place.write({ 'repository/datasets/truth.csv': 'file,class\na.jpg,person\nb.jpg,person\n' });
    expect((await load()).dataset.digest).toBe(dataset.digest);
    await appendFile(place.path('data/truth.csv'), 'c.jpg,person\n');
    expect((await problemsOf(load()))[0]).toMatch(/^\.\.\/data\/truth\.csv: is not the pinned bytes: found sha256:/);
  });

  it('finds images below a folder of the root', async () => {
    await writeCsv('file,class\nb.jpg,person\n', '{ csv: truth.csv, folder: pictures }');
    await place.write({ 'data/pictures/b.jpg': blue, 'repository/datasets/bench.sha256': pinLines({ 'pictures/b.jpg': blue }) });
    expect((await load()).dataset).toMatchObject({ samples: [{ id: 'pictures/b.jpg' }] });
  });
});

describe('a file that is not the pinned one', () => {
  it('is named with its pin, what was found, and what to do', async () => {
    await writeFolders();
    const open = await load();
    if (open.dataset.medium !== 'pictures') throw new Error('no pictures');
    const [sample] = open.dataset.samples;
    if (!sample) throw new Error('no sample');
    await open.read(sample);
    await truncate(place.path('data/nothing/a.jpg'), 100);
    await expect(open.read(sample)).rejects.toThrow(
      /^\.\.\/data\/nothing\/a\.jpg: is not the pinned bytes: found sha256:[0-9a-f]{64} \(100 bytes\); datasets\/bench\.sha256 pins sha256:[0-9a-f]{64}\n {2}remedy: restore the file; or, when the change is meant, review it and run: fieldproof pin datasets\/bench\.yaml$/,
    );
    await writeFile(place.path('data/nothing/a.jpg'), '');
    await expect(open.read(sample)).rejects.toThrow(
      /^\.\.\/data\/nothing\/a\.jpg: is empty; datasets\/bench\.sha256 pins sha256:/,
    );
    await rm(place.path('data/nothing/a.jpg'));
    await expect(open.read(sample)).rejects.toThrow(/^\.\.\/data\/nothing\/a\.jpg: cannot be read: ENOENT/);
  });
});

describe('a manifest', () => {
  it('lists all its problems with line and column', async () => {
    await writeFolders();
    await place.write({
      'repository/datasets/bench.yaml': manifest('{ folders: yes, extra: 1 }', 'colour: blue\n').replace(
        'version: 1',
        'version: 2',
      ),
    });
    await expect(load()).rejects.toThrow(
      /bench\.yaml:1:1 \(version\): [\s\S]*bench\.yaml:6:\d+ [\s\S]*bench\.yaml:8:1 \(colour\): unknown field "colour"/,
    );
  });

  it('says which of its folders and files are not there', async () => {
    await writeFolders();
    await place.write({ 'repository/datasets/bench.yaml': manifest('{ csv: absent.csv }') });
    expect(await problemsOf(load())).toEqual([
      'datasets/bench.yaml:6: absent.csv is neither datasets/absent.csv in the repository nor ../data/absent.csv on disk',
    ]);
    await rm(place.path('repository/datasets/bench.sha256'));
    expect(await problemsOf(load())).toEqual(['datasets/bench.yaml:7: datasets/bench.sha256 is not there']);
    await rm(place.path('data'), { recursive: true });
    expect(await problemsOf(load())).toEqual(['datasets/bench.yaml:5: the data folder ../data is not there']);
    await rm(place.path('repository/datasets/bench.yaml'));
    expect(await problemsOf(load())).toEqual(['datasets/bench.yaml: the manifest of dataset "bench" is not there']);
  });

  it('may not name files outside its folder, nor an absolute root', async () => {
    await writeFolders();
    const hostile = manifest('{ csv: ../../../etc/passwd }')
      .replace('root: ../../data', 'root: /etc')
      .replace('bench.sha256', '../../x');
    await place.write({ 'repository/datasets/bench.yaml': hostile });
    expect(await problemsOf(load())).toEqual([
      'datasets/bench.yaml:5: is absolute, and no other machine has the same folders',
      'datasets/bench.yaml:7: path "../../x" leaves the folder',
    ]);
    await place.write({ 'repository/datasets/bench.yaml': manifest('{ csv: ../../../etc/passwd }') });
    expect(await problemsOf(load())).toEqual(['datasets/bench.yaml:6: path "../../../etc/passwd" leaves the folder']);
  });
});
