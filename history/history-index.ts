import type { Digest } from '#kernel';
import type { Head, Link, Untrusted } from '#ledger';
import type { IndexRow } from './index-row.ts';
import type { FactOf, KindOfFact, Recorded } from './read-facts.ts';

/**
 * Up to where an index holds a ledger, and by whose policy. `dated`: the latest link that counts, from which what came since is
 * sorted on. `aside`: what does not count, the first of them.
 */
export type IndexMark = { head: Head; policy: Digest; dated: Link | null; aside: readonly Untrusted[] };

/** Which facts are asked for: all that is said holds of each. Oldest first unless said otherwise. */
export type FactQuery<K extends KindOfFact = KindOfFact> = {
  kinds: readonly K[];
  model?: string;
  site?: string;
  /** Records or commits of which a fact names at least one. */
  about?: readonly string[];
  ids?: readonly Digest[];
  /** Those behind this place of the ledger. */
  after?: number;
  /** What the hex digits of its record begin with. */
  named?: string;
  /** Of what is said anew whenever it changes (the state of a place, of an alarm), the last word alone. */
  latest?: true;
  newestFirst?: true;
  page?: { skip: number; limit: number };
};

/**
 * The facts of one ledger that count, findable by what they are about. Made of the ledger alone and thrown away at will: nothing
 * is decided by it, and it is never a source.
 */
export interface HistoryIndex {
  /** Null where it holds nothing. */
  mark(): Promise<IndexMark | null>;
  /** Forgets all, and holds these instead: wholly, or not at all. */
  replace(rows: Iterable<IndexRow>, mark: IndexMark): Promise<void>;
  /** Holds these too: wholly, or not at all. */
  add(rows: Iterable<IndexRow>, mark: IndexMark): Promise<void>;
  find<K extends KindOfFact>(query: FactQuery<K>): Promise<Recorded<FactOf<K>>[]>;
  count(query: Omit<FactQuery, 'page'>): Promise<number>;
  /** The models of which it holds a fact of this kind, by name. */
  models(kind: KindOfFact): Promise<string[]>;
  /** The sites that any fact is about, by name. */
  sites(): Promise<string[]>;
  /** What was made of it and noted under this name; null where nothing was, or all was replaced since. */
  noted(name: string): Promise<string | null>;
  /** Notes what was made of it and takes long to make again, instead of what was noted under this name. */
  note(name: string, made: string): Promise<void>;
  close(): Promise<void>;
}
