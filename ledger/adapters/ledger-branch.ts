import { CouldNotRun, digestOf, type Clock, type Digest } from '#kernel';
import { checkedOutBranches, listFiles, listNames, readFileAt, readObjects, type Repository, writeCommit } from '#git/adapters';
import { extendChain, idOf, type LedgerFile } from '../chain.ts';
import { checkChain, type CheckedChain } from '../check-chain.ts';
import { linkPath, readPath, recordPath } from '../layout.ts';
import type { Bound, Entry, Fact, Head, Link, Terms } from '../ledger.ts';
import { isBehind } from '../link-dates.ts';
import type { KnownKeys, Signer } from '../signature.ts';

/** A ledger's branch as commits: what each holds, and how one is made on top of another. No ref is moved here. */

/** A chain with the commit that holds it; null where there is none. */
export type Copy = { commit: string | null; chain: CheckedChain };

export async function chainAt(
  repository: Repository,
  commit: string | null,
  keys: KnownKeys,
  known?: { head: Digest },
): Promise<CheckedChain> {
  return checkChain(commit === null ? [] : await filesAt(repository, commit), keys, known);
}

/** @throws CouldNotRun when the chain is broken: what cannot be trusted is not shown */
export async function wholeChainAt(
  repository: Repository,
  commit: string | null,
  keys: KnownKeys,
  ref: string,
): Promise<CheckedChain> {
  const chain = await chainAt(repository, commit, keys);
  refuseBroken(chain, ref);
  return chain;
}

/** @throws CouldNotRun when the chain is broken */
export function refuseBroken({ verification }: CheckedChain, ref: string): void {
  if (verification.state === 'intact') return;
  throw new CouldNotRun({
    file: ref,
    message: `the ledger is broken at entry ${verification.at}: ${verification.reason}`,
    remedy: `look at git log ${ref.slice('refs/heads/'.length)} for the commit that did it, and move the branch back before it`,
  });
}

export async function headAt(repository: Repository, commit: string): Promise<Head | null> {
  return (await lastLinkAt(repository, commit))?.head ?? null;
}

export type Appending = { signer: Signer | null; terms: Terms | null; clock: Clock; ref: string };

/**
 * A commit on `tip` that holds the facts too; null when all are there already. Links are made anew each time; records keep
 * their names.
 */
export async function writeAppend(
  repository: Repository,
  tip: string | null,
  facts: readonly Fact[],
  { signer, terms, clock, ref }: Appending,
): Promise<{ commit: string; added: readonly Digest[] } | null> {
  await refuseCheckedOut(repository, ref);
  const now = clock.now();
  const last = tip === null ? null : await lastLinkAt(repository, tip);
  const ids = facts.map((fact) => idOf(fact));
  const present = tip === null ? new Set<Digest>() : await presentAt(repository, tip, ids);
  const counting = async () => terms?.counting((await wholeChainAt(repository, tip, new Map(), ref)).entries) ?? [];
  // Somebody who does not count may have said the very same before, or have dated a link in the future.
  const said = terms !== null && present.size > 0 ? new Set((await counting()).map(({ record }) => record.id)) : present;
  if (terms !== null && last !== null && isBehind(now, last.bound)) refuseBehind(now, (await counting()).at(-1)?.link.bound, ref);
  const bound = terms === null ? null : { ledger: terms.ledger, at: now.toISOString() };
  const { files, added, head } = extendChain(facts, last?.head ?? null, said, { signer, bound });
  if (head === null || added.length === 0) return null;
  const message = `Append ${added.length} to the ledger\n\nFieldproof-Ledger-Head: ${head.digest}\n`;
  return { commit: await writeCommit(repository, { parent: tip, changes: files, message, date: now }), added };
}

