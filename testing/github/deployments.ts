import type { components } from '@octokit/openapi-types';

type Deployment = components['schemas']['deployment'];
type Status = components['schemas']['deployment-status'];

/** GitHub's deployments, which the emulator lacks. Its bodies are the API's own types, so that the compiler checks them. */
export class FakeDeployments {
  readonly #deployments: { deployment: Deployment; statuses: Status[] }[] = [];
  readonly #api: string;
  #next = 1;

  constructor(api: string) {
    this.#api = api;
  }

  clear(): void {
    this.#deployments.length = 0;
    this.#next = 1;
  }

  all(): readonly { deployment: Deployment; statuses: readonly Status[] }[] {
    return this.#deployments;
  }

  /** Undefined where the path is none of ours. */
  answer(method: string, url: URL, body: unknown): { status: number; body: unknown } | undefined {
    const match = /^\/repos\/([^/]+\/[^/]+)\/deployments(?:\/(\d+)\/statuses)?$/.exec(url.pathname);
    if (match === null) return undefined;
    const [, repository = '', id] = match;
    if (id !== undefined) return this.#statuses(method, repository, Number(id), body ?? {});
    return method === 'POST' ? this.#create(repository, body as CreateBody) : { status: 200, body: this.#list(url.searchParams) };
  }

  /** Newest first, as GitHub lists them. */
  #list(query: URLSearchParams): Deployment[] {
    const asked = ['sha', 'ref', 'task', 'environment'] as const;
    return this.#deployments
      .map(({ deployment }) => deployment)
      .filter((deployment) => asked.every((field) => !query.has(field) || query.get(field) === deployment[field]))
      .toReversed();
  }

  #create(repository: string, { ref, task = 'deploy', environment = 'production', description = null }: CreateBody) {
    const id = this.#next++;
    const at = new Date().toISOString();
    const url = `${this.#api}/repos/${repository}/deployments/${id}`;
    const deployment: Deployment = {
      url,
      id,
      node_id: `DE_${id}`,
      sha: ref,
      ref,
      task,
      payload: {},
      original_environment: environment,
      environment,
      description,
      creator: null,
      created_at: at,
      updated_at: at,
      statuses_url: `${url}/statuses`,
      repository_url: `${this.#api}/repos/${repository}`,
    };
    this.#deployments.push({ deployment, statuses: [] });
    return { status: 201, body: deployment };
  }

  #statuses(method: string, repository: string, id: number, { state, description = '', log_url = '' }: Partial<Status>) {
    const found = this.#deployments.find(({ deployment }) => deployment.id === id);
    if (found === undefined) return { status: 404, body: { message: 'Not Found' } };
    if (method === 'GET') return { status: 200, body: found.statuses.toReversed() };
    if (state === undefined) return { status: 422, body: { message: 'Validation Failed' } };
    const number = this.#next++;
    const at = new Date().toISOString();
    const status: Status = {
      url: `${found.deployment.statuses_url}/${number}`,
      id: number,
      node_id: `DES_${number}`,
      state,
      creator: null,
      description,
      environment: found.deployment.environment,
      target_url: '',
      log_url,
      created_at: at,
      updated_at: at,
      deployment_url: found.deployment.url,
      repository_url: `${this.#api}/repos/${repository}`,
    };
    found.statuses.push(status);
    return { status: 201, body: status };
  }
}

type CreateBody = { ref: string; task?: string; environment?: string; description?: string | null };
