import { canonicalJson, digestOf, type Digest } from '#kernel';
import type { Bound, Fact, Head, Link } from './ledger.ts';
import { linkPath, recordPath } from './layout.ts';
import type { Signer } from './signature.ts';

/** A file of the ledger's branch. */
export type LedgerFile = { path: string; content: string };

/** Who signs new links, and what they are bound to; null: nobody, nothing. */
export type Seal = { signer: Signer | null; bound: Bound | null };

export function idOf(fact: Fact): Digest {
  return digestOf(canonicalJson(fact));
}

/** What the next link says of this one: its digest as it is stored. */
export function linkDigest(link: Link): Digest {
  return digestOf(canonicalJson(link));
}

/**
 * The files that put facts at the end of a chain, one link each, in order. A fact whose id is in `present`, or that came
 * before in the same list, is left out.
 */
export function extendChain(
  facts: readonly Fact[],
  head: Head | null,
  present: ReadonlySet<Digest>,
  seal: Seal,
): { files: readonly LedgerFile[]; added: readonly Digest[]; head: Head | null } {
  const files: LedgerFile[] = [];
  const added: Digest[] = [];
  const seen = new Set(present);
  let last = head;
  for (const fact of facts) {
    const content = canonicalJson(fact);
    const record = digestOf(content);
    if (seen.has(record)) continue;
    seen.add(record);
    added.push(record);
    const text = canonicalJson(makeLink(last, record, seal));
    last = { seq: (last?.seq ?? 0) + 1, digest: digestOf(text) };
    files.push({ path: recordPath(record), content }, { path: linkPath(last.seq), content: text });
  }
  return { files, added, head: last };
}

function makeLink(head: Head | null, record: Digest, { signer, bound }: Seal): Link {
  const plain = { seq: (head?.seq ?? 0) + 1, previous: head?.digest ?? null, record };
  const link = bound === null ? plain : { ...plain, bound };
  return signer === null ? link : { ...link, signature: { key: signer.key, value: signer.sign(link) } };
}
