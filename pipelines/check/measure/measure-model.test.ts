import { describe, expect, it } from 'vitest';
import { releaseId } from '#kernel';
import { memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import { ITEMS } from '../../../testing/worlds/small-datasets.ts';

const whoAnswered = (part: Awaited<ReturnType<Awaited<ReturnType<typeof memoryCheck>>['measure']>>) =>
  part.measured.answers.map(({ task, key, answers }) => [task, releaseId(key.release), answers.length]);

describe('what a machine measures of a model', () => {
  const [candidate, deployed] = ['better', 'old'].map((word) => releaseId(releaseNamed(word)));

  it('is what both releases answer to the datasets of the round', async () => {
    const check = await memoryCheck();
    expect(whoAnswered(await check.measure('research'))).toEqual([
      ['classification', candidate, ITEMS],
      ['classification', deployed, ITEMS],
    ]);
    expect(whoAnswered(await check.measure('replay'))).toEqual([
      ['events', candidate, ITEMS],
      ['events', deployed, ITEMS],
    ]);
  });

  it('is speed too, once footage may be looked at', async () => {
    const check = await memoryCheck();
    expect((await check.measure('research')).measured.speeds).toEqual([]);
    const { speeds } = (await check.measure('replay')).measured;
    expect(speeds).toMatchObject([{ chipset: 'edge', reference: releaseNamed('old') }]);
    expect(new Set(speeds[0]?.attempts[0]?.map(({ arm }) => arm))).toEqual(new Set(['candidate', 'reference', 'control']));
  });

  it('holds no word of truth', async () => {
    const check = await memoryCheck();
    const parts = JSON.stringify([await check.measure('research'), await check.measure('replay')]);
    for (const word of ['truth', 'events":', 'slices', 'night', 'lobby']) expect(parts).not.toContain(word);
  });

  it('is the candidate alone where nothing is deployed', async () => {
    const check = await memoryCheck({ base: null });
    const part = await check.measure('replay');
    expect(whoAnswered(part)).toEqual([['events', candidate, ITEMS]]);
    expect(part.measured.speeds).toMatchObject([{ reference: null }]);
  });

  it('is asked once on chipsets that give the same answers', async () => {
    const config = memoryConfig()
      .replace('  edge: {', '  cloud: { platform: linux/amd64 }\n  edge: {')
      .replace('chipset: edge', 'chipset: "*"');
    const check = await memoryCheck({ config });
    const part = await check.measure('replay');
    expect(whoAnswered(part)).toHaveLength(2);
    expect(part.measured.speeds.map(({ chipset }) => chipset)).toEqual(['cloud', 'edge']);
  });

  it('says which machine it was, and is of the release at the head', async () => {
    const check = await memoryCheck();
    const part = await check.measure('research');
    expect(part).toMatchObject({
      ...check.machine,
      round: 'research',
      measured: { model: 'porch', candidate: releaseNamed('better') },
    });
  });
});
