import { compareAndSwapRef, pushCommit, readRef, remoteTip, writeCommit, type Repository } from '#git/adapters';
import { CouldNotRun } from '#kernel';
import type { LabellingBranches } from '../labelling-branches.ts';

/** @param remote the name or address that branches are pushed to; null: they stay in this repository */
export function gitLabellingBranches(repository: Repository, remote: string | null): LabellingBranches {
  return {
    async write({ branch, parent, files, message, date }) {
      const ref = `refs/heads/${branch}`;
      const commit = await writeCommit(repository, { parent, changes: files, message, date });
      const here = (await readRef(repository, ref)) ?? null;
      if (here !== commit && (here !== null || !(await compareAndSwapRef(repository, ref, commit, null)))) throw taken(branch);
      if (remote === null) return commit;
      const there = await remoteTip(repository, remote, branch);
      if (there !== commit && (there !== null || (await pushCommit(repository, remote, branch, commit, null)) === 'elsewhere'))
        throw taken(branch);
      return commit;
    },
  };
}

function taken(branch: string): CouldNotRun {
  const remedy = `look at what is on it, and remove it (git branch -D ${branch}) if nobody needs it`;
  return new CouldNotRun({ file: branch, message: 'the branch is there already, with something else on it', remedy });
}
