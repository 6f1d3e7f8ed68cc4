import { describe, expect, it } from 'vitest';
import { readCsvPairs } from './csv-pairs.ts';
import { readCsvSearch } from './csv-search.ts';
import { drawPairs } from './draw-pairs.ts';
import { readIdentityFolders } from './identity-folders.ts';
import { readLfwPairs } from './lfw-pairs.ts';

const lfw = `2\t1
Ann\t1\t4
Ann\t2\tBob_de_la\t12
Cy\t3\t1
Cy\t1\tBob_de_la\t1
`;

describe('LFW’s pairs.txt', () => {
  it('gives pairs with their folds, and pictures with whom they show', () => {
    const { value, problems } = readLfwPairs(lfw, 'pairs.txt');
    expect(problems).toEqual([]);
    expect(value.pairs.map(({ a, b, same, fold }) => [a, b, same, fold])).toEqual([
      ['Ann/Ann_0001.jpg', 'Ann/Ann_0004.jpg', true, 0],
      ['Ann/Ann_0002.jpg', 'Bob_de_la/Bob_de_la_0012.jpg', false, 0],
      ['Cy/Cy_0003.jpg', 'Cy/Cy_0001.jpg', true, 1],
      ['Cy/Cy_0001.jpg', 'Bob_de_la/Bob_de_la_0001.jpg', false, 1],
    ]);
    expect(value.pictures).toHaveLength(7);
    expect(value.pictures.find(({ file }) => file === 'Bob_de_la/Bob_de_la_0012.jpg')?.identity).toBe('Bob_de_la');
  });

  it('of one number has no folds', () => {
    expect(readLfwPairs('1\nAnn 1 2\nAnn 1 Bob 1\n', 'x').value.pairs.map(({ fold }) => fold)).toEqual([null, null]);
  });

  it.each([
    ['Ann 1 2\n', 'x:1: is not two numbers'],
    ['1 1\nAnn 1 Bob 1\nAnn 1 2\n', 'x:2: is of two people, within the first 1 of a fold'],
    ['1 1\nAnn 1 1\nAnn 1 Bob 1\n', 'x:2: pairs a picture with itself'],
    ['1 1\nAnn 1 2\nAnn 1 Bob\n', 'x:3: is not a pair'],
    ['1 2\nAnn 1 2\n', 'x:1: says 1 x 4 pairs, and lists 1'],
  ])('%j is refused', (text, expected) => {
    const [problem] = readLfwPairs(text, 'x').problems;
    expect(`${problem?.file ?? ''}:${problem?.line ?? ''}: ${problem?.message ?? ''}`).toBe(expected);
  });
});

describe('a CSV of pairs', () => {
  it('may say folds and identities', () => {
    const text = 'file_a,file_b,same,fold,identity_a,identity_b\na.jpg,b.jpg,1,0,x,x\na.jpg,c.jpg,no,1,x,\n';
    const { value, problems } = readCsvPairs(text, 'pairs.csv');
    expect(problems).toEqual([]);
    expect(value.pairs.map(({ a, b, same, fold }) => [a, b, same, fold])).toEqual([
      ['a.jpg', 'b.jpg', true, 0],
      ['a.jpg', 'c.jpg', false, 1],
    ]);
    expect(value.pictures.map(({ file, identity }) => [file, identity])).toEqual([
      ['a.jpg', 'x'],
      ['b.jpg', 'x'],
      ['c.jpg', null],
    ]);
  });

  it.each([
    ['file_a,same\na,1', 'x:1: there is no column `file_b`'],
    ['file_a,file_b,same\na,b,maybe', 'x:2: "maybe" does not say whether they are the same'],
    ['file_a,file_b,same\na,a,1', 'x:2: pairs a picture with itself'],
    ['file_a,file_b,same\na,b', 'x:2: has 2 cells where the header has 3'],
    ['file_a,file_b,same,identity_a,identity_b\na,b,1,p,q', 'x:2: says the same of identities "p" and "q"'],
    ['file_a,file_b,same,identity_a,identity_b\na,b,0,p,q\na,c,0,r,q', 'x:3: a shows "p" in another row'],
  ])('%j is refused', (text, expected) => {
    const [problem] = readCsvPairs(text, 'x').problems;
    expect(`${problem?.file ?? ''}:${problem?.line ?? ''}: ${problem?.message ?? ''}`).toBe(expected);
  });
});

