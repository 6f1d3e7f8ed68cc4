import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CouldNotRun, digestOf, hexOf } from '#kernel';
import {
  checkedOutBranches,
  compareAndSwapRef,
  fetchBranch,
  initBareRepository,
  openRepository,
  pushCommit,
  readRef,
  remoteTip,
  resolveCommit,
  uncommittedPaths,
  type Environment,
  type Repository,
  type Pushed,
} from '#git/adapters';

export type FleetLocation = {
  /** An https, ssh or file URL, or an absolute path of a repository, bare or with a working tree. */
  location: string;
  /** Where clones of remote repositories are kept between runs. */
  cacheFolder: string;
  environment: Environment;
};

/** Where the objects are, and how a branch is found and moved. */
export type FleetStore = {
  repository: Repository;
  /** The branch's commit, whose objects are then in `repository`; null when there is no such branch. */
  tip(branch: string): Promise<string | null>;
  /** Compare-and-set. `elsewhere`: the branch is neither at `expected` nor at the commit, which it was before under `already`. */
  move(branch: string, commit: string, expected: string | null): Promise<Pushed>;
};

/** @throws CouldNotRun when there is no repository, or its working tree is not as committed */
export async function openFleetStore(fleet: FleetLocation): Promise<FleetStore> {
  return isUrl(fleet.location) ? openRemote(fleet) : openLocal(fleet);
}

function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location) || /^[\w.-]+@[\w.-]+:/.test(location);
}

async function openRemote({ location, cacheFolder, environment }: FleetLocation): Promise<FleetStore> {
  const folder = join(cacheFolder, `fleet-${hexOf(digestOf(location)).slice(0, 16)}.git`);
  const cache = await initBareRepository(folder, { environment });
  return {
    repository: cache,
    tip: async (branch) => {
      const tip = await remoteTip(cache, location, branch);
      if (tip !== null && (await resolveCommit(cache, tip)) === undefined) await fetchBranch(cache, location, branch, tip);
      return tip;
    },
    move: (branch, commit, expected) => pushCommit(cache, location, branch, commit, expected),
  };
}

async function openLocal({ location, environment }: FleetLocation): Promise<FleetStore> {
  const repository = await openRepository(location, { environment, exact: true });
  await refuseDirty(repository, location);
  return {
    repository,
    tip: async (branch) => (await readRef(repository, `refs/heads/${branch}`)) ?? null,
    move: async (branch, commit, expected) => {
      const ref = `refs/heads/${branch}`;
      if (!(await checkedOutBranches(repository)).includes(ref)) {
        if (await compareAndSwapRef(repository, ref, commit, expected)) return 'moved';
        return (await readRef(repository, ref)) === commit ? 'already' : 'elsewhere';
      }
      // Git's own way to move a branch under a working tree: it refuses a dirty one, and the files follow.
      await refuseDirty(repository, location);
      return pushCommit(repository, repository.folder, branch, commit, expected);
    },
  };
}

async function refuseDirty(repository: Repository, location: string): Promise<void> {
  const [first, ...others] = await lastingChanges(repository);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new CouldNotRun({
    file: location,
    message: `the fleet repository has changes that are not committed: ${first}${more}`,
    remedy: 'commit them or put them aside (git stash --include-untracked), then run again',
  });
}

/** While somebody else's commit lands, the files follow their branch a moment later: that is no change of anybody's. */
async function lastingChanges(repository: Repository): Promise<readonly string[]> {
  for (const pause of [100, 200, 400, 800]) {
    const changed = await uncommittedPaths(repository);
    if (changed.length === 0) return changed;
    await setTimeout(pause);
  }
  return await uncommittedPaths(repository);
}
