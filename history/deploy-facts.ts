import type { Digest } from '#kernel';
import type { Release } from '#runners';
import type { Place } from '#gitops';

/** What the ledger holds of a release on its way to the field and, where need be, back. Each fact has the time of its step. */
export type DeployFact = MergeFact | DeploymentFact | HoldFact | RevertFact | WaiverFact;

/** A judged tree was merged. */
export type MergeFact = {
  kind: 'merge';
  model: string;
  verdict: Digest;
  tree: string;
  commit: string;
  /** When that commit was made. */
  at: string;
};

/** A wave of a release was committed to the branch that the controllers read. */
export type DeploymentFact = {
  kind: 'deployment';
  model: string;
  candidate: Release;
  superior: boolean;
  verdict: Digest;
  /** The branch of the proposal. */
  proposal: string;
  branch: string;
  fleetCommit: string;
  /** Left out by records from before there were waves: everything at once. */
  wave?: { number: number; of: number; places: readonly Place[] };
  /** Paths that it wrote; left out by older records: all that its commit changed. */
  files?: readonly string[];
  /** The waiver under which it landed without a pass. */
  waiver?: Digest | null;
  at: string;
};

/** A release that is not to be deployed again: it failed, or somebody took it back. */
export type HoldFact = {
  kind: 'hold';
  model: string;
  release: Release;
  /** Record of the verdict under which it had landed. */
  verdict: Digest;
  /** The site that alone is taken back; null: all that it reached. */
  site: string | null;
  by: string;
  reason: string;
  at: string;
};

/** What came of taking a release back. */
export type RevertFact = {
  kind: 'revert';
  model: string;
  verdict: Digest;
  hold: Digest;
  /** As the hold's. */
  site: string | null;
  /** Commits of the fleet repository that it takes back. */
  reverts: readonly string[];
  outcome: 'committed' | 'proposed' | 'left';
  /** The commit that does it; null where nothing could be written. */
  fleetCommit: string | null;
  branch: string;
  /** Paths that somebody has edited since, and that stay as they are. */
  edited: readonly string[];
  reason: string;
  at: string;
};

/** Somebody answers for going on: without a pass, or with a release that is held. Until the end of a day (UTC). */
export type WaiverFact = {
  kind: 'waiver';
  model: string;
  record: Digest;
  by: string;
  why: string;
  /** YYYY-MM-DD. */
  until: string;
  at: string;
};
