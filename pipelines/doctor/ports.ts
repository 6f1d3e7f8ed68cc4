import type { Clock } from '#kernel';
import type { AppPermissions, Looked, RepositorySettings } from '#codehost';

/** What the doctor may look at. Nothing of it writes. */
export type DoctorPorts = {
  settings: RepositorySettings;
  /** The App's own view of where it is installed; unseen without its key. The value is null where it is not installed. */
  app: () => Promise<Looked<AppPermissions | null>>;
  fleet: FleetAccess;
  clusters: ClusterContexts;
  /** Whether `docker login` has left something here for a registry's host. */
  isLoggedIn: (host: string) => boolean;
  /** The workflows that `fieldproof init` writes. */
  templates: readonly WrittenFile[];
  /** Whether the repository is on github.com, whose Actions have more than an Enterprise Server's. */
  onGithubCom: boolean;
  clock: Clock;
};

export type WrittenFile = { path: string; text: string };

export interface FleetAccess {
  look(location: string): Promise<FleetLook>;
}

/**
 * `own`: it is the repository that is looked at. `folder`: a path, which is another place on every machine. `by`: the token that
 * jobs are given for it, or whatever git signs in with here.
 */
export type FleetLook =
  | { kind: 'own' }
  | { kind: 'folder' }
  | { kind: 'writable'; by: 'token' | 'git' }
  | { kind: 'refused'; by: 'token' | 'git'; says: string }
  | { kind: 'unseen'; needs: string };

export interface ClusterContexts {
  /** Null: the kubeconfig's current context. */
  look(context: string | null): 'there' | 'absent' | 'no kubeconfig';
}
