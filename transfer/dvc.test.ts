import { describe, expect, it } from 'vitest';
import { dvcPath, readDvcFile, readDvcListing } from './dvc.ts';

const md5 = 'a304afb96060aad90176268345e10355';
const written = (lines: string) => `outs:\n- ${lines.trim().split('\n').join('\n  ')}\n`;

describe('what DVC tracks', () => {
  it.each([
    ['a folder', `md5: ${md5}.dir\nhash: md5\nsize: 3\nnfiles: 2\npath: bench`, { isFolder: true, layout: 'files/md5/' }],
    ['a file', `md5: ${md5}\nhash: md5\npath: truth.csv`, { isFolder: false, layout: 'files/md5/', path: 'truth.csv' }],
    ['a folder of before version 3', `md5: ${md5}.dir\npath: bench`, { isFolder: true, layout: '' }],
  ])('is %s', (_, lines, expected) => {
    expect(readDvcFile(written(lines), 'bench.dvc')).toMatchObject({ md5, ...expected });
  });

  it.each([
    ['no output', 'outs: []\n', /bench\.dvc:1:\d+ \(outs\): expected one output/],
    ['an md5 that leads elsewhere', written('md5: ../../x\npath: bench'), /bench\.dvc:2:\d+ \(outs\[0\]\.md5\): expected an md5/],
    ['something else', 'stages: {}\n', /bench\.dvc.*\(outs\)/],
  ])('is not %s', (_, text, message) => expect(() => readDvcFile(text, 'bench.dvc')).toThrow(message));

  it('lies in a remote by the first two digits', () => {
    expect(dvcPath({ layout: 'files/md5/', md5 }, '.dir')).toBe('files/md5/a3/04afb96060aad90176268345e10355.dir');
    expect(dvcPath({ layout: '', md5 })).toBe('a3/04afb96060aad90176268345e10355');
  });

  it.each([
    ['a list', JSON.stringify([{ md5, relpath: 'person/1.jpg' }]), [['person/1.jpg', md5]]],
    ['no JSON', '<html>', null],
    ['an md5 that leads elsewhere', JSON.stringify([{ md5: '../secret', relpath: 'a' }]), null],
  ])('is listed: %s', (_, text, expected) => {
    const listing = readDvcListing(text);
    expect(listing && [...listing]).toEqual(expected);
  });
});
