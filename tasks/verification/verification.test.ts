import { describe, expect, it } from 'vitest';
import { answersWith, faces } from '../../testing/worlds/small-pairs.ts';
import { scoreAnswers } from '../score-answers.ts';
import type { PairTrial } from './trial.ts';
import { verification } from './verification.ts';

function trialsOf(changes: Parameters<typeof answersWith>[0] = {}, dataset = faces): readonly PairTrial[] {
  const scored = scoreAnswers(dataset, answersWith(changes), new Map());
  if (scored.kind === 'refused') throw new Error(scored.reason);
  return scored.trials as readonly PairTrial[];
}
const values = (trials: readonly PairTrial[]) =>
  Object.fromEntries(
    verification.metrics.map((metric) => [
      metric.name,
      metric.kind === 'pooled' ? metric.prepare(trials).value(new Float64Array(trials.length).fill(1)) : null,
    ]),
  );

describe('pairs of pictures', () => {
  it('are a trial each, of the people in it', () => {
    const trials = trialsOf();
    expect(trials.map(({ id, cluster, score, slices }) => [id, cluster, score?.toFixed(3), slices['light']])).toEqual([
      ['anna 1 and anna 2', 'identity anna', '0.970', 'day and night'],
      ['bert 1 and bert 2', 'identity bert', '0.986', 'day and night'],
      ['carl 1 and carl 2', 'identity carl', '0.992', 'day and night'],
      ['anna 1 and bert 1', ['identity anna', 'identity bert'], '0.000', 'day'],
      ['bert 1 and carl 1', ['identity bert', 'identity carl'], '0.000', 'day'],
      ['anna 1 and carl 1', ['identity anna', 'identity carl'], '0.000', 'day'],
    ]);
    // Anna's pair is less alike than any that the other fold accepts, and by that threshold it is rejected.
    expect(values(trials)).toEqual({
      'pair-auroc': 1,
      'pair-accuracy': 0.75,
      'tar-at-far-1e-2': null,
      'tar-at-far-1e-3': null,
      'tar-at-far-1e-4': null,
      'failure-to-enrol': 0,
    });
    expect(verification.notes(trials, faces)).toEqual([]);
  });

  it('of which one was not found are rejected and counted, and said', () => {
    const trials = trialsOf({ 'anna 1': null });
    expect(trials.map(({ score }) => score === null)).toEqual([true, false, false, true, false, true]);
    // The same pair that failed beats one of three different pairs that failed not, and ties with two.
    expect(values(trials)).toMatchObject({ 'pair-auroc': (3 + 3 + 1) / 9, 'failure-to-enrol': expect.closeTo(1 / 6, 12) });
    expect(verification.notes(trials, faces)).toEqual([
      'Nothing was found to compare in 1 pictures: their 3 pairs count as rejected, and none was left out.',
    ]);
  });

  it('name whoever the pairs call the same, where the truth names nobody', () => {
    const nameless = { ...faces, samples: faces.samples.map((sample) => ({ ...sample, truth: null })) };
    expect(trialsOf({}, nameless).map(({ cluster }) => cluster)).toEqual([
      'picture anna 1',
      'picture bert 1',
      'picture carl 1',
      ['picture anna 1', 'picture bert 1'],
      ['picture bert 1', 'picture carl 1'],
      ['picture anna 1', 'picture carl 1'],
    ]);
  });

  it('that stand twice in a list are two trials', () => {
    const twice = { ...faces, pairs: [...faces.pairs, ...faces.pairs.slice(0, 1)] };
    expect(trialsOf({}, twice).at(-1)?.id).toBe('anna 1 and anna 2 (2)');
  });
});

describe('a pair that a change loses or wins', () => {
  const shown = (changes: Parameters<typeof answersWith>[0]) => {
    const [before, after] = [trialsOf(), trialsOf(changes)];
    return after.flatMap((candidate, index) => {
      const reference = before[index];
      return reference === undefined ? [] : verification.exhibits({ candidate, reference }, faces);
    });
  };

  it('is both pictures, and whom it is taken for now', () => {
    expect(shown({ 'anna 2': [0, 1, 0] })).toEqual([
      {
        change: 'lost',
        id: 'anna 1',
        beside: ['anna 2'],
        at: null,
        caption: 'the same: 0.00, less alike than 50% of different pairs, was 0.97, less alike than 0% of different pairs',
        slices: { light: 'day and night' },
        weight: 0.5,
      },
      ...[
        ['anna 1', 'bert 1'],
        ['bert 1', 'carl 1'],
        ['anna 1', 'carl 1'],
      ].map(([a, b]) => ({
        change: 'lost',
        id: a,
        beside: [b],
        at: null,
        caption: 'different: 0.00, more alike than 17% of same pairs, was 0.00, more alike than 0% of same pairs',
        slices: { light: 'day' },
        weight: 1 / 6,
      })),
    ]);
  });

  it('is one in which nothing is found any more', () => {
    expect(shown({ 'carl 2': null })).toMatchObject([
      {
        change: 'lost',
        id: 'carl 1',
        beside: ['carl 2'],
        caption: expect.stringMatching(/^the same: nothing found in carl 2, was 0.99/),
      },
      ...[0, 1, 2].map(() => ({ change: 'lost', weight: 1 / 3 })),
    ]);
  });

  it('is a miss by itself, where it looks like pairs of the other kind', () => {
    const misses = trialsOf({ 'anna 2': [0, 1, 0], 'carl 2': null }).flatMap(
      (trial) => verification.misses?.(trial, faces) ?? [],
    );
    expect(misses.map(({ id, beside, caption }) => [id, beside, caption])).toEqual([
      ['anna 1', ['anna 2'], 'the same: 0.00, less alike than 50% of different pairs'],
      ['carl 1', ['carl 2'], 'the same: nothing found in carl 2'],
      ...[
        ['anna 1', 'bert 1'],
        ['bert 1', 'carl 1'],
        ['anna 1', 'carl 1'],
      ].map(([a, b]) => [a, [b], 'different: 0.00, more alike than 50% of same pairs']),
    ]);
  });

  it('is none where nothing changed', () => {
    expect(shown({})).toEqual([]);
  });
});
