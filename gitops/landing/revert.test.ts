import { describe, expect, it } from 'vitest';
import { planRevert, type WrittenFile } from './revert.ts';

const release = { model: 'porch', record: 'sha256:ours' };
const file = (path: string, change: Partial<WrittenFile> = {}): WrittenFile => ({
  path,
  before: 'old',
  now: 'new',
  changedBy: null,
  ...change,
});

describe('taking a release back', () => {
  it('restores each file, and removes what was not there before', () => {
    expect(planRevert([file('a'), file('b', { before: null })], release)).toEqual({
      kind: 'commit',
      files: [
        { path: 'a', content: 'old' },
        { path: 'b', content: null },
      ],
    });
  });

  it.each([
    ['every file is as it was', [file('a', { now: 'old' })], { kind: 'done' }],
    ['somebody has put it back by hand', [file('a', { now: 'old', changedBy: {} })], { kind: 'done' }],
    ['there is nothing', [], { kind: 'done' }],
    [
      'a file was edited since',
      [file('a'), file('b', { now: 'hand', changedBy: {} })],
      { kind: 'propose', files: [{ path: 'a', content: 'old' }], edited: ['b'] },
    ],
    [
      'all were',
      [file('b', { now: 'hand', changedBy: { 'Fieldproof-Model': 'door', 'Fieldproof-Record': 'sha256:other' } })],
      { kind: 'leave', reason: 'all that it wrote has been edited since: b' },
    ],
    [
      'a newer release has written one',
      [file('a'), file('b', { now: 'newer', changedBy: { 'Fieldproof-Model': 'porch', 'Fieldproof-Record': 'sha256:newer' } })],
      { kind: 'leave', reason: 'a newer release of porch has written b since' },
    ],
    [
      'half of it was taken back already, by us',
      [
        file('a'),
        file('b', {
          now: 'old',
          changedBy: { 'Fieldproof-Model': 'porch', 'Fieldproof-Record': 'x', 'Fieldproof-Reverts': 'y' },
        }),
      ],
      { kind: 'commit', files: [{ path: 'a', content: 'old' }] },
    ],
  ])('when %s', (_, files, plan) => {
    expect(planRevert(files, release)).toEqual(plan);
  });
});
