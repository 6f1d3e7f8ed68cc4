import { canonicalJson, digestOf, type Digest } from '#kernel';
import type { Fact, Link } from './ledger.ts';
import { linkPath, recordPath } from './layout.ts';
import type { Signer } from './signature.ts';

/** The end of a chain: what the next link stands on. */
export type Head = { seq: number; digest: Digest };

/** A file of the ledger's branch. */
export type LedgerFile = { path: string; content: string };

export function idOf(fact: Fact): Digest {
  return digestOf(canonicalJson(fact));
}

/**
 * The files that put facts at the end of a chain, one link each, in order. A fact whose id is in `present`, or that came
 * before in the same list, is left out.
 */
export function extendChain(
  facts: readonly Fact[],
  head: Head | null,
  present: ReadonlySet<Digest>,
  signer: Signer | null,
): { files: readonly LedgerFile[]; head: Head | null } {
  const files: LedgerFile[] = [];
  const seen = new Set(present);
  let last = head;
  for (const fact of facts) {
    const content = canonicalJson(fact);
    const record = digestOf(content);
    if (seen.has(record)) continue;
    seen.add(record);
    const text = canonicalJson(makeLink(last, record, signer));
    last = { seq: (last?.seq ?? 0) + 1, digest: digestOf(text) };
    files.push({ path: recordPath(record), content }, { path: linkPath(last.seq), content: text });
  }
  return { files, head: last };
}

function makeLink(head: Head | null, record: Digest, signer: Signer | null): Link {
  const link = { seq: (head?.seq ?? 0) + 1, previous: head?.digest ?? null, record };
  return signer === null ? link : { ...link, signature: { key: signer.key, value: signer.sign(link) } };
}
