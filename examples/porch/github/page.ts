/** What a person sees on GitHub, read through its API as any other client would. */
import { Octokit } from 'octokit';
import { OWNER, REPOSITORY } from '../../../testing/github/github.ts';
import type { Hosted } from '../../../testing/github/hosted.ts';

export type CheckSeen = {
  id: number;
  commit: string;
  status: string;
  conclusion: string | null;
  title: string;
  summary: string;
};
export type CommentSeen = { id: number; by: string; firstLine: string };
export type IssueSeen = { number: number; state: string; title: string; body: string; updates: string[]; labels: string[] };
export type PullSeen = { number: number; title: string; state: string; merged: boolean; branch: string; labels: string[] };
export type DeploymentSeen = { id: number; environment: string; commit: string; states: string[] };

const at = { owner: OWNER, repo: REPOSITORY } as const;
/** The marker comes first, which nobody sees. */
const HIDDEN = /<!--.*?-->/gs;

export class Page {
  readonly #octokit: Octokit;
  readonly #hosted: Hosted;

  /** @param token of whoever looks; without one, of somebody with every right */
  constructor(hosted: Hosted, token = hosted.token) {
    this.#hosted = hosted;
    this.#octokit = new Octokit({
      auth: token,
      baseUrl: hosted.github.proxy.url,
      throttle: { enabled: false },
      retry: { enabled: false },
    });
  }

  /**
   * Of a person, who opens one.
   * @param branch of ours, or `owner:branch` of a fork
   */
  async open(branch: string, title: string): Promise<{ number: number; base: string; head: string }> {
    const { data } = await this.#octokit.rest.pulls.create({ ...at, head: branch, base: 'main', title });
    await this.#hosted.showPulls();
    return { number: data.number, base: data.base.sha, head: data.head.sha };
  }

  async checks(commit: string): Promise<CheckSeen[]> {
    const { data } = await this.#octokit.rest.checks.listForRef({ ...at, ref: commit, filter: 'all' });
    return data.check_runs.map(({ id, head_sha, status, conclusion, output }) => ({
      id,
      commit: head_sha,
      status,
      conclusion,
      title: output.title ?? '',
      summary: output.summary ?? '',
    }));
  }

  async comments(number: number): Promise<CommentSeen[]> {
    const { data } = await this.#octokit.rest.issues.listComments({ ...at, issue_number: number });
    return data.map(({ id, user, body = '' }) => ({ id, by: user?.login ?? '', firstLine: firstLine(body) }));
  }

  async pulls(): Promise<PullSeen[]> {
    const { data } = await this.#octokit.rest.pulls.list({ ...at, state: 'all', direction: 'asc' });
    return await Promise.all(
      data.map(async ({ number, title, state, head }) => {
        const [{ data: whole }, { data: labels }] = await Promise.all([
          this.#octokit.rest.pulls.get({ ...at, pull_number: number }),
          this.#octokit.rest.issues.listLabelsOnIssue({ ...at, issue_number: number }),
        ]);
        return { number, title, state, merged: whole.merged, branch: head.ref, labels: labels.map(({ name }) => name) };
      }),
    );
  }

  async issues(): Promise<IssueSeen[]> {
    const { data } = await this.#octokit.rest.issues.listForRepo({ ...at, state: 'all', direction: 'asc', per_page: 100 });
    const issues = data.filter(({ pull_request }) => pull_request === undefined).toSorted((a, b) => a.number - b.number);
    return await Promise.all(
      issues.map(async ({ number, state, title, body, labels }) => ({
        number,
        state,
        title,
        body: body ?? '',
        updates: (await this.comments(number)).map((comment) => comment.firstLine),
        labels: labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
      })),
    );
  }

  async deployments(): Promise<DeploymentSeen[]> {
    const { data } = await this.#octokit.rest.repos.listDeployments({ ...at, per_page: 100 });
    const oldestFirst = data.toSorted((a, b) => a.id - b.id);
    return await Promise.all(
      oldestFirst.map(async ({ id, environment, sha }) => {
        const { data: statuses } = await this.#octokit.rest.repos.listDeploymentStatuses({ ...at, deployment_id: id });
        return { id, environment, commit: sha, states: statuses.toSorted((a, b) => a.id - b.id).map(({ state }) => state) };
      }),
    );
  }
}

function firstLine(body: string): string {
  return body.replaceAll(HIDDEN, '').trim().split('\n')[0] ?? '';
}
