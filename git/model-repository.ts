import type { Digest } from '#kernel';

/** A file of which a commit holds a pointer alone. `size` in bytes. */
export type LargeFile = { path: string; digest: Digest; size: number };

/** The Git repository that holds the models, read at commits only: what lies uncommitted is never judged. */
export interface ModelRepository {
  /** Folder of the working tree; datasets outside Git are found relative to it. */
  readonly workingTree: string;
  /** Full commit id. @throws CouldNotRun when there is no such commit */
  resolve(ref: string): Promise<string>;
  /** Undefined when the commit has no such file. */
  readFile(commit: string, path: string): Promise<string | undefined>;
  /** Paths of the files below a folder at a commit, sorted; empty when there is none. */
  list(commit: string, under: string): Promise<readonly string[]>;
  /** The files below a folder at a commit that Git LFS keeps elsewhere, by the sha256 of their bytes. */
  largeFiles(commit: string, under: string): Promise<readonly LargeFile[]>;
  /** The commit that the two parted at; null where they have no common past, or it is not in this clone. */
  mergeBase(one: string, other: string): Promise<string | null>;
  /** Git's id of the tree at a path: equal ids mean equal content. Null when there is none. */
  treeOf(commit: string, path: string): Promise<string | null>;
  /** Writes the files below `path` at `commit` into a fresh folder and returns it. Links that leave it are refused. */
  extract(commit: string, path: string): Promise<string>;
  /** The commits, newest first, that changed something below the path. */
  history(commit: string, path: string, limit: number): Promise<readonly string[]>;
  describe(commit: string): Promise<{ author: string; subject: string; body: string; date: Date }>;
  /** Removes what was extracted. */
  discard(): Promise<void>;
}
