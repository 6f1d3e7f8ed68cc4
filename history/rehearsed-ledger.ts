import { digestOfJson } from '#kernel';
import type { Entry, Fact, Ledger, Trust } from '#ledger';
import { trustedEntries } from './trusted-ledger.ts';

/**
 * A ledger that is read as policy reads it, and never written: what a rehearsal appends is there for itself alone, unsigned, and gone
 * with it.
 */
export function rehearsedLedger(ledger: Ledger, policy: Trust | null): Ledger {
  const own: Entry[] = [];
  const entries = async () => [...(await trustedEntries(ledger, policy)).trusted, ...own];
  const append = async (facts: readonly Fact[]) => {
    for (const fact of facts) {
      const [known, id] = [await entries(), digestOfJson(fact)];
      if (known.some(({ record }) => record.id === id)) continue;
      own.push({ link: { seq: (known.at(-1)?.link.seq ?? 0) + 1, previous: null, record: id }, record: { id, fact } });
    }
    return facts.map((fact) => digestOfJson(fact));
  };
  return {
    entries,
    append,
    appendUnless: async (isKnown, facts) => (isKnown(await entries()) ? null : await append(facts)),
    verify: (known) => ledger.verify(known),
    signsAs: () => Promise.resolve(null),
    sharedHead: () => ledger.sharedHead(),
  };
}
