import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryIndex, refreshIndex, type HistoryIndex } from '#history';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { longHistory } from '../worlds/long-history.ts';
import { appendFacts } from '#history';

/** What every index of a history keeps. `make` opens the same one again each time that it is called with the same name. */
export function historyIndexContract(name: string, make: (name: string) => Promise<HistoryIndex>): void {
  describe(`${name} keeps the contract of an index`, () => {
    const facts = [...longHistory({ iterations: 60, datasets: 4, sites: 6 })];
    const ledger = new MemoryLedger();
    let count = 0;
    let index: HistoryIndex;
    beforeAll(async () => void (await appendFacts(ledger, facts)));
    beforeEach(async () => {
      index = await make(`index ${(count += 1)}`);
    });
    afterEach(async () => await index.close());
    afterAll(() => undefined);

    it('holds nothing at first, and nothing of an empty ledger', async () => {
      expect(await index.mark()).toBeNull();
      expect(await refreshIndex(index, new MemoryLedger(), null)).toBeNull();
      expect(await index.find({ kinds: ['verdict'] })).toEqual([]);
    });

    it('answers every question as one in memory does', async () => {
      const memory = memoryIndex();
      await refreshIndex(memory, ledger, null);
      await refreshIndex(index, ledger, null);
      const [verdict] = await memory.find({ kinds: ['deployment'] });
      const [rollout] = await memory.find({ kinds: ['rollout'] });
      const questions = [
        { kinds: ['verdict'], newestFirst: true, page: { skip: 10, limit: 7 } },
        { kinds: ['verdict', 'prediction'], model: 'model-2' },
        { kinds: ['rollout'], latest: true },
        { kinds: ['rollout', 'shift', 'drift', 'verdict'], latest: true, site: rollout?.fact.site ?? '' },
        { kinds: ['deployment', 'proposal', 'merge'], about: [verdict?.fact.verdict ?? ''] },
        { kinds: ['rollout', 'verified'], about: ['nothing', rollout?.fact.fleetCommit ?? ''], newestFirst: true },
        { kinds: ['verdict'], ids: [verdict?.fact.verdict ?? 'sha256:0'] },
        { kinds: ['verdict'], ids: [] },
        { kinds: ['rollout', 'revert'], after: 300 },
        { kinds: [] },
      ] as const;
      for (const question of questions) {
        expect(await index.find(question)).toEqual(await memory.find(question));
        const { page: _, ...whole } = { page: null, ...question };
        expect(await index.count(whole)).toBe(await memory.count(whole));
      }
      expect((await memory.find(questions[3])).length).toBeGreaterThan(1);
    });

    it('names its models and its sites', async () => {
      expect(await index.sites()).toEqual([]);
      await refreshIndex(index, ledger, null);
      expect(await index.models('prediction')).toEqual(['model-1', 'model-2', 'model-3', 'model-4', 'model-5']);
      expect(await index.models('audit')).toEqual([]);
      expect(await index.sites()).toEqual(['site-1', 'site-2', 'site-3', 'site-4', 'site-5', 'site-6']);
    });

    it('keeps what was made of it until all is replaced', async () => {
      await refreshIndex(index, ledger, null);
      expect(await index.noted('calibration')).toBeNull();
      await index.note('calibration', 'first');
      await index.note('calibration', 'second');
      expect(await index.noted('calibration')).toBe('second');
      const other = new MemoryLedger();
      await appendFacts(other, facts.slice(0, 7));
      await refreshIndex(index, other, null);
      expect(await index.noted('calibration')).toBeNull();
    });

    it('comes to the same, entry by entry, as all at once', async () => {
      const growing = new MemoryLedger();
      for (const part of [facts.slice(0, 50), facts.slice(50, 51), facts.slice(51)]) {
        await appendFacts(growing, part);
        await refreshIndex(index, growing, null);
      }
      expect(await index.mark()).toEqual(await refreshIndex(memoryIndex(), ledger, null));
      expect(await index.count({ kinds: ['verdict'] })).toBe(60);
    });

    it('is made anew where the ledger is another one, or policy is', async () => {
      await refreshIndex(index, ledger, null);
      const other = new MemoryLedger();
      await appendFacts(other, facts.slice(0, 7));
      await refreshIndex(index, other, null);
      expect(await index.count({ kinds: ['evaluation', 'prediction', 'outcome', 'verdict', 'proposal'] })).toBe(7);
      await refreshIndex(index, other, { name: 'acme/porch', keys: [] });
      expect(await index.count({ kinds: ['evaluation', 'prediction', 'outcome', 'verdict', 'proposal'] })).toBe(0);
      expect((await index.mark())?.aside).toHaveLength(7);
    });

    it('takes what facts say for no more than text', async () => {
      const hostile = `' OR 1=1; DROP TABLE facts; -- \u0000"\\ \u{1F600}`;
      const said = {
        kind: 'hold' as const,
        model: hostile.replace('\u0000', ''),
        site: `%' --`,
        by: 'x',
        reason: hostile,
        at: '2026-01-01T00:00:00Z',
      };
      const world = new MemoryLedger();
      const [first] = await ledger.entries();
      const release = first?.record.fact['release'] as never;
      await appendFacts(world, [{ ...said, release, verdict: first?.record.id ?? 'sha256:0' }]);
      await refreshIndex(index, world, null);
      expect((await index.find({ kinds: ['hold'], model: said.model, site: said.site })).map(({ fact }) => fact.reason)).toEqual([
        hostile,
      ]);
      expect(await index.find({ kinds: ['hold'], model: `x' OR '1'='1` })).toEqual([]);
    });
  });
}
