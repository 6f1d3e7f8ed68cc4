import { describe, expect, it } from 'vitest';
import { releaseNamed, resolvedNamed } from '../../../testing/worlds/named-releases.ts';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { PartRefused } from './part-refused.ts';
import type { ModelPart, Part } from './part.ts';
import { partsOfModel, takeParts, withoutRefused } from './take-parts.ts';

const [base, head] = ['b'.repeat(40), 'c'.repeat(40)];
const asked = { change: { base, head, policy: base, config: { chipsets: [{ name: 'edge' }, { name: 'cloud' }] } }, seed: 1 };
const key = { cpuModel: 'one', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 };

function partOf(chipset: string, more: Partial<Part> = {}): Part {
  const runner = { name: 'process' as const, sandboxed: false };
  const about = { version: 2 as const, base, head, policy: base, seed: 1, round: 'research' as const, runner };
  return { ...about, present: [{ name: chipset, key }], absent: [], models: [], ...more };
}

const artifact = (part: unknown, name = 'a part') => ({ name, text: JSON.stringify(part) });

describe('the parts of a check', () => {
  it('are those of both rounds and of every chipset', () => {
    const parts = [partOf('edge'), partOf('edge', { round: 'replay' }), partOf('cloud')];
    expect(
      takeParts(
        parts.map((part) => artifact(part)),
        asked,
      ),
    ).toEqual({ parts, refused: [] });
  });

  it.each<[string, unknown, string | RegExp]>([
    [
      'another head',
      partOf('edge', { head: 'd'.repeat(40) }),
      'it belongs to another check: dddddddddddd against bbbbbbbbbbbb, seed 1',
    ],
    ['another base', partOf('edge', { base: 'd'.repeat(40) }), /another check: cccccccccccc against dddddddddddd/],
    ['another policy', partOf('edge', { policy: head }), /another check/],
    ['another seed', partOf('edge', { seed: 2 }), /another check: .*, seed 2/],
    ['another version', { ...partOf('edge'), version: 3 }, /version/],
    ['a field that no part has', { ...partOf('edge'), verdict: 'pass' }, /verdict/],
    ['a runner that there is not', { ...partOf('edge'), runner: { name: 'mine', sandboxed: true } }, /runner\.name/],
  ])('are not one of %s; it is refused under the chipset and round that it names', (_, part, reason) => {
    expect(takeParts([artifact(part), artifact(partOf('cloud'))], asked)).toEqual({
      parts: [partOf('cloud')],
      refused: [{ name: 'a part', round: 'research', chipsets: ['edge'], reason: expect.stringMatching(reason) }],
    });
  });

  it.each([
    ['what was not read', { name: 'a pipe', refused: 'it is no plain file' }, 'it is no plain file'],
    [
      'what is wrong in more places than a stack holds',
      {
        name: 'a pipe',
        text: `{"models":[{"answers":[{"task":"classification","answers":[${'1,'.repeat(300_000)}1]}]}]}`,
      },
      /more places than can be named/,
    ],
    ['what is no JSON', { name: 'a pipe', text: '{' }, /JSON|parse|Expected/i],
    ['a chipset that the configuration has not', artifact({ ...partOf('moon'), seed: 9 }, 'a pipe'), /another check/],
  ])('are not %s, which names no chipset', (_, given, reason) => {
    const { refused } = takeParts([given], asked);
    expect(refused).toMatchObject([{ name: 'a pipe', chipsets: [], reason: expect.stringMatching(reason) }]);
  });

  it('are none of two for one chipset and round: to take one would be a choice', () => {
    const [once, again, other] = [
      partOf('edge'),
      partOf('edge', { absent: [{ name: 'cloud', missing: ['it'] }] }),
      partOf('cloud'),
    ];
    const { parts, refused } = takeParts([artifact(once, 'one'), artifact(again, 'two'), artifact(other)], asked);
    expect(parts).toEqual([other]);
    expect(refused.map(({ name, reason }) => [name, reason])).toEqual([
      ['one', 'there are two of it, and one of them would be a choice'],
      ['two', 'there are two of it, and one of them would be a choice'],
    ]);
  });
});

describe('what parts hold of one model', async () => {
  const { planned } = await memoryCheck();
  const measured = (model: string, candidate = planned.candidate.release) => ({
    model,
    candidate,
    answers: [],
    speeds: [],
    peaks: [],
  });

  it('is what they measured of the release at the head', () => {
    const { own, refused } = partsOfModel(planned, { parts: [partOf('edge', { models: [measured('porch')] })], refused: [] });
    expect(own).toMatchObject([{ round: 'research', measured: measured('porch') }]);
    expect(refused).toEqual([]);
  });

  it.each([
    ['another model', [measured('door')], 'it holds nothing of the model porch'],
    ['no model', [], 'it holds nothing of the model porch'],
    [
      'another release',
      [measured('porch', releaseNamed('other'))],
      'it measured another release of porch than the one at the head',
    ],
    [
      'another runtime',
      [measured('porch', releaseNamed('better', 'other'))],
      'it measured another release of porch than the one at the head',
    ],
  ])('is nothing where a part is of %s', (_, models, reason) => {
    const before = { name: 'x', round: null, chipsets: [], reason: 'refused before' };
    expect(partsOfModel(planned, { parts: [partOf('edge', { models })], refused: [before] })).toEqual({
      own: [],
      refused: [before, { name: 'research of edge', round: 'research', chipsets: ['edge'], reason }],
    });
  });
});

describe('work with parts, some of which turn out to be none', () => {
  const measured = { model: 'porch', candidate: resolvedNamed('better').release, answers: [], speeds: [], peaks: [] };
  const modelPart = (chipset: string): ModelPart => ({ ...partOf(chipset), measured });
  const own = ['edge', 'cloud'].map(modelPart);
  const chipsetsOf = (parts: readonly ModelPart[]) => parts.flatMap(({ present }) => present.map(({ name }) => name));

  it('is done again without each that is refused, and knows why it was', async () => {
    const tried: string[][] = [];
    const done = await withoutRefused({ own, refused: [] }, async (given) => {
      tried.push(chipsetsOf(given.own));
      const [first] = chipsetsOf(given.own);
      if (first !== undefined) throw new PartRefused({ round: 'research', chipset: first }, `nothing of ${first}`);
      return given.refused;
    });
    expect(tried).toEqual([['edge', 'cloud'], ['cloud'], []]);
    expect(done).toMatchObject([
      { name: 'research of edge', round: 'research', chipsets: ['edge'], reason: 'nothing of edge' },
      { name: 'research of cloud', reason: 'nothing of cloud' },
    ]);
  });

  it.each([
    ['is no refusal', new Error('a bug')],
    ['is of a part that is not here', new PartRefused({ round: 'replay', chipset: 'edge' }, 'never came')],
  ])('ends where what went wrong %s', async (_, thrown) => {
    await expect(withoutRefused({ own, refused: [] }, () => Promise.reject(thrown))).rejects.toBe(thrown);
  });
});
