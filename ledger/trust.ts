import { createPublicKey, type KeyObject } from 'node:crypto';
import { shortDigest, type Digest } from '#kernel';
import { isBehind } from './link-dates.ts';
import type { Entry, Link } from './ledger.ts';
import { isSignedBy, keyId } from './signature.ts';

/** Who signs a ledger of this name, and when. Keys are SPKI, DER, in base64; days are of UTC, both ends included. */
export type Trust = {
  name: string;
  keys: readonly { publicKey: string; from: string | null; until: string | null }[];
};

export type Untrusted = { seq: number; kind: string; reason: string };

/**
 * `trusted`: the entries that count, one for each record. `aside`: the others, each with the reason why it does not. `dated`: the
 * link of an entry that counts, the latest by its own date; null while none is dated.
 */
export type Sorted = { trusted: readonly Entry[]; aside: readonly Untrusted[]; dated: Link | null };

/** What was sorted of the same ledger before, by the same policy: which records count by then, and the latest link among theirs. */
export type SortedBefore = { dated: Link | null; counts: (record: Digest) => boolean };

type Key = { publicKey: KeyObject; from: string | null; until: string | null };
type State = { dated: Link | null; records: Set<Digest> };

/**
 * Tells the entries that count from those that do not, by the links alone, oldest first. A link counts when one of the keys has
 * signed it, for a ledger of this name, on a day that is the key's by the link's own date, and not dated before the last one that
 * counts: so a key whose time is over cannot date itself back among what was signed since. A link of before links were dated
 * counts only where a key has no first day, and ahead of every dated one.
 */
export function sortByTrust(entries: readonly Entry[], trust: Trust, before: SortedBefore | null = null): Sorted {
  const keys = keysOf(trust);
  const state: State = { dated: before?.dated ?? null, records: new Set() };
  const trusted: Entry[] = [];
  const aside: Untrusted[] = [];
  for (const entry of entries) {
    const reason = whyNot(entry.link, keys, trust.name, state);
    if (reason !== null) aside.push({ seq: entry.link.seq, kind: entry.record.fact.kind, reason });
    else if (!state.records.has(entry.record.id) && before?.counts(entry.record.id) !== true) {
      state.records.add(entry.record.id);
      trusted.push(entry);
    }
    if (reason === null) state.dated = laterOf(state.dated, entry.link);
  }
  return { trusted, aside, dated: state.dated };
}

/** Why a key must not sign today, if so: it is not one of policy's, or not in its time. */
export function whyNotToday(key: Digest, { keys }: Trust, now: Date): string | null {
  const known = keys.find(({ publicKey }) => keyId(readSpki(publicKey)) === key);
  if (known === undefined) return `the key ${shortDigest(key)} is none of those that it names`;
  return outOfTime(known, now.toISOString());
}

function keysOf({ keys }: Trust): ReadonlyMap<Digest, Key> {
  return new Map(
    keys.map(({ publicKey, from, until }) => {
      const read = readSpki(publicKey);
      return [keyId(read), { publicKey: read, from, until }];
    }),
  );
}

function readSpki(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
}

function whyNot({ signature, ...link }: Link, keys: ReadonlyMap<Digest, Key>, name: string, { dated }: State): string | null {
  if (signature === undefined) return 'nobody signed it';
  const key = keys.get(signature.key);
  if (key === undefined) return `it is signed with another key, ${shortDigest(signature.key)}`;
  if (!isSignedBy(link, signature.value, key.publicKey)) return 'its signature does not fit it';
  const { bound } = link;
  if (bound === undefined) {
    if (key.from !== null) return 'it was signed for no ledger by name, and on no date';
    return dated === null ? null : 'it was signed on no date, after others that were';
  }
  if (bound.ledger !== name) return `it was signed for the ledger ${bound.ledger}, and this is ${name}`;
  if (dated !== null && isBehind(new Date(bound.at), dated.bound))
    return `it is dated ${bound.at}, before entry ${dated.seq} ahead of it: a clock was set back`;
  return outOfTime(key, bound.at);
}

function outOfTime({ from, until }: Pick<Key, 'from' | 'until'>, at: string): string | null {
  const day = at.slice(0, 10);
  if (from !== null && day < from) return `its key signs from ${from} on, and it is dated ${day}`;
  return until !== null && day > until ? `its key signed until ${until}, and it is dated ${day}` : null;
}

function laterOf(dated: Link | null, link: Link): Link | null {
  if (link.bound === undefined) return dated;
  return dated?.bound === undefined || link.bound.at > dated.bound.at ? link : dated;
}
