import { isDigest, type Digest } from '#kernel';
import { addedFiles, readObjects, resolveCommit, type Repository } from '#git/adapters';
import type { LedgerFile } from '../chain.ts';
import { checkChain, signedIn, type CheckedChain } from '../check-chain.ts';
import { readPath, recordPath } from '../layout.ts';
import type { KnownKeys } from '../signature.ts';
import { checkpointFile, readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoints.ts';
import { chainAt, textOf } from './ledger-branch.ts';

/** Which branch, whose signatures, and where on this machine it is kept how far it was verified; null: nowhere. */
export type Onward = { repository: Repository; ref: string; keys: KnownKeys; checkpoints: string | null };

/** What a commit's chain comes to, of which only what came since the last time was looked at. `from`: where that begins. */
export type Verified = { chain: CheckedChain; from: number };

/**
 * Follows a commit's chain from where it was found whole before. A commit's id names all that it holds, so what is compared is the
 * two commits: where anything but links and records was added since, or what was added does not hold, all is checked from the first link.
 */
export async function verifyOnward(tip: string, onward: Onward): Promise<Verified> {
  const { repository, ref, keys, checkpoints } = onward;
  if (checkpoints === null) return { chain: await chainAt(repository, tip, keys), from: 0 };
  const file = checkpointFile(checkpoints, repository, ref, keys);
  const before = await readCheckpoint(file);
  const since = before === null ? null : await checkSince(before, tip, onward);
  const isWhole = since?.verification.state === 'intact';
  const chain = isWhole ? since : await chainAt(repository, tip, keys);
  const from = isWhole ? (before?.entries ?? 0) : 0;
  await keep(file, tip, chain, isWhole ? before : null);
  return { chain, from };
}

/** That a commit's chain was followed from its first link by somebody who read all of it: the next may go on from there. */
export async function noteVerified(
  tip: string,
  chain: CheckedChain,
  { repository, ref, keys, checkpoints }: Onward,
): Promise<void> {
  if (checkpoints !== null) await keep(checkpointFile(checkpoints, repository, ref, keys), tip, chain, null);
}

async function checkSince(before: Checkpoint, tip: string, { repository, keys }: Onward): Promise<CheckedChain | null> {
  if (before.commit === tip) return checkChain([], keys, undefined, { ...before, holds: () => false });
  if ((await resolveCommit(repository, before.commit)) === undefined) return null;
  const added = await addedFiles(repository, before.commit, tip);
  if (added === null) return null;
  const contents = await readObjects(
    repository,
    added.map(({ id }) => id),
  );
  const files = added.map(({ path }, index) => ({ path, content: textOf(contents[index]) }));
  const again = await namedAgain(files, before.commit, repository);
  const ids = new Set(again.map(({ id }) => id));
  return checkChain([...files, ...again.map(({ file }) => file)], keys, undefined, { ...before, holds: (id) => ids.has(id) });
}

/** Records of before that a new link names once more, as someone who counts may. */
async function namedAgain(files: readonly LedgerFile[], commit: string, repository: Repository) {
  const brought = new Set(files.map(({ path }) => path));
  const named = files.flatMap(({ path, content }) => (readPath(path)?.kind === 'link' ? recordNamedBy(content) : []));
  const ids = [...new Set(named)].filter((id) => !brought.has(recordPath(id)));
  const contents = await readObjects(
    repository,
    ids.map((id) => `${commit}:${recordPath(id)}`),
  );
  return ids.flatMap((id, index) => {
    const content = contents[index];
    return content === undefined ? [] : [{ id, file: { path: recordPath(id), content: textOf(content) } }];
  });
}

function recordNamedBy(link: string): Digest[] {
  const [, record = ''] = /"record":"(sha256:[0-9a-f]{64})"/.exec(link) ?? [];
  return isDigest(record) ? [record] : [];
}

async function keep(file: string, commit: string, { verification, entries }: CheckedChain, before: Checkpoint | null) {
  if (verification.state !== 'intact' || verification.head === null || before?.commit === commit) return;
  const signed = signedIn(entries) + (before?.signed ?? 0);
  await writeCheckpoint(file, { commit, entries: verification.entries, head: verification.head, signed });
}
