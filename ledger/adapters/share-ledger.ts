import { CouldNotRun } from '#kernel';
import {
  compareAndSwapRef,
  fetchBranch,
  isAncestor,
  openRepository,
  pushCommit,
  readRef,
  remoteTip,
  type Repository,
} from '#git/adapters';
import { GitLedger, type GitLedgerOptions } from './git-ledger.ts';

export type Shared = { taken: number; sent: number };

const ROUNDS = 50;

/**
 * Brings the ledger here and the one of a remote to the same end: theirs comes first, and what only we have is appended to it
 * anew, under the same record ids. Both chains are verified before either is believed. Killed at any moment, nothing is lost.
 * @param remote a name or an address, as git takes it
 */
export async function shareLedger(remote: string, options: GitLedgerOptions): Promise<Shared> {
  const branch = options.branch ?? 'fieldproof/ledger';
  const ref = `refs/heads/${branch}`;
  const repository = await openRepository(options.folder, { environment: options.environment });
  const before = (await new GitLedger(options).entries()).length;
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await remoteTip(repository, remote, branch);
    if (theirs !== null) await takeIn(theirs, { repository, remote, branch, ref, options });
    const ours = await readRef(repository, ref);
    if (ours === undefined) return { taken: 0, sent: 0 };
    const sent = ours === theirs ? 0 : await countMissing(theirs, { repository, branch, options });
    if (ours === theirs || (await pushCommit(repository, remote, branch, ours, theirs)) !== 'elsewhere') {
      return { taken: (await new GitLedger(options).entries()).length - before, sent };
    }
    await options.clock.sleep(Math.min(50 * round, 1000));
  }
  throw new CouldNotRun({
    file: ref,
    message: 'others kept appending faster',
    remedy: 'run again when fewer checks run at once',
  });
}

type Sharing = { repository: Repository; remote: string; branch: string; ref: string; options: GitLedgerOptions };

/** Leaves the branch here at or ahead of theirs. It moves once, to a chain that holds the facts of both. */
async function takeIn(theirs: string, { repository, remote, branch, ref, options }: Sharing): Promise<void> {
  await fetchBranch(repository, remote, branch, theirs);
  const ours = await readRef(repository, ref);
  if (ours === theirs || (ours !== undefined && (await isAncestor(repository, theirs, ours)))) return;
  const joining = await beside(theirs, { repository, branch, options });
  if (ours === undefined || (await isAncestor(repository, ours, theirs))) {
    await joining.entries(); // a chain that does not hold is not taken in
    await compareAndSwapRef(repository, ref, theirs, ours ?? null);
    return;
  }
  const mine = await new GitLedger(options).entries();
  await joining.append(mine.map(({ record }) => record.fact));
  const tip = await readRef(repository, `refs/heads/${joiningOf(branch)}`);
  if (tip !== undefined) await compareAndSwapRef(repository, ref, tip, ours);
}

async function countMissing(
  theirs: string | null,
  { repository, branch, options }: Pick<Sharing, 'repository' | 'branch' | 'options'>,
): Promise<number> {
  const mine = (await new GitLedger(options).entries()).length;
  return theirs === null ? mine : mine - (await (await beside(theirs, { repository, branch, options })).entries()).length;
}

/** The remote's ledger as a branch of its own here, to be read and appended to before ours moves. */
async function beside(
  theirs: string,
  { repository, branch, options }: Pick<Sharing, 'repository' | 'branch' | 'options'>,
): Promise<GitLedger> {
  const name = joiningOf(branch);
  const ref = `refs/heads/${name}`;
  const stale = await readRef(repository, ref);
  if (stale !== theirs) await compareAndSwapRef(repository, ref, theirs, stale ?? null);
  return new GitLedger({ ...options, branch: name });
}

function joiningOf(branch: string): string {
  return `${branch}-joining`;
}
