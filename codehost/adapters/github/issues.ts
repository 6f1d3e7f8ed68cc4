import type { Issues } from '../../code-host.ts';
import { findOrMake, type Client } from './client.ts';
import { githubComments } from './comments.ts';
import { explained } from './explain.ts';
import { isOurs } from './ours.ts';

export function githubIssues(client: Client): Issues {
  const { octokit, repo } = client;
  const comments = githubComments(client);
  return {
    upsert: async ({ marker, title, body, labels }) =>
      await explained({ what: 'open an issue', needs: 'issues: write' }, async () => {
        const wanted = { title, body: marked(body, marker) };
        const { it } = await findOrMake(client, {
          find: () => findOpen(client, marker),
          make: async () => (await octokit.rest.issues.create({ ...repo, ...wanted, labels: [...labels] })).data,
        });
        const same = it.title === wanted.title && it.body === wanted.body;
        if (!same) await octokit.rest.issues.update({ ...repo, issue_number: it.number, ...wanted });
        return { number: it.number, url: it.html_url };
      }),
    close: async ({ marker, comment }) =>
      await explained({ what: 'close an issue', needs: 'issues: write' }, async () => {
        const open = await findOpen(client, marker);
        if (open === null) return null;
        // By a marker of its own, so that the last word is said once where closing has to be tried again.
        const last = `<!-- fieldproof:closes-${open.number} -->`;
        await comments.upsert({ pullRequest: open.number, marker: last, body: marked(comment, last) });
        await octokit.rest.issues.update({ ...repo, issue_number: open.number, state: 'closed', state_reason: 'completed' });
        return { number: open.number };
      }),
  };
}

type Found = { number: number; html_url: string; title: string; body?: string | null | undefined };

/** Pull requests are issues too, to this API. */
async function findOpen({ octokit, repo, author }: Client, marker: string): Promise<Found | null> {
  const query = { ...repo, state: 'open', per_page: 100 } as const;
  const [us, issues] = await Promise.all([author(), octokit.paginate(octokit.rest.issues.listForRepo, query)]);
  const ours = issues.filter(
    ({ pull_request, user, body }) => pull_request === undefined && isOurs(user, us) && body?.includes(marker) === true,
  );
  return ours.toSorted((a, b) => a.number - b.number)[0] ?? null;
}

function marked(body: string, marker: string): string {
  return body.includes(marker) ? body : `${marker}\n${body}`;
}
