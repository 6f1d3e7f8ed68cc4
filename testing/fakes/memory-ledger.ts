import { digestOf, digestOfJson, canonicalJson, type Digest } from '#kernel';
import type { Entry, Fact, Head, Ledger, LedgerReader, Verification } from '#ledger';

/** A ledger in memory, unsigned; keeps the same contract as the one on a Git branch. */
export class MemoryLedger implements Ledger, LedgerReader {
  /** What a remote would be known to hold; a test may say. */
  shared: Head | null = null;
  readonly #entries: Entry[] = [];
  readonly #heads: Digest[] = [];
  readonly #ids = new Set<Digest>();

  append(facts: readonly Fact[]): Promise<readonly Digest[]> {
    const ids = facts.map((fact) => digestOfJson(fact));
    for (const [index, fact] of facts.entries()) {
      const id = ids[index];
      if (id === undefined || this.#ids.has(id)) continue;
      const link = { seq: this.#entries.length + 1, previous: this.#heads.at(-1) ?? null, record: id };
      this.#ids.add(id);
      this.#entries.push({ link, record: { id, fact: structuredClone(fact) } });
      this.#heads.push(digestOf(canonicalJson(link)));
    }
    return Promise.resolve(ids);
  }

  async appendUnless(isKnown: (entries: readonly Entry[]) => boolean, facts: readonly Fact[]): Promise<readonly Digest[] | null> {
    return isKnown(this.#entries) ? null : await this.append(facts);
  }

  entries(): Promise<readonly Entry[]> {
    return Promise.resolve([...this.#entries]);
  }

  entriesAfter({ seq, digest }: Head): Promise<readonly Entry[] | null> {
    return Promise.resolve(this.#heads[seq - 1] === digest ? this.#entries.slice(seq) : null);
  }

  verify(known?: { head: Digest }): Promise<Verification> {
    const entries = this.#entries.length;
    if (known && !this.#heads.includes(known.head)) {
      return Promise.resolve({ state: 'broken', at: entries + 1, reason: 'the known head is not in the chain' });
    }
    return Promise.resolve({ state: 'intact', entries, head: this.#heads.at(-1) ?? null, signed: 'none' });
  }

  signsAs(): Promise<Digest | null> {
    return Promise.resolve(null);
  }

  sharedHead(): Promise<Head | null> {
    return Promise.resolve(this.shared);
  }
}
