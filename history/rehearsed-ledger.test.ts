import { describe, expect, it } from 'vitest';
import { digestOfJson } from '#kernel';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import { rehearsedLedger } from './rehearsed-ledger.ts';

const note = (n: number) => ({ kind: 'note', n });

async function rehearsed() {
  const ledger = new MemoryLedger();
  await ledger.append([note(1), note(2)]);
  const mine = rehearsedLedger(ledger, null);
  const told = async () => (await mine.entries()).map(({ link, record }) => [link.seq, record.fact['n']]);
  return { ledger, mine, told };
}

describe('the ledger of a rehearsal', () => {
  it('shows what is there and what was said in it, once each and in order, and writes nothing', async () => {
    const { ledger, mine, told } = await rehearsed();
    expect(await mine.append([note(3), note(1), note(3)])).toEqual([3, 1, 3].map((n) => digestOfJson(note(n))));
    expect(await mine.append([note(4)])).toEqual([digestOfJson(note(4))]);
    expect(await told()).toEqual([1, 2, 3, 4].map((n) => [n, n]));
    expect(await ledger.entries()).toHaveLength(2);
  });

  it('knows what it said itself where that is asked, and signs as nobody', async () => {
    const { mine, told } = await rehearsed();
    await mine.append([note(3)]);
    const knows = (entries: readonly unknown[]) => entries.length === 3;
    expect(await mine.appendUnless(knows, [note(4)])).toBeNull();
    expect(await mine.appendUnless(() => false, [note(4)])).toEqual([digestOfJson(note(4))]);
    expect(await told()).toHaveLength(4);
    expect(await mine.signsAs()).toBeNull();
  });

  it('reads what counts by policy, and nothing else', async () => {
    const { ledger } = await rehearsed();
    expect(await rehearsedLedger(ledger, { name: 'acme/porch', keys: [] }).entries()).toEqual([]);
  });
});
