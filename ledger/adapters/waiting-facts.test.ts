import { describe, expect, it } from 'vitest';
import type { Fact, Terms } from '../ledger.ts';
import { WaitingFacts } from './waiting-facts.ts';

const note = (n: number): Fact => ({ kind: 'note', n });
const terms: Terms = { ledger: 'acme/porch', counting: (entries) => entries };

/** What was written, append by append, each of which ends when it is told to. */
function written() {
  const appends: { facts: readonly Fact[]; terms: Terms | null; end: () => void; fail: (reason: Error) => void }[] = [];
  const waiting = new WaitingFacts(
    async (facts, under) =>
      await new Promise<void>((end, fail) => {
        appends.push({ facts, terms: under, end, fail });
      }),
  );
  return { appends, waiting, settled: async () => await new Promise((done) => setImmediate(done)) };
}

describe('facts that wait', () => {
  it('go in together, in their order, once the append under way is over', async () => {
    const { appends, waiting, settled } = written();
    const first = waiting.add([note(1)], null);
    await settled();
    const later = [waiting.add([note(2), note(3)], null), waiting.add([note(4)], null)];
    await settled();
    expect(appends.map(({ facts }) => facts)).toEqual([[note(1)]]);
    appends[0]?.end();
    await first;
    await settled();
    expect(appends[1]?.facts).toEqual([note(2), note(3), note(4)]);
    appends[1]?.end();
    await Promise.all(later);
  });

  it('do not go in under the terms of others', async () => {
    const { appends, waiting, settled } = written();
    void waiting.add([note(1)], null);
    void waiting.add([note(2)], terms);
    await settled();
    appends[0]?.end();
    await settled();
    expect(appends.map(({ facts, terms: under }) => [facts, under])).toEqual([
      [[note(1)], null],
      [[note(2)], terms],
    ]);
  });

  it('share what came of it, and those behind them go on', async () => {
    const { appends, waiting, settled } = written();
    const failing = [waiting.add([note(1)], null), waiting.add([note(2)], null)];
    await settled();
    const next = waiting.add([note(3)], null);
    appends[0]?.fail(new Error('the disk is full'));
    for (const each of failing) await expect(each).rejects.toThrow('the disk is full');
    await settled();
    appends[1]?.end();
    await expect(next).resolves.toBeUndefined();
  });
});