describe('pairs drawn from folders of identities', () => {
  const at = { file: 'x' };
  const listings = Array.from({ length: 12 }, (_, person) => ({
    folder: `p${person}`,
    folders: [],
    files: ['Thumbs.db', ...Array.from({ length: 2 + (person % 4) }, (__, picture) => `${picture}.jpg`)],
  }));
  const faces = readIdentityFolders(listings, at);

  it('knows whom each picture shows, and passes over what systems leave', () => {
    expect(faces.problems).toEqual([]);
    expect(faces.value).toHaveLength(42);
  });

  it('are half of one identity, distinct, and of one fold’s identities alone', () => {
    const pairs = drawPairs(faces.value, { pairs: 36, folds: 3, seed: 1 }, at);
    const identity = (file: string) => file.slice(0, file.indexOf('/'));
    expect(pairs.filter(({ same }) => same)).toHaveLength(18);
    expect(pairs).toHaveLength(36);
    expect(pairs.every(({ a, b, same }) => (identity(a) === identity(b)) === same)).toBe(true);
    expect(new Set(pairs.map(({ a, b }) => [a, b].toSorted().join())).size).toBe(36);
    const foldOf = new Map<string, Set<number | null>>();
    for (const { a, b, fold } of pairs)
      for (const one of [a, b]) foldOf.set(identity(one), (foldOf.get(identity(one)) ?? new Set()).add(fold));
    expect([...foldOf.values()].every(({ size }) => size === 1)).toBe(true);
  });

  it('are the same for the same seed in whatever order pictures are listed, and others for another', () => {
    const draw = { pairs: 40, folds: 2, seed: 7 };
    const first = drawPairs(faces.value, draw, at);
    expect(drawPairs(faces.value.toReversed(), draw, at)).toEqual(first);
    expect(drawPairs(faces.value, { ...draw, seed: 8 }, at)).not.toEqual(first);
  });

  it('are all that there are, where fewer are there than are wanted', () => {
    const few = faces.value.filter(({ identity }) => identity === 'p0' || identity === 'p4');
    const pairs = drawPairs(few, { pairs: 1000, folds: 10, seed: 1 }, at);
    expect([pairs.filter(({ same }) => same).length, pairs.filter(({ same }) => !same).length]).toEqual([2, 4]);
  });
});

describe('a CSV of queries and a gallery', () => {
  it('gives each picture its role', () => {
    const { value, problems } = readCsvSearch('file,identity,role,light\nq.jpg,a,query,night\ng.jpg,a,gallery,\n', 'x');
    expect(problems).toEqual([]);
    expect(value.map(({ file, role, slices }) => [file, role, slices])).toEqual([
      ['q.jpg', 'query', { light: 'night' }],
      ['g.jpg', 'gallery', {}],
    ]);
  });

  it.each([
    ['file,identity,role\nq,a,query\ng,b,gallery\n', 'x:2: the gallery has no picture of "a"'],
    ['file,identity,role\nq,a,probe\n', 'x:2: "probe" is neither query nor gallery'],
    ['file,identity,role\ng,a,gallery\n', 'x:: has no query, or no gallery'],
  ])('%j is refused', (text, expected) => {
    const [problem] = readCsvSearch(text, 'x').problems;
    expect(`${problem?.file ?? ''}:${problem?.line ?? ''}: ${problem?.message ?? ''}`).toBe(expected);
  });
});
