import type { Digest, Json } from '#kernel';

/** A fact is any JSON object with a kind; the ledger knows nothing else of what it stores. */
export type Fact = { readonly kind: string; readonly [field: string]: Json };

/** `id` is the digest of the fact's canonical JSON, so the same fact appended twice is one record. */
export type StoredRecord = { id: Digest; fact: Fact };

/** Whose ledger a link is of, and when it was made (ISO 8601, UTC), by the clock of whoever signed it. */
export type Bound = { ledger: string; at: string };

/**
 * The chain, apart from the records: re-made on conflict without renaming any record. `seq` counts from 1; `previous` is the
 * digest of the link before as it is stored, signature included. `key` is the digest of the public key (SPKI, DER), and what it
 * signs is all the rest of the link.
 */
export type Link = {
  seq: number;
  previous: Digest | null;
  record: Digest;
  bound?: Bound;
  signature?: { key: Digest; value: string };
};

export type Entry = { link: Link; record: StoredRecord };

/** The end of a chain: what the next link stands on. */
export type Head = { seq: number; digest: Digest };

/**
 * `head` is the last link's digest: who keeps it can later tell that nothing was cut off. `signed` counts signatures that a
 * known key confirms; `unchecked` says that there are some, and no key to check them with.
 */
export type Verification =
  | { state: 'intact'; entries: number; head: Digest | null; signed: 'all' | 'some' | 'none' | 'unchecked' }
  | { state: 'broken'; at: number; reason: string };

/** What holds for new links where somebody has said who signs a ledger. */
export type Terms = {
  /** Written into each link that is made. */
  ledger: string;
  /** The entries that count: a fact is there already only where its entry is one of them. */
  counting: (entries: readonly Entry[]) => readonly Entry[];
};

/** Append-only history on a Git branch. */
export interface Ledger {
  /**
   * Appends in order and returns the ids; a fact that is there already keeps its place. Durable when it resolves.
   * @throws CouldNotRun under terms, when nothing signs here, or this machine's clock is behind the ledger's
   */
  append(facts: readonly Fact[], terms?: Terms | null): Promise<readonly Digest[]>;
  /**
   * Appends as above, unless something is known of all that is there at that very moment: whoever would say the same at the same
   * time is then not said twice. Null where it was known.
   */
  appendUnless(
    isKnown: (entries: readonly Entry[]) => boolean,
    facts: readonly Fact[],
    terms?: Terms | null,
  ): Promise<readonly Digest[] | null>;
  /** In order, whoever signed them. @throws CouldNotRun when the chain is broken: what cannot be trusted is not shown */
  entries(): Promise<readonly Entry[]>;
  /** Names the first break. A tail that was cut off shows only against a `known` head, one seen before. */
  verify(known?: { head: Digest }): Promise<Verification>;
  /** The key that signs what is appended here; null: none. */
  signsAs(): Promise<Digest | null>;
  /** The end of what a remote is known to hold, which it can never lack again; null where nothing was shared. */
  sharedHead(): Promise<Head | null>;
}

/** A ledger as those read it who keep what they have read: what was verified before is not verified again. */
export interface LedgerReader extends Pick<Ledger, 'entries'> {
  /**
   * In order, what came after an entry that was the last one once; null where the chain does not hold that one (any more).
   * @throws CouldNotRun when the chain is broken anywhere
   */
  entriesAfter(head: Head): Promise<readonly Entry[] | null>;
}
