export { compareAndSwapRef, writeCommit, type FileChange, type NewCommit } from './commits.ts';
export type { Environment } from './environment.ts';
export { extractFolder } from './extract.ts';
export { GitFailed } from './git-process.ts';
export { commitsTouching, lastCommitTouching } from './history.ts';
export { listFiles, readFileAt, readObjects, type TreeEntry } from './objects.ts';
export { fetchBranch, pushCommit, PushRefused, remoteTip } from './remote.ts';
export {
  changedPaths,
  checkedOutBranches,
  initBareRepository,
  isAncestor,
  mergeBase,
  objectIdAt,
  openRepository,
  readCommit,
  readRef,
  resolveCommit,
  uncommittedPaths,
  type CommitInfo,
  type OpenOptions,
  type Repository,
} from './repository.ts';
