import { digestOfJson, type Digest, type Json } from '#kernel';
import { linkDigest, sortByTrust, type Entry, type LedgerReader, type Trust, type Untrusted } from '#ledger';
import type { HistoryIndex, IndexMark } from './history-index.ts';
import { INDEX_FORM, indexRow } from './index-row.ts';
import { KINDS_OF_FACT, VERSIONS } from './read-facts.ts';

/** Of what does not count, so many are kept to be shown. */
const ASIDE = 1000;

/**
 * Brings an index to the end of a ledger: by what came since, where the ledger still holds the place to which the index had
 * come and policy is what it was; anew from the first entry where not.
 * @returns null where the ledger is empty
 */
export async function refreshIndex(index: HistoryIndex, ledger: LedgerReader, policy: Trust | null): Promise<IndexMark | null> {
  const asked = policyMark(policy);
  const before = await index.mark();
  const since = before?.policy === asked ? await ledger.entriesAfter(before.head) : null;
  if (before === null || since === null) return await rebuild(index, await ledger.entries(), policy);
  const [last] = since.slice(-1);
  if (last === undefined) return before;
  const known = new Set(
    (await index.find({ kinds: KINDS_OF_FACT, ids: since.map(({ record }) => record.id) })).map(({ id }) => id),
  );
  const sorted = sorting(since, policy, { dated: before.dated, counts: (id) => known.has(id) });
  const mark = { ...before, head: headOf(last), dated: sorted.dated, aside: cut([...before.aside, ...sorted.aside]) };
  await index.add(rowsOf(sorted.trusted), mark);
  return mark;
}

async function rebuild(index: HistoryIndex, entries: readonly Entry[], policy: Trust | null): Promise<IndexMark | null> {
  const last = entries.at(-1);
  if (last === undefined) return null;
  const { trusted, aside, dated } = sorting(entries, policy);
  const mark = { head: headOf(last), policy: policyMark(policy), dated, aside: cut(aside) };
  await index.replace(rowsOf(trusted), mark);
  return mark;
}

/** Where policy does not say who signs, all counts; what is there already is not there again. */
function sorting(entries: readonly Entry[], policy: Trust | null, from?: Parameters<typeof sortByTrust>[2]) {
  if (policy !== null) return sortByTrust(entries, policy, from);
  return { trusted: entries.filter(({ record }) => from?.counts(record.id) !== true), aside: [], dated: null };
}

function* rowsOf(entries: readonly Entry[]) {
  for (const entry of entries) {
    const row = indexRow(entry);
    if (row !== null) yield row;
  }
}

function headOf({ link }: Entry) {
  return { seq: link.seq, digest: linkDigest(link) };
}

function cut(aside: readonly Untrusted[]): readonly Untrusted[] {
  return aside.slice(0, ASIDE);
}

/** An index that was made under another policy, or by another version, holds something else. */
function policyMark(policy: Trust | null): Digest {
  return digestOfJson({
    form: INDEX_FORM,
    kinds: VERSIONS,
    policy: policy === null ? null : (JSON.parse(JSON.stringify(policy)) as Json),
  });
}