/** A commit on `tip` with files as they are, such as links that another commit holds. */
export async function writeFiles(
  repository: Repository,
  tip: string,
  files: readonly LedgerFile[],
  { clock, ref }: Pick<Appending, 'clock' | 'ref'>,
): Promise<string> {
  await refuseCheckedOut(repository, ref);
  const message = 'Bring the links of another copy to the ledger\n';
  return await writeCommit(repository, { parent: tip, changes: files, message, date: clock.now() });
}

export async function filesAt(repository: Repository, commit: string): Promise<LedgerFile[]> {
  const entries = await listFiles(repository, commit);
  const contents = await readObjects(
    repository,
    entries.map(({ id }) => id),
  );
  return entries.map(({ path }, index) => ({
    path,
    content: textOf(contents[index]),
  }));
}

export async function refuseCheckedOut(repository: Repository, ref: string): Promise<void> {
  if (!(await checkedOutBranches(repository)).includes(ref)) return;
  const message = "the ledger's branch is checked out, and an append would leave that working tree behind";
  throw new CouldNotRun({ file: ref, message, remedy: 'switch that working tree to another branch' });
}

/** The link at a place; null where there is none. */
export async function linkHeadAt(repository: Repository, commit: string, seq: number): Promise<Head | null> {
  const text = await readFileAt(repository, commit, linkPath(seq));
  return text === undefined ? null : { seq, digest: digestOf(text) };
}

/** Entries of a commit whose chain was verified, from behind one place to another. */
export async function entriesBetween(
  repository: Repository,
  commit: string,
  { after, to }: { after: number; to: number },
): Promise<Entry[]> {
  const places = Array.from({ length: Math.max(0, to - after) }, (_, index) => `${commit}:${linkPath(after + 1 + index)}`);
  const links = (await readObjects(repository, places)).map((text) => JSON.parse(textOf(text)) as Link);
  const records = await readObjects(
    repository,
    links.map(({ record }) => `${commit}:${recordPath(record)}`),
  );
  return links.map((link, index) => ({
    link,
    record: { id: link.record, fact: JSON.parse(textOf(records[index])) as Fact },
  }));
}

export function textOf(content: Uint8Array | undefined): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
}

async function lastLinkAt(repository: Repository, commit: string): Promise<{ head: Head; bound: Bound | undefined } | null> {
  const seq = await lastSeq(repository, commit);
  if (seq === 0) return null;
  const text = (await readFileAt(repository, commit, linkPath(seq))) ?? '';
  return { head: { seq, digest: digestOf(text) }, bound: boundIn(Buffer.from(text).toString()) };
}

/** The last folder, its last folder, and its last file: so that an append takes no longer the longer the chain is. */
async function lastSeq(repository: Repository, commit: string): Promise<number> {
  let path = 'chain';
  while (!path.endsWith('.json')) {
    const names = (await listNames(repository, commit, path)).filter((name) => /^\d{3}(\.json)?$/.test(name));
    const last = names.toSorted().at(-1);
    if (last === undefined) return 0;
    path = `${path}/${last}`;
  }
  const place = readPath(path);
  return place?.kind === 'link' ? place.seq : 0;
}

/** Of a link that nobody has verified yet. */
function boundIn(text: string): Bound | undefined {
  try {
    const { bound } = JSON.parse(text) as { bound?: Bound };
    return typeof bound?.at === 'string' ? bound : undefined;
  } catch {
    return undefined;
  }
}

async function presentAt(repository: Repository, tip: string, ids: readonly Digest[]): Promise<Set<Digest>> {
  const contents = await readObjects(
    repository,
    ids.map((id) => `${tip}:${recordPath(id)}`),
  );
  return new Set(ids.filter((_, index) => contents[index] !== undefined));
}

function refuseBehind(now: Date, last: Bound | undefined, ref: string): void {
  if (last === undefined || !isBehind(now, last)) return;
  throw new CouldNotRun({
    file: ref,
    message: `the last entry that counts is dated ${last.at}, and this machine's clock says ${now.toISOString()}: an entry dated before it would not count`,
    remedy: 'set the clock of this machine right; where the entry is what is wrong, wait until its time has come',
  });
}
