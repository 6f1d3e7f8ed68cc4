import type { Fact, Terms } from '../ledger.ts';

type Batch = { facts: Fact[]; terms: Terms | null; written: Promise<void> };

/**
 * Facts that wait while others of this process are being appended. All that wait under the same terms go in together, in the order
 * in which they came: a commit holds many, rather than each of them paying for one.
 */
export class WaitingFacts {
  readonly #write: (facts: readonly Fact[], terms: Terms | null) => Promise<void>;
  #waiting: Batch | null = null;
  #before: Promise<void> = Promise.resolve();

  constructor(write: (facts: readonly Fact[], terms: Terms | null) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves once they are written; who waited together shares what came of it. */
  add(facts: readonly Fact[], terms: Terms | null): Promise<void> {
    if (this.#waiting?.terms === terms) {
      this.#waiting.facts.push(...facts);
      return this.#waiting.written;
    }
    const own = [...facts];
    const written = this.#afterwards(own, terms, this.#before);
    this.#waiting = { facts: own, terms, written };
    this.#before = written.catch(() => {});
    return written;
  }

  async #afterwards(own: readonly Fact[], terms: Terms | null, before: Promise<void>): Promise<void> {
    await before;
    if (this.#waiting?.facts === own) this.#waiting = null;
    await this.#write(own, terms);
  }
}
