import { describe, expect, it } from 'vitest';
import { answersWith, crowd } from '../../testing/worlds/small-pairs.ts';
import { scoreAnswers } from '../score-answers.ts';
import { search } from './search.ts';
import type { QueryTrial } from './trial.ts';

function trialsOf(changes: Parameters<typeof answersWith>[0] = {}, dataset = crowd): readonly QueryTrial[] {
  const scored = scoreAnswers(dataset, answersWith(changes), new Map());
  if (scored.kind === 'refused') throw new Error(scored.reason);
  return scored.trials as readonly QueryTrial[];
}

/** The value of each metric, as it is or with every tie broken one way. */
function values(trials: readonly QueryTrial[], ties?: 'against' | 'for'): Record<string, number> {
  return Object.fromEntries(
    search.metrics.map((metric) => {
      if (metric.kind !== 'ratio') throw new Error('a mean over queries');
      const totals = trials.map((trial) => metric.totals(ties === undefined ? trial : (metric.settled?.(trial, ties) ?? trial)));
      const sum = (of: (one: (typeof totals)[number]) => number) => totals.reduce((all, one) => all + of(one), 0);
      return [metric.name, sum(({ numerator }) => numerator) / sum(({ denominator }) => denominator)];
    }),
  );
}

describe('queries', () => {
  it('are answered by the rest of the gallery, never by themselves', () => {
    const trials = trialsOf();
    expect(trials.map(({ id, cluster, relevant, first }) => [id, cluster, relevant, first])).toEqual([
      ['anna 1', 'identity anna', 1, 1],
      ['bert 1', 'identity bert', 1, 1],
      ['carl 1', 'identity carl', 1, 1],
    ]);
    expect(trials[0]?.results.map(({ id }) => id)).not.toContain('anna 1');
    expect(values(trials)).toEqual({ 'search-map': 1, 'recall-at-1': 1, 'recall-at-5': 1, 'recall-at-10': 1, 'ndcg-at-10': 1 });
    expect(search.notes(trials, crowd)).toEqual([]);
  });

  it('are not answered by what the same camera took of the same one, nor by junk, where cameras are told', () => {
    const samples = crowd.samples.map((sample) => (sample.id === 'bert 2' ? { ...sample, truth: '-1' } : sample));
    const cameras = Object.fromEntries(
      crowd.samples.map(({ id }) => [id, id.startsWith('carl') || id === 'anna 2' ? 'c2' : 'c1']),
    );
    const trials = trialsOf({}, { ...crowd, samples, cameras });
    expect(trials.map(({ id, relevant }) => [id, relevant])).toEqual([
      ['anna 1', 1],
      ['bert 1', 0],
      ['carl 1', 0],
    ]);
    expect(trials.map(({ results }) => results.map((result) => result.id).toSorted())).toEqual([
      ['anna 2', 'bert 1', 'carl 1', 'carl 2'],
      ['anna 1', 'anna 2', 'carl 1', 'carl 2'],
      ['anna 1', 'anna 2', 'bert 1'],
    ]);
  });

  it('find less where a picture moves', () => {
    const trials = trialsOf({ 'anna 2': [0, 0, 1] });
    // carl 2 has a little of anna; anna 2 is now one of four that have nothing of her, and comes last for certain.
    expect(trials.map(({ first }) => first)).toEqual([5, 1, 2]);
    expect(values(trials)).toMatchObject({ 'recall-at-1': 1 / 3, 'recall-at-5': 1 });
  });

  it('that have nothing to find are in no number, and said', () => {
    const trials = trialsOf({}, { ...crowd, gallery: crowd.gallery.filter((id) => id !== 'anna 2') });
    expect(values(trials)).toMatchObject({ 'search-map': 1, 'recall-at-1': 1 });
    expect(search.notes(trials, crowd)).toEqual(['1 queries have nothing to find in the gallery: they are in no number here.']);
  });

  it('in which nothing is found count as unanswered; what is not found in the gallery is retrieved by none', () => {
    const trials = trialsOf({ 'anna 1': null, 'bert 2': null });
    expect(values(trials)).toMatchObject({ 'search-map': 1 / 3, 'recall-at-10': 1 / 3, 'ndcg-at-10': 1 / 3 });
    expect(search.notes(trials, crowd)).toEqual([
      'Nothing was found to look for in 1 queries: they count as unanswered, and none was left out.',
    ]);
  });
});

describe('a model that says the same of all', () => {
  const trials = trialsOf(Object.fromEntries(crowd.gallery.map((id) => [id, [1, 1]])));

  it('finds nothing but by luck, and what luck could make of it is said', () => {
    expect(values(trials)).toMatchObject({ 'recall-at-1': 0, 'recall-at-5': 1 });
    expect(values(trials, 'for')).toMatchObject({ 'search-map': 1, 'recall-at-1': 1, 'ndcg-at-10': 1 });
    expect(values(trials, 'against')['search-map']).toBeCloseTo(0.2, 12);
    expect(search.notes(trials, crowd)).toEqual([
      'In 3 queries right and wrong results are equally alike. By how ties break, 0 to 3 of 3 queries are answered right at once; ' +
        'what only a lucky order would bring up is not counted.',
    ]);
  });
});

it('a query that is answered worse is shown beside what it finds now', () => {
  const [before, after] = [trialsOf(), trialsOf({ 'carl 2': [1, 0, 0] })];
  const shown = after.flatMap((candidate, index) => {
    const reference = before[index];
    return reference === undefined ? [] : search.exhibits({ candidate, reference }, crowd);
  });
  expect(shown).toMatchObject([
    {
      change: 'lost',
      id: 'anna 1',
      beside: ['carl 2', 'anna 2', 'bert 1', 'bert 2'],
      caption: expect.stringMatching(/^first right one at rank 2/),
    },
    { change: 'lost', id: 'carl 1' },
  ]);
});

it('a query that is not answered right at once is a miss, and so is one in which nothing is found', () => {
  const trials = trialsOf({ 'carl 2': [1, 0, 0], 'bert 1': null });
  expect(trials.flatMap((trial) => search.misses?.(trial, crowd) ?? [])).toMatchObject([
    { id: 'anna 1', caption: 'first right one at rank 2 (wrong, right, wrong, wrong)', weight: 0.5 },
    { id: 'bert 1', beside: [], caption: 'nothing found to look for', weight: 1 },
    { id: 'carl 1', weight: expect.closeTo(1 - (1 / 2 + 1 / 3 + 1 / 4) / 3, 12) },
  ]);
});
