import { digestOf } from '#kernel';
import { checkChain } from './check-chain.ts';
import { linkPath, recordPath } from './layout.ts';
import type { Entry, LedgerReader, Verification } from './ledger.ts';

/** An entry as it was stored, letter by letter: what its digests are of. */
export type EntryTexts = { link: string; fact: string };

/** A chain that was taken out of its branch, and is checked like one that lies there. What it proves is that it is whole, not whose it is. */
export function chainOfTexts(texts: readonly EntryTexts[]): LedgerReader & { verify: () => Promise<Verification> } {
  const files = texts.flatMap(({ link, fact }, index) => [
    { path: linkPath(index + 1), content: link },
    { path: recordPath(digestOf(fact)), content: fact },
  ]);
  const { entries, digests, verification } = checkChain(files, new Map());
  const whole = (): readonly Entry[] => {
    if (verification.state === 'broken') throw new RangeError(`broken at entry ${verification.at}: ${verification.reason}`);
    return entries;
  };
  return {
    verify: () => Promise.resolve(verification),
    entries: async () => await Promise.resolve(whole()),
    entriesAfter: async ({ seq, digest }) => await Promise.resolve(digests[seq - 1] === digest ? whole().slice(seq) : null),
  };
}
