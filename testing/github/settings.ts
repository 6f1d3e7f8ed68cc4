import type { components } from '@octokit/openapi-types';

type Schemas = components['schemas'];
type Answer = { status: number; body: unknown };

/** How a repository is set up, as somebody would have clicked it together. */
export type Setup = {
  /** By branch. */
  rules: Record<string, Rule[]>;
  environments: { name: string; reviewers: boolean; secrets: string[] }[];
  secrets: string[];
  organisationSecrets: string[];
  variables: Record<string, string>;
  jobsMayOpenPullRequests: boolean;
  runners: { name: string; label: string; online: boolean }[];
  organisationRunners: { name: string; label: string; online: boolean }[];
  /** Of the App where it is installed. */
  app: Record<string, 'read' | 'write'>;
  /** Another repository, and the tokens that may push to it. */
  fleet: { name: string; writers: string[] };
};

export type Rule =
  | Schemas['repository-rule-non-fast-forward']
  | Schemas['repository-rule-deletion']
  | Schemas['repository-rule-required-status-checks']
  | Schemas['repository-rule-merge-queue'];

/** GitHub's settings, which the emulator lacks. Bodies have the API's own types, so that the compiler checks them. */
export class FakeSettings {
  readonly #api: string;
  setup: Setup | null = null;

  constructor(api: string) {
    this.#api = api;
  }

  clear(): void {
    this.setup = null;
  }

  /** Undefined where the path is none of ours, or nobody has set anything up. */
  answer(method: string, url: URL, token: string): Answer | undefined {
    if (this.setup === null || method !== 'GET') return undefined;
    const body = this.#body(this.setup, url.pathname, token);
    return body === undefined ? undefined : { status: 200, body };
  }

  /** The emulator gives every App every permission. */
  complete(path: string, answer: unknown): unknown {
    if (this.setup === null || !path.endsWith('/installation') || typeof answer !== 'object') return answer;
    return { ...answer, permissions: this.setup.app };
  }

  #body(setup: Setup, pathname: string, token: string): unknown {
    const path = decodeURIComponent(pathname);
    if (/^\/orgs\/[^/]+\/actions\/runners$/.test(path)) return runners(setup.organisationRunners);
    const [, repository = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)(?:\/(.*))?$/.exec(path) ?? [];
    if (repository === setup.fleet.name && rest === '') return this.#fleet(setup.fleet, token);
    const branch = /^rules\/branches\/(.+)$/.exec(rest)?.[1];
    if (branch !== undefined) return setup.rules[branch] ?? [];
    const environment = /^environments\/([^/]+)\/secrets$/.exec(rest)?.[1];
    if (environment !== undefined) return secrets(setup.environments.find(({ name }) => name === environment)?.secrets ?? []);
    switch (rest) {
      case 'environments':
        return {
          total_count: setup.environments.length,
          environments: setup.environments.map((each, at) => this.#environment(each, at)),
        };
      case 'actions/secrets':
        return secrets(setup.secrets);
      case 'actions/organization-secrets':
        return secrets(setup.organisationSecrets);
      case 'actions/variables':
        return variables(setup.variables);
      case 'actions/organization-variables':
        return variables({});
      case 'actions/runners':
        return runners(setup.runners);
      case 'actions/permissions/workflow':
        return {
          default_workflow_permissions: 'read',
          can_approve_pull_request_reviews: setup.jobsMayOpenPullRequests,
        } satisfies Schemas['actions-get-default-workflow-permissions'];
      default:
        return undefined;
    }
  }

  #fleet({ name, writers }: Setup['fleet'], token: string): Partial<Schemas['full-repository']> {
    const push = writers.includes(token);
    const permissions = { admin: false, maintain: false, push, triage: push, pull: true };
    return { full_name: name, default_branch: 'main', url: `${this.#api}/repos/${name}`, permissions };
  }

  #environment({ name, reviewers }: Setup['environments'][number], at: number): Schemas['environment'] {
    const url = `${this.#api}/environments/${name}`;
    const rule = { id: at + 1, node_id: `R_${at}`, type: 'required_reviewers', prevent_self_review: false, reviewers: [] };
    const protection_rules = reviewers ? [rule] : [];
    return { id: at + 1, node_id: `E_${at}`, name, url, html_url: url, created_at: NOW, updated_at: NOW, protection_rules };
  }
}

const NOW = '2026-01-01T00:00:00Z';

function secrets(names: readonly string[]): { total_count: number; secrets: Schemas['actions-secret'][] } {
  return { total_count: names.length, secrets: names.map((name) => ({ name, created_at: NOW, updated_at: NOW })) };
}

function variables(values: Readonly<Record<string, string>>): { total_count: number; variables: Schemas['actions-variable'][] } {
  const all = Object.entries(values).map(([name, value]) => ({ name, value, created_at: NOW, updated_at: NOW }));
  return { total_count: all.length, variables: all };
}

function runners(all: Setup['runners']): { total_count: number; runners: Schemas['runner'][] } {
  const listed = all.map(({ name, label, online }, at) => ({
    id: at + 1,
    name,
    os: 'Linux',
    status: online ? 'online' : 'offline',
    busy: false,
    labels: [
      { name: 'self-hosted', type: 'read-only' as const },
      { name: label, type: 'custom' as const },
    ],
  }));
  return { total_count: listed.length, runners: listed };
}
