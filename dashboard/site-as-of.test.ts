import { describe, expect, it } from 'vitest';
import { appendFacts, memoryIndex, refreshIndex } from '#history';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import { longHistory } from '../testing/worlds/long-history.ts';
import { noReports } from './reports.ts';
import { siteAsOf } from './site-as-of.ts';

const facts = [...longHistory({ iterations: 9, datasets: 2, sites: 3 })];

function shown() {
  const [ledger, index] = [new MemoryLedger(), memoryIndex()];
  const state = { time: 0, looks: 0, broken: false };
  const refresh = async () => {
    state.looks += 1;
    if (state.broken) throw new Error('the ledger is broken');
    await refreshIndex(index, ledger, null);
  };
  const source = { index, reports: noReports, title: 'x', now: new Date(0), before: [] };
  const find = siteAsOf(
    () => ({ source, script: '' }),
    refresh,
    () => state.time,
  );
  const settled = () => new Promise((done) => setTimeout(done, 5));
  return {
    ledger,
    state,
    find,
    settled,
    lead: async () => /<p class="lead">\s*(\d*)/.exec((await find('iterations/latest.html'))?.text ?? '')?.[1],
  };
}

describe('a site that follows its ledger', () => {
  it('shows whoever comes first what is there then', async () => {
    const { ledger, lead } = shown();
    await appendFacts(ledger, facts);
    expect(await lead()).toBe('9');
  });

  it('looks again after a while, and lets nobody wait for it', async () => {
    const { ledger, state, lead, settled } = shown();
    await appendFacts(ledger, facts.slice(0, 20));
    const before = await lead();
    await appendFacts(ledger, facts);
    expect([await lead(), state.looks]).toEqual([before, 1]);
    state.time += 4000;
    expect(await lead()).toBe(before);
    await settled();
    expect([await lead(), state.looks]).toEqual(['9', 2]);
  });

  it('makes a page once, and anew when the ledger has gone on', async () => {
    const { ledger, state, find, settled } = shown();
    await appendFacts(ledger, facts.slice(0, 20));
    const first = await find('index.html');
    expect(await find('index.html')).toBe(first);
    await appendFacts(ledger, facts);
    state.time += 4000;
    await find('index.html');
    await settled();
    expect(await find('index.html')).not.toBe(first);
  });

  it('shows nothing of a ledger that was broken since, and all of it again once it is mended', async () => {
    const { state, find, settled } = shown();
    await find('index.html');
    state.broken = true;
    state.time += 4000;
    await find('index.html');
    await settled();
    await expect(find('index.html')).rejects.toThrow(/broken/);
    state.broken = false;
    state.time += 4000;
    await expect(find('index.html')).rejects.toThrow(/broken/);
    await settled();
    expect(await find('index.html')).not.toBeNull();
  });
});
