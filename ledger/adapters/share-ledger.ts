import { CouldNotRun } from '#kernel';
import {
  compareAndSwapRef,
  fetchBranch,
  isAncestor,
  openRepository,
  pushCommit,
  readRef,
  remoteTip,
  resolveCommit,
  type Repository,
} from '#git/adapters';
import { linkPath, recordPath } from '../layout.ts';
import type { Terms } from '../ledger.ts';
import { LEDGER_BRANCH, readKeys, seenRef, type GitLedgerOptions, type Keys } from './git-ledger.ts';
import { type Copy, filesAt, wholeChainAt, writeAppend, writeFiles } from './ledger-branch.ts';
import { readOwn } from './own-facts.ts';
import { refuseForeign, refuseGoneBack, refuseUnsigned } from './share-refusals.ts';

export type Shared = { taken: number; sent: number };

const ROUNDS = 50;

type Sharing = { repository: Repository; remote: string; branch: string; ref: string; options: GitLedgerOptions; keys: Keys };

/**
 * Brings the ledger here and the one of a remote to the same end: theirs comes first, and what was appended here and they lack
 * is linked to it anew, under the same record ids. Nothing else is ever linked anew, so nothing else is signed. Both chains are
 * verified before either is believed. Killed at any moment, nothing is lost.
 * @param remote a name or an address, as git takes it
 * @param terms under which links are made anew
 * @throws CouldNotRun when the remote went back behind what was seen of it, or the copy here holds what nobody appended here;
 *   then nothing is changed
 */
export async function shareLedger(remote: string, options: GitLedgerOptions, terms: Terms | null = null): Promise<Shared> {
  const branch = options.branch ?? LEDGER_BRANCH;
  const repository = await openRepository(options.folder, { environment: options.environment });
  const sharing: Sharing = { repository, remote, branch, ref: `refs/heads/${branch}`, options, keys: await readKeys(options) };
  let before: number | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await theirCopy(sharing);
    const ours = await copyAt((await readRef(repository, sharing.ref)) ?? null, sharing);
    before ??= ours.chain.entries.length;
    const joined = await join(ours, theirs, terms, sharing);
    if (joined.commit === null) return { taken: 0, sent: 0 };
    if (joined.commit !== ours.commit && !(await compareAndSwapRef(repository, sharing.ref, joined.commit, ours.commit)))
      continue;
    if (joined.commit === theirs.commit || (await send(joined.commit, theirs, sharing))) {
      await noteSeen(joined.commit, theirs.commit, sharing);
      return { taken: joined.entries - before, sent: joined.entries - theirs.chain.entries.length };
    }
    await options.clock.sleep(Math.min(50 * round, 1000));
  }
  throw new CouldNotRun({
    file: sharing.ref,
    message: 'others kept appending faster',
    remedy: 'run again when fewer checks run at once',
  });
}

/** What the remote holds, verified, and no less than was seen of it before. */
async function theirCopy(sharing: Sharing): Promise<Copy> {
  const { repository, remote, branch } = sharing;
  // Read first: others on this machine share too, and what they have seen by now is newer than what is asked for next.
  const seen = (await readRef(repository, seenRef(branch))) ?? null;
  const commit = await remoteTip(repository, remote, branch);
  if (commit !== null && (await resolveCommit(repository, commit)) === undefined)
    await fetchBranch(repository, remote, branch, commit);
  const theirs = await copyAt(commit, sharing);
  if (seen !== null) refuseGoneBack(theirs, await copyAt(seen, sharing), { remote, branch });
  if (commit !== null) await noteSeen(commit, seen, sharing);
  return theirs;
}

async function copyAt(commit: string | null, { repository, keys, ref }: Sharing): Promise<Copy> {
  return { commit, chain: await wholeChainAt(repository, commit, keys.known, ref) };
}

type Joined = { commit: string | null; entries: number };

/** The commit that both are to come to: theirs, or one that stands on theirs. */
async function join(ours: Copy, theirs: Copy, terms: Terms | null, sharing: Sharing): Promise<Joined> {
  const [here, there] = [ours.chain.digests, theirs.chain.digests];
  const common = sameBegin(here, there);
  if (common === here.length) return { commit: theirs.commit, entries: there.length };
  if (common === there.length) return { commit: await ahead(ours, theirs, sharing), entries: here.length };
  return await relink(ours, theirs, common, terms, sharing);
}

/** We have more of the same chain: its links stay as they are. */
async function ahead(ours: Copy, theirs: Copy, { repository, options, ref }: Sharing): Promise<string | null> {
  if (ours.commit === null || theirs.commit === null) return ours.commit;
  if (await isAncestor(repository, theirs.commit, ours.commit)) return ours.commit;
  const news = ours.chain.entries.slice(theirs.chain.entries.length);
  const wanted = new Set(news.flatMap(({ link }) => [linkPath(link.seq), recordPath(link.record)]));
  const files = (await filesAt(repository, ours.commit)).filter(({ path }) => wanted.has(path));
  return await writeFiles(repository, theirs.commit, files, { clock: options.clock, ref });
}

/** Both went on from the same place: what was appended here goes on top of theirs. */
async function relink(ours: Copy, theirs: Copy, common: number, terms: Terms | null, sharing: Sharing): Promise<Joined> {
  const { repository, branch, ref, options, keys } = sharing;
  const own = await readOwn(repository, branch);
  const known = new Set(theirs.chain.entries.map(({ record }) => record.id));
  const extra = ours.chain.entries.slice(common);
  const foreign = extra.filter(({ record }) => !own.has(record.id) && !known.has(record.id));
  if (foreign.length > 0) refuseForeign(foreign, ours, theirs, sharing);
  const mine = extra.filter(({ record }) => own.has(record.id));
  if (keys.signer === null) refuseUnsigned(mine, terms, ref);
  const facts = mine.map(({ record }) => record.fact);
  const written = await writeAppend(repository, theirs.commit, facts, { signer: keys.signer, terms, clock: options.clock, ref });
  const before = theirs.chain.entries.length;
  return written === null
    ? { commit: theirs.commit, entries: before }
    : { commit: written.commit, entries: before + written.added.length };
}

async function send(commit: string, theirs: Copy, { repository, remote, branch }: Sharing): Promise<boolean> {
  return (await pushCommit(repository, remote, branch, commit, theirs.commit)) !== 'elsewhere';
}

/** Where others on this machine have noted something else meanwhile, theirs stays: it is newer. */
async function noteSeen(commit: string, before: string | null, { repository, branch }: Sharing): Promise<void> {
  if (before !== commit) await compareAndSwapRef(repository, seenRef(branch), commit, before);
}

function sameBegin(here: readonly string[], there: readonly string[]): number {
  const end = Math.min(here.length, there.length);
  let common = 0;
  while (common < end && here[common] === there[common]) common += 1;
  return common;
}
