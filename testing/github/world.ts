import type { Annotation } from '../../codehost/code-host.ts';
import { openGithub } from '../../codehost/adapters/github-code-host.ts';
import type { ClientOptions } from '../../codehost/adapters/github/client.ts';
import type { Seen, World } from '../worlds/code-host-world.ts';
import { OWNER, REPOSITORY, type Github } from './github.ts';

const at = `/repos/${OWNER}/${REPOSITORY}`;

/** Options of a client that does not wait. */
export function clientOptions({ proxy, app }: Github): ClientOptions {
  return {
    apiUrl: proxy.url,
    repository: { owner: OWNER, name: REPOSITORY },
    credentials: { kind: 'app', appId: app.id, privateKey: app.privateKey, installation: null },
    environment: {},
    timeout: 300,
    paced: false,
    sleep: () => Promise.resolve(),
  };
}

export type Seeded = { head: string; main: string; pullRequest: number; proposalBranch: string };

/** A repository as a person has left it: one pull request, and a branch that could become another. */
export async function seedRepository(github: Github): Promise<Seeded> {
  github.reset();
  const { call } = github;
  const { object } = await call<{ object: { sha: string } }>('GET', `${at}/git/ref/heads/main`);
  for (const branch of ['change', 'proposal']) {
    await call('POST', `${at}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha });
  }
  const content = Buffer.from('version: 1\n').toString('base64');
  const file = { message: 'Change it', content, branch: 'change' };
  const { commit } = await call<{ commit: { sha: string } }>('PUT', `${at}/contents/models/porch/model.yaml`, file);
  const pull = await call<{ number: number }>('POST', `${at}/pulls`, { title: 'Sharper', head: 'change', base: 'main' });
  return { head: commit.sha, main: object.sha, pullRequest: pull.number, proposalBranch: 'proposal' };
}

export async function githubWorld(github: Github): Promise<World> {
  const seeded = await seedRepository(github);
  const { call, callProxy } = github;
  return {
    ...seeded,
    host: await openGithub(clientOptions(github)),
    us: 'fieldproof',
    see: () => seeAll(github, seeded),
    stranger: {
      comment: async (number, body) => (await call<{ id: number }>('POST', `${at}/issues/${number}/comments`, { body })).id,
      issue: (title, body) => call('POST', `${at}/issues`, { title, body }),
      approve: (number) => call('POST', `${at}/pulls/${number}/reviews`, { event: 'APPROVE' }),
      check: (name, head_sha, external_id) => {
        const output = { title: 'Passes', summary: 'Passes' };
        return callProxy('POST', `${at}/check-runs`, {
          name,
          head_sha,
          external_id,
          output,
          status: 'completed',
          conclusion: 'success',
        });
      },
    },
  };
}

/** Past the proxy's faults, with its memory. */
export async function seeAll(github: Github, { head, main, pullRequest }: Seeded): Promise<Seen> {
  const { call } = github;
  const pulls = await call<Pull[]>('GET', `${at}/pulls?state=all&per_page=100`);
  const issues = await call<Issue[]>('GET', `${at}/issues?state=all&per_page=100&direction=asc`);
  return {
    pullRequests: await Promise.all(
      pulls.map(async ({ number, head: from, base, title, body, state }) => {
        const labels = await call<Label[]>('GET', `${at}/issues/${number}/labels`);
        return {
          number,
          head: from.ref,
          base: base.ref,
          title,
          body: body ?? '',
          labels: labels.map(({ name }) => name),
          open: state === 'open',
        };
      }),
    ),
    checkRuns: (await Promise.all([head, main].map((sha) => seeRuns(github, sha)))).flat(),
    comments: await seeComments(github, pullRequest),
    issues: await Promise.all(
      issues
        .toSorted((a, b) => a.number - b.number)
        .map(async ({ number, user, title, body, labels, state }) => {
          const comments = (await seeComments(github, number)).map((comment) => comment.body);
          return {
            author: bare(user.login),
            title,
            body: body ?? '',
            labels: labels.map(({ name }) => name),
            open: state === 'open',
            comments,
          };
        }),
    ),
    deployments: github.proxy.deployments.all().map(({ deployment, statuses }) => ({
      commit: deployment.sha,
      environment: deployment.environment,
      states: statuses.map(({ state }) => state),
    })),
  };
}

async function seeRuns({ callProxy, proxy }: Github, sha: string): Promise<Seen['checkRuns']> {
  proxy.fail(() => null);
  const { check_runs } = await callProxy<{ check_runs: Run[] }>('GET', `${at}/commits/${sha}/check-runs?filter=all&per_page=100`);
  return check_runs
    .toSorted((a, b) => a.id - b.id)
    .map(({ id, app, name, external_id, status, conclusion, output }) => ({
      app: app?.slug ?? '',
      name,
      externalId: external_id,
      status,
      conclusion,
      title: output.title ?? '',
      summary: output.summary ?? '',
      text: output.text ?? '',
      annotations: proxy.checkRuns.annotations(id).map((each) => ({
        path: each.path,
        line: each.start_line,
        level: each.annotation_level as Annotation['level'],
        title: each.title ?? '',
        message: each.message ?? '',
      })),
    }));
}

async function seeComments({ call }: Github, number: number): Promise<Seen['comments']> {
  type Comment = { id: number; user: { login: string }; body: string };
  const pages = [1, 2].map((page) => call<Comment[]>('GET', `${at}/issues/${number}/comments?per_page=100&page=${page}`));
  const comments = (await Promise.all(pages)).flat();
  return comments.toSorted((a, b) => a.id - b.id).map(({ user, body }) => ({ author: bare(user.login), body }));
}

function bare(login: string): string {
  return login.replace(/\[bot\]$/, '');
}

type Label = { name: string };
type Pull = { number: number; head: { ref: string }; base: { ref: string }; title: string; body: string | null; state: string };
type Issue = { number: number; user: { login: string }; title: string; body: string | null; labels: Label[]; state: string };
type Run = {
  id: number;
  app: { slug: string } | null;
  name: string;
  external_id: string;
  status: string;
  conclusion: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
};
