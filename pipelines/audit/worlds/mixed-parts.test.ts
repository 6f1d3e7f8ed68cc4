import { describe, expect, it } from 'vitest';
import { random } from '#eval';
import { releaseOf, digestOf } from '#kernel';
import type { ModelPart } from '#pipelines/check';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { reaching, swapped } from './mixed-parts.ts';

const check = await memoryCheck({ head: 'worse' });
const part = await check.measure('research');
const changed = releaseOf({ model: digestOf('worse'), runtime: null });
const own = (parts: readonly ModelPart[]) => parts.flatMap(({ measured }) => measured.answers);
const answersOf = (parts: readonly ModelPart[], word: string) =>
  own(parts).find(({ key }) => Object.values(key.release.stages).some(({ model }) => model === digestOf(word)))?.answers ?? [];
const same = (a: readonly unknown[], b: readonly unknown[]) =>
  a.filter((one, index) => JSON.stringify(one) === JSON.stringify(b[index])).length;
const [worse, old] = [answersOf([part], 'worse'), answersOf([part], 'old')];
/** 40 of 60 pictures are answered otherwise. */
const differing = worse.length - same(worse, old);

describe('a world in which a change reaches', () => {
  it.each([
    ['nothing', 0, 0],
    ['everything', 1, 1],
  ])('%s is that of one release', (_, share, reached) => {
    const world = reaching([part], changed, share, random(1));
    expect(answersOf(world, 'worse')).toEqual(reached === 1 ? worse : old);
    expect(answersOf(world, 'old')).toEqual(old);
  });

  it('a part of the samples holds as many of its answers, but for chance, and leaves the reference alone', () => {
    const counts = Array.from({ length: 200 }, (_, seed) => {
      const world = reaching([part], changed, 0.25, random(seed));
      expect(answersOf(world, 'old')).toEqual(old);
      return worse.length - same(answersOf(world, 'worse'), old);
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(Math.abs(mean - differing / 4)).toBeLessThan(3 * Math.sqrt((differing * 0.25 * 0.75) / counts.length));
  });
});

it('a world without a loss has each two answers once, and on average as many of either on both sides', () => {
  const counts = Array.from({ length: 200 }, (_, seed) => {
    const world = swapped([part], changed, random(seed));
    const [candidate, reference] = [answersOf(world, 'worse'), answersOf(world, 'old')];
    candidate.forEach((answer, index) =>
      expect([answer, reference[index]]).toEqual(expect.arrayContaining([worse[index], old[index]])),
    );
    return worse.length - same(candidate, old);
  });
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(Math.abs(mean - differing / 2)).toBeLessThan(3 * Math.sqrt((differing * 0.25) / counts.length));
});
