import type { ManifestFile } from './release.ts';

/** The fleet repository at one commit. */
export type FleetSnapshot = { commit: string | null; read(path: string): Promise<string | undefined>; list(under: string): Promise<readonly string[]> };

export type FleetCommit = {
  /** The commit it stands on; a branch that has moved on refuses it. */
  parent: string | null;
  branch: string;
  files: readonly ManifestFile[];
  /** Subject, body and trailers. */
  message: string;
};

/** The Git repository that the GitOps controllers read. */
export interface FleetRepository {
  /** @throws CouldNotRun when the repository is missing, or is a working tree with uncommitted changes */
  snapshot(branch: string): Promise<FleetSnapshot>;
  /** One commit on a branch; compare-and-set on `parent`. Returns its id; when nothing changes, the parent's. */
  commit(change: FleetCommit): Promise<string>;
  /** Moves `branch` to `commit` only while it is still at `expected`. */
  land(branch: string, commit: string, expected: string | null): Promise<void>;
}
