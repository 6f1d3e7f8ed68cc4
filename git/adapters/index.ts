export { addedFiles } from './added-files.ts';
export { compareAndSwapRef, writeCommit } from './commits.ts';
export { openWorkingTree } from './disk-working-tree.ts';
export type { Environment } from './environment.ts';
export { fetchLfs } from './fetch-lfs.ts';
export { gitModelRepository } from './git-model-repository.ts';
export { workingFiles } from './working-files.ts';
export { commitsSaying, lastCommitTouching } from './history.ts';
export { listFiles, listNames, readFileAt, readObjects } from './objects.ts';
export {
  fetchBranch,
  pushCommit,
  type Pushed,
  PushRefused,
  remoteDefaultBranch,
  remoteTip,
  remoteUrl,
  tryPush,
} from './remote.ts';
export {
  changedPaths,
  checkedOutBranches,
  initBareRepository,
  isAncestor,
  objectIdAt,
  openRepository,
  readCommit,
  readRef,
  type Repository,
  resolveCommit,
  uncommittedPaths,
} from './repository.ts';
export { tagLives } from './tag-lives.ts';
