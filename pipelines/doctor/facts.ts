import type { AppPermissions, BranchRules, Environment, Looked, Overview, Runner } from '#codehost';
import type { Config } from '#config';
import type { Problem } from '#kernel';
import type { FleetLook } from './ports.ts';
import type { Workflow } from './workflows.ts';

/** All that is known of an installation. What could not be looked at says what that would take. */
export type Facts = {
  repository: Overview;
  onGithubCom: boolean;
  configuration: Looked<Configuration>;
  workflows: Looked<readonly Workflow[]>;
  templates: readonly Workflow[];
  /** Of the branch that the ledger is kept on, and of the default branch. */
  ledgerRules: Looked<BranchRules>;
  defaultRules: Looked<BranchRules>;
  environments: Looked<readonly Environment[]>;
  secretNames: Looked<readonly string[]>;
  /** Of the environments that workflows name. */
  environmentSecretNames: ReadonlyMap<string, Looked<readonly string[]>>;
  variables: Looked<Readonly<Record<string, string>>>;
  jobsMayOpenPullRequests: Looked<boolean>;
  runners: Looked<readonly Runner[]>;
  organisationRunners: Looked<readonly Runner[]>;
  app: Looked<AppPermissions | null>;
  /** Files of models of which Git holds a pointer alone. */
  pointers: Looked<readonly string[]>;
  /** Null where nothing is deployed. */
  fleet: FleetLook | null;
  /** The contexts that sites name; null for the kubeconfig's current one. */
  contexts: readonly { context: string | null; state: 'there' | 'absent' | 'no kubeconfig' }[];
  /** Hosts of registries that `docker login` knows on this machine. */
  loggedIn: ReadonlySet<string>;
  /** Of UTC, as YYYY-MM-DD. */
  today: string;
};

export type Configuration = { kind: 'absent' } | { kind: 'broken'; problem: Problem } | { kind: 'read'; config: Config };

/** The facts and the configuration that most checks are about. */
export type Installed = Facts & { config: Config };
