import { describe, expect, it } from 'vitest';
import { digestOf, releaseName, releaseOf, type Digest } from '#kernel';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import type { OutcomeFact, PredictionFact } from './check-facts.ts';
import { predictionHistory } from './prediction-history.ts';
import { appendFacts, asWritten } from './read-facts.ts';

const estimate = (value: number) => ({ value, interval: null, method: 'counted', clusters: 1, n: 1 });
const release = (word: string) => releaseOf({ model: digestOf(word), runtime: null });

const prediction = (word: string, more: Partial<PredictionFact> = {}): PredictionFact => ({
  kind: 'prediction',
  model: 'porch',
  head: word,
  candidate: release(word),
  reference: release('old'),
  dataset: 'street',
  datasetDigest: digestOf('street'),
  metric: 'event-recall',
  research: estimate(0.1),
  field: estimate(0.2),
  basis: 'the prior alone',
  at: '2026-03-01T12:00:00.000Z',
  ...more,
});
const outcomeOf = (record: Digest, value: number): OutcomeFact => ({
  kind: 'outcome',
  prediction: record,
  model: 'porch',
  dataset: 'street',
  metric: 'event-recall',
  field: estimate(value),
});

/** Predictions, and what the field then showed of each; null: nothing yet. */
async function history(...rows: readonly [PredictionFact, number | null][]) {
  const ledger = new MemoryLedger();
  for (const [fact, shown] of rows) {
    const [record] = await appendFacts(ledger, [fact]);
    if (record !== undefined && shown !== null) await appendFacts(ledger, [outcomeOf(record, shown)]);
  }
  return predictionHistory(await ledger.entries(), { model: 'porch', metric: 'event-recall' });
}

describe('how predictions have fared', () => {
  it('is what research said, what was predicted and what the field showed, oldest first', async () => {
    expect(await history([prediction('one'), 0.3], [prediction('two', { research: null }), -0.1])).toEqual([
      { release: releaseName(release('one')), research: estimate(0.1), predicted: estimate(0.2), realised: estimate(0.3) },
      { release: releaseName(release('two')), research: null, predicted: estimate(0.2), realised: estimate(-0.1) },
    ]);
  });

  it.each<[string, PredictionFact, number | null]>([
    ['nothing came of', prediction('one'), null],
    ['is of another model', prediction('one', { model: 'door' }), 0.3],
    ['is of another metric', prediction('one', { metric: 'time-to-detect' }), 0.3],
  ])('leaves out what %s', async (_, fact, shown) => {
    expect(await history([fact, shown])).toEqual([]);
  });

  it('names a release alike, in whatever form it was written', async () => {
    const ledger = new MemoryLedger();
    const { version: _version, ...first } = asWritten(prediction('one'));
    const stage = { model: digestOf('one'), runtime: null };
    const [record = digestOf('')] = await ledger.append([{ ...first, candidate: stage, reference: stage }]);
    await appendFacts(ledger, [outcomeOf(record, 0.3)]);
    const [row] = predictionHistory(await ledger.entries(), { model: 'porch', metric: 'event-recall' });
    expect(row?.release).toBe(releaseName(release('one')));
  });
});
