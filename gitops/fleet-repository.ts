import { CouldNotRun } from '#kernel';

/** The fleet repository at one commit, such as a branch's tip; all of it is null while there is no such branch. */
export type FleetSnapshot = {
  commit: string | null;
  message: string | null;
  /** The first of the commit's parents; null for the first commit of all. */
  parent: string | null;
  /** When it was committed, to the second. */
  date: Date | null;
  read(path: string): Promise<string | undefined>;
  list(under: string): Promise<readonly string[]>;
  /** Paths that differ between an older commit and this one; undefined when that commit is not in this one's history. */
  changedSince(commit: string): Promise<readonly string[] | undefined>;
  /** The commit in this one's history that last changed any of these paths. */
  lastChange(paths: readonly string[]): Promise<string | undefined>;
  /** Commits in this one's history that say something in their message, newest first: the last 200. */
  saying(text: string): Promise<readonly { commit: string; message: string }[]>;
};

/** A file to be written, or removed (`content: null`). */
export type FleetFile = { path: string; content: string | null };

export type FleetCommit = {
  /** The commit it stands on; null begins a history. */
  parent: string | null;
  branch: string;
  files: readonly FleetFile[];
  /** Subject, body and trailers. */
  message: string;
  /** Author and committer date, so that the same change made twice is one commit. */
  date: Date;
  /** The branch's tip, where that may be something else than `parent`: an older proposal, which this one takes the place of. */
  replaces?: string | null;
};

/** `moved`: whether this very call moved the branch there; false where nothing changed, or somebody else had made the same. */
export type Committed = { commit: string; moved: boolean };

/** The Git repository that the GitOps controllers read. */
export interface FleetRepository {
  /** @throws CouldNotRun when the repository is missing, or is a working tree with uncommitted changes */
  snapshot(branch: string): Promise<FleetSnapshot>;
  /** A commit of the branch's history, or one that the branch is to come to; undefined when the repository has none such. */
  at(branch: string, commit: string): Promise<FleetSnapshot | undefined>;
  /**
   * One commit on a branch, which must not be there yet, or be at `parent` or `replaces`; when nothing changes, the parent
   * stays. @throws FleetMoved when the branch is elsewhere, FleetRefused when it may not be moved
   */
  commit(change: FleetCommit): Promise<Committed>;
  /** Moves `branch` forward to `commit` only while it is still at `expected`. @throws FleetMoved, FleetRefused as commit */
  land(branch: string, commit: string, expected: string | null): Promise<Committed>;
}

/** Someone else was faster. Nothing was written; from a new snapshot the same work may succeed. */
export class FleetMoved extends CouldNotRun {
  constructor(fleet: string, branch: string) {
    super({
      file: fleet,
      message: `${branch} has moved on meanwhile`,
      remedy: 'run again: it will begin from where the branch is now',
    });
    this.name = 'FleetMoved';
  }
}

/** The branch is protected: its repository takes commits to it in another way, such as a pull request. Nothing was written. */
export class FleetRefused extends CouldNotRun {
  constructor(fleet: string, branch: string, { cause }: { cause: Error }) {
    super(
      {
        file: fleet,
        message: `${branch} does not take this commit: ${cause.message.split('\n')[0] ?? ''}`,
        remedy: 'set deploy.mode: pull-request in fieldproof.yaml, or let these credentials push to the branch',
      },
      { cause },
    );
    this.name = 'FleetRefused';
  }
}
