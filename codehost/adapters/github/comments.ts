import type { Comments } from '../../code-host.ts';
import { failureOf, findOrMake, type Client } from './client.ts';
import { explained } from './explain.ts';
import { isOurs } from './ours.ts';

/** Anybody can write the marker, nobody but we can write it under our name. */
export function githubComments(client: Client): Comments {
  const { octokit, repo } = client;
  return {
    get: async (id) =>
      await explained(`read comment ${id}`, async () => {
        try {
          const { data } = await octokit.rest.issues.getComment({ ...repo, comment_id: id });
          const pullRequest = Number(data.issue_url.split('/').at(-1));
          return { pullRequest, author: data.user?.login ?? '', body: data.body ?? '', createdAt: data.created_at };
        } catch (thrown) {
          if (failureOf(thrown).status === 404) return null;
          throw thrown;
        }
      }),
    upsert: async ({ pullRequest, marker, body }) =>
      await explained({ what: `comment on pull request ${pullRequest}`, needs: 'pull_requests: write' }, async () => {
        const { it } = await findOrMake(client, {
          find: () => find(client, pullRequest, marker),
          make: async () => (await octokit.rest.issues.createComment({ ...repo, issue_number: pullRequest, body })).data,
        });
        if (it.body !== body) await octokit.rest.issues.updateComment({ ...repo, comment_id: it.id, body });
        return { id: it.id, url: it.html_url };
      }),
  };
}

type Found = { id: number; html_url: string; body?: string | undefined };

/** The oldest, which is where people expect it. */
async function find({ octokit, repo, author }: Client, pullRequest: number, marker: string): Promise<Found | null> {
  const query = { ...repo, issue_number: pullRequest, per_page: 100 };
  const [us, comments] = await Promise.all([author(), octokit.paginate(octokit.rest.issues.listComments, query)]);
  const ours = comments.filter((comment) => isOurs(comment.user, us) && comment.body?.includes(marker) === true);
  return ours.toSorted((a, b) => a.id - b.id)[0] ?? null;
}
