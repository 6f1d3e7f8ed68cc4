import type { Digest, Json } from '#kernel';

/** A fact is any JSON object with a kind; the ledger knows nothing else of what it stores. */
export type Fact = { readonly kind: string; readonly [field: string]: Json };

/** `id` is the digest of the fact's canonical JSON, so the same fact appended twice is one record. */
export type StoredRecord = { id: Digest; fact: Fact };

/** The chain, apart from the records: re-made on conflict without renaming any record. */
export type Link = { seq: number; previous: Digest | null; record: Digest; signature?: { key: string; value: string } };

export type Entry = { link: Link; record: StoredRecord };

export type Verification =
  | { state: 'intact'; entries: number; signed: 'all' | 'some' | 'none' }
  | { state: 'broken'; at: number; reason: string };

/** Append-only history on a Git branch. */
export interface Ledger {
  /** Appends in order and returns the ids; a fact that is there already keeps its place. Durable when it resolves. */
  append(facts: readonly Fact[]): Promise<readonly Digest[]>;
  entries(): Promise<readonly Entry[]>;
  verify(): Promise<Verification>;
}
