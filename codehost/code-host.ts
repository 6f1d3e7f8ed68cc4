/**
 * Where a team's pull requests live, by capability: each of these is small, free of any SDK's types, and safe to repeat. A
 * call made again with the same words changes nothing, so that a run that was killed or retried ends in the same state.
 */
export type CodeHost = {
  pullRequests: PullRequests;
  checks: CheckRuns;
  comments: Comments;
  collaborators: Collaborators;
  issues: Issues;
  deployments: Deployments;
  moments: Moments;
};

export type PullRequest = {
  number: number;
  title: string;
  /** Full commit ids. */
  head: string;
  base: string;
  headBranch: string;
  baseBranch: string;
  /** Whether its head lives in another repository than its base: then nothing of it is trusted. */
  fork: boolean;
  author: string;
  merged: boolean;
  createdAt: string;
};

export interface PullRequests {
  get(number: number): Promise<PullRequest>;
  /** Opens one from `head` into `base`, or updates the open one that has this head branch. */
  propose(proposal: {
    head: string;
    base: string;
    title: string;
    body: string;
    labels?: readonly string[];
  }): Promise<{ number: number; url: string }>;
}

/** A finding put beside the line it is about. */
export type Annotation = {
  path: string;
  line: number;
  level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
};

export type CheckRun = {
  name: string;
  /** Full commit id. */
  head: string;
  /** The ledger's record, or another name of the run that stays the same when it is published again. */
  externalId: string;
  title: string;
  /** Markdown, within the host's limits: whoever renders it cuts, the adapter does not. */
  summary: string;
  text: string | null;
  annotations: readonly Annotation[];
  detailsUrl: string | null;
} & ({ status: 'in_progress' } | { status: 'completed'; conclusion: 'success' | 'failure' | 'neutral' });

export interface CheckRuns {
  /**
   * Goes on with the run of ours of that name and head that was begun and never ended, which then bears this external id; where
   * there is none, a run that has ended with this very external id is published again; else it makes one. Annotations only add up.
   */
  publish(run: CheckRun): Promise<{ id: number; url: string | null }>;
  /** The same for a run of ours that was begun and never ended; where there is none, none is made, and null says so. */
  goOn(run: CheckRun & { status: 'in_progress' }): Promise<{ id: number; url: string | null } | null>;
  /** Ours of that name that have ended, on the heads of the 30 pull requests that moved last. */
  ended(name: string): Promise<readonly { head: string; externalId: string }[]>;
}

/** What somebody wrote on a pull request; all of it but its author is theirs to choose. */
export type PullRequestComment = { pullRequest: number; author: string; body: string; createdAt: string };

export interface Comments {
  /** Null when it is no more. */
  get(id: number): Promise<PullRequestComment | null>;
  /** One comment per pull request and marker, ours alone: found by marker and author, else made. */
  upsert(comment: { pullRequest: number; marker: string; body: string }): Promise<{ id: number; url: string }>;
  /** The same where ours is there; where there is none, none is made, and null says so. */
  update(comment: { pullRequest: number; marker: string; body: string }): Promise<{ id: number; url: string } | null>;
}

export interface Collaborators {
  /** Whether somebody of this login may push to the repository, as the host knows it today. */
  mayWrite(login: string): Promise<boolean>;
}

/** When something happened to a change; ISO 8601. */
export type Moment = { step: 'opened' | 'check asked' | 'check began' | 'approved'; at: string };

export interface Moments {
  /** What the host knows of a head: when its pull request was opened and last approved before its merge, when our check was asked for and begun. */
  of(head: string): Promise<readonly Moment[]>;
}

export interface Issues {
  /** One open issue per marker, ours alone: updated while it is open, made when there is none. */
  upsert(issue: {
    marker: string;
    title: string;
    body: string;
    labels: readonly string[];
  }): Promise<{ number: number; url: string }>;
  /** Closes the open issue of this marker with a last comment; null when there is none. */
  close(issue: { marker: string; comment: string }): Promise<{ number: number } | null>;
}

export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive' | 'error';

export interface Deployments {
  /** The state of one commit in one environment (`<model>/<site>/<chipset>`); the same state twice is said once. */
  record(deployment: {
    commit: string;
    environment: string;
    state: DeploymentState;
    description: string;
    url: string | null;
  }): Promise<{ id: number }>;
}
