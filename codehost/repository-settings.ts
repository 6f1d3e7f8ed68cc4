/** What was looked for, or what whoever looks would have to be allowed to see it. */
export type Looked<T> = { state: 'seen'; value: T } | { state: 'unseen'; needs: string };

/**
 * How a repository is set up where it lives. Each question stands alone: what may not be asked is said, and no other answer
 * falls with it. Nothing here writes, and of a secret there is its name alone.
 * @throws CouldNotRun where the host does not answer, or knows no such repository
 */
export interface RepositorySettings {
  overview(): Promise<Overview>;
  /** Every file of a branch, with its size in bytes. */
  files(branch: string): Promise<Looked<readonly { path: string; bytes: number }[]>>;
  /** Null where the branch has no such file. */
  read(branch: string, path: string): Promise<Looked<string | null>>;
  /** What holds for a branch of this name, whether it is there yet or not. */
  branchRules(branch: string): Promise<Looked<BranchRules>>;
  environments(): Promise<Looked<readonly Environment[]>>;
  /** By name: the repository's own and those that its organisation shares with it. */
  secretNames(): Promise<Looked<readonly string[]>>;
  environmentSecretNames(environment: string): Promise<Looked<readonly string[]>>;
  /** The repository's own and those that its organisation shares with it. */
  variables(): Promise<Looked<Readonly<Record<string, string>>>>;
  /** Whether a job's token may open pull requests. */
  jobsMayOpenPullRequests(): Promise<Looked<boolean>>;
  /** Machines of one's own that are registered with the repository. */
  runners(): Promise<Looked<readonly Runner[]>>;
  /** Those that are registered with its organisation; none where a person owns the repository. */
  organisationRunners(): Promise<Looked<readonly Runner[]>>;
}

export type Overview = {
  name: string;
  defaultBranch: string;
  /** Whether whoever looks may push to it; null where the host does not say. */
  mayPush: boolean | null;
};

export type BranchRules = {
  forbidsForcePush: boolean;
  forbidsDeletion: boolean;
  /** `source`: the id of the App that has to make the check; null where anybody may. */
  requiredChecks: readonly { name: string; source: number | null }[];
  /** Whether what is merged was checked on top of what it is merged into. */
  upToDate: 'required' | 'not required' | 'merge queue';
};

export type Environment = { name: string; hasReviewers: boolean };

export type Runner = { name: string; labels: readonly string[]; online: boolean };

/** What an App may do in a repository: `checks` -> `write`. */
export type AppPermissions = Readonly<Record<string, string>>;

export function seen<T>(value: T): Looked<T> {
  return { state: 'seen', value };
}

/** What follows from what was seen; unseen stays unseen. */
export function mapLooked<T, R>(looked: Looked<T>, read: (value: T) => R): Looked<R> {
  return looked.state === 'seen' ? seen(read(looked.value)) : looked;
}
