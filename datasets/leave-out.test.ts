import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { bench, street } from '../testing/worlds/small-datasets.ts';
import type { SearchDataset, VerificationDataset } from './dataset.ts';
import { mayLeaveOut, withoutItems } from './leave-out.ts';

const samples = ['a.jpg', 'b.jpg', 'c.jpg'].map((id) => ({ id, pin: digestOf(id), truth: 'anna', slices: {} }));
const pictures = { round: 'research', medium: 'pictures', name: 'faces', digest: digestOf('faces'), samples } as const;
const pairs = [
  { a: 'a.jpg', b: 'b.jpg', same: true, fold: null },
  { a: 'a.jpg', b: 'c.jpg', same: true, fold: null },
];
const faces: VerificationDataset = { ...pictures, task: 'verification', pairs };
const search: SearchDataset = { ...pictures, task: 'search', queries: ['a.jpg', 'b.jpg'], gallery: ['b.jpg', 'c.jpg'] };
const bad = (...ids: string[]) => ids.map((id) => ({ id, reason: 'cannot be decoded' }));

describe('a dataset without what cannot be decoded', () => {
  it('is the same dataset where everything can be', () => {
    expect(withoutItems(bench, [])).toBe(bench);
  });

  it('holds all others, under another digest that hangs on which are left out and not on their order', () => {
    const left = withoutItems(bench, bad('1.png', '7.png'));
    expect(left.samples.map(({ id }) => id)).toEqual(bench.samples.map(({ id }) => id).filter((id) => !/^[17]\.png$/.test(id)));
    expect(left.digest).toBe(withoutItems(bench, bad('7.png', '1.png')).digest);
    expect(new Set([bench.digest, left.digest, withoutItems(bench, bad('1.png')).digest]).size).toBe(3);
  });

  it('may be one of clips', () => {
    expect(withoutItems(street, bad('0.mp4')).clips).toHaveLength(street.clips.length - 1);
  });

  it('has no pair, query or entry of a gallery that would need it', () => {
    expect(withoutItems(faces, bad('b.jpg')).pairs).toEqual([pairs[1]]);
    expect(withoutItems(search, bad('b.jpg'))).toMatchObject({ queries: ['a.jpg'], gallery: ['c.jpg'] });
  });
});

describe('policy', () => {
  it.each([
    [1, 0.5, true],
    [30, 0.5, true],
    [31, 0.5, false],
    [1, 0, false],
    [0, 0, true],
    [60, 1, false],
  ])('lets %i of 60 be left out where the share is %f: %s', (many, share, may) => {
    expect(mayLeaveOut(bench, bad(...bench.samples.slice(0, many).map(({ id }) => id)), share)).toBe(may);
  });
});
