import { dictionary, jsonValue, sample, string } from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf, digestOfJson, type Digest } from '#kernel';
import type { Fact, Ledger } from '#ledger';

const note = (n: number): Fact => ({ kind: 'note', n });

/** What every ledger keeps. `make` gives an empty one. */
export function ledgerContract(name: string, make: () => Promise<Ledger>): void {
  describe(`${name} keeps the contract of a ledger`, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await make();
    });

    const stored = async () => (await ledger.entries()).map(({ record }) => record.fact);

    it('is empty and intact at first', async () => {
      expect(await ledger.entries()).toEqual([]);
      expect(await ledger.verify()).toEqual({ state: 'intact', entries: 0, head: null, signed: 'none' });
      expect(await ledger.append([])).toEqual([]);
    });

    it('names a fact by the digest of its content alone', async () => {
      const [id] = await ledger.append([{ kind: 'note', b: [1, { d: null, c: 'ä' }], a: 0.1 }]);
      expect(id).toBe(digestOfJson({ a: 0.1, b: [1, { c: 'ä', d: null }], kind: 'note' }));
      expect(id).toBe(digestOf('{"a":0.1,"b":[1,{"c":"ä","d":null}],"kind":"note"}'));
    });

    it('keeps facts in the order in which they came, each linked to the one before', async () => {
      await ledger.append([note(2), note(1)]);
      await ledger.append([note(3)]);
      expect(await stored()).toEqual([note(2), note(1), note(3)]);
      const links = (await ledger.entries()).map(({ link }) => link);
      expect(links.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(links.map(({ previous }) => previous)).toEqual([
        null,
        digestOfJson(links[0] ?? null),
        digestOfJson(links[1] ?? null),
      ]);
      expect(await ledger.verify()).toMatchObject({ state: 'intact', entries: 3, head: digestOfJson(links[2] ?? null) });
    });

    it('keeps the place of a fact that is there already', async () => {
      const first = await ledger.append([note(1), note(2)]);
      const again = await ledger.append([note(3), { n: 1, kind: 'note' }, note(3)]);
      expect(again).toEqual([digestOfJson(note(3)), first[0], digestOfJson(note(3))]);
      expect(await stored()).toEqual([note(1), note(2), note(3)]);
    });

    it('loses none of what is appended at once', async () => {
      await Promise.all([1, 2, 3, 4].map((n) => ledger.append([note(n), note(n + 10)])));
      const facts = (await stored()).map((fact) => Number(fact['n']));
      expect(facts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 11, 12, 13, 14]);
      // What was appended together stays together.
      expect([1, 2, 3, 4].map((n) => facts.indexOf(n + 10) - facts.indexOf(n))).toEqual([1, 1, 1, 1]);
      expect(await ledger.verify()).toMatchObject({ state: 'intact', entries: 8 });
    });

    it('confirms a head seen before, and misses one that it never had', async () => {
      await ledger.append([note(1)]);
      const before = await ledger.verify();
      await ledger.append([note(2)]);
      const head = before.state === 'intact' ? before.head : null;
      expect(await ledger.verify({ head: head as Digest })).toMatchObject({ state: 'intact', entries: 2 });
      expect(await ledger.verify({ head: digestOf('another') })).toMatchObject({ state: 'broken', at: 3 });
    });

    it('gives back any fact as it was', async () => {
      const facts = sample(
        dictionary(
          string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
          jsonValue({ maxDepth: 2 }),
        ),
        { seed: 7, numRuns: 12 },
      );
      const given = facts.map((fact, n) => ({ ...(JSON.parse(JSON.stringify(fact)) as Fact), kind: 'any', n }));
      await ledger.append(given);
      expect(await stored()).toEqual(given);
    });

    it('refuses what JSON cannot say, and stores nothing of that append', async () => {
      await expect(async () => ledger.append([note(1), note(Number.NaN)])).rejects.toThrow('canonical JSON has no NaN');
      expect(await ledger.entries()).toEqual([]);
    });
  });
}
