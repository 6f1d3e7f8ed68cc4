import { expect, it } from 'vitest';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import { longHistory } from '../testing/worlds/long-history.ts';
import { appendFacts, memoryIndex, readConfidences, refreshIndex } from './index.ts';

it('tells the same of a model until a fact of its own comes', async () => {
  const facts = [...longHistory({ iterations: 30, datasets: 2, sites: 3, models: 2 })];
  const last = facts.findLastIndex(({ kind }) => kind === 'prediction');
  const ledger = new MemoryLedger();
  const index = memoryIndex();
  await appendFacts(ledger, facts.slice(0, last));
  await refreshIndex(index, ledger, null);
  const [first, second] = await readConfidences(index, 0.01);
  expect(await readConfidences(index, 0.01)).toEqual([first, second]);
  await appendFacts(ledger, facts.slice(last));
  await refreshIndex(index, ledger, null);
  const [before, after] = await readConfidences(index, 0.01);
  expect(before).toEqual(first);
  expect([second?.iterations.length, after?.iterations.length]).toEqual([14, 15]);
});

it('answers another margin by itself', async () => {
  const index = memoryIndex();
  const ledger = new MemoryLedger();
  await appendFacts(ledger, [...longHistory({ iterations: 20, datasets: 2, sites: 3, models: 1 })]);
  await refreshIndex(index, ledger, null);
  const [none] = await readConfidences(index, 0);
  const [some] = await readConfidences(index, 0.02);
  expect(some?.confidence.next?.probability).toBeGreaterThan(none?.confidence.next?.probability ?? 1);
});
