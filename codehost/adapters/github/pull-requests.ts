import type { PullRequests } from '../../code-host.ts';
import { findOrMake, type Client } from './client.ts';
import { explained } from './explain.ts';

type Proposal = Parameters<PullRequests['propose']>[0];

export function githubPullRequests(client: Client): PullRequests {
  const { octokit, repo } = client;
  return {
    get: async (number) =>
      await explained({ what: `read pull request ${number}`, needs: 'pull_requests: read' }, async () => {
        const { data } = await octokit.rest.pulls.get({ ...repo, pull_number: number });
        return {
          number: data.number,
          title: data.title,
          head: data.head.sha,
          base: data.base.sha,
          headBranch: data.head.ref,
          baseBranch: data.base.ref,
          // A fork that is gone was one.
          fork: data.head.repo?.full_name !== data.base.repo.full_name,
          author: data.user.login,
          merged: data.merged,
          createdAt: data.created_at,
        };
      }),
    propose: async (proposal) =>
      await explained({ what: `propose ${proposal.head}`, needs: 'pull_requests: write' }, async () => {
        const { title, body, labels = [] } = proposal;
        const { it } = await findOrMake(client, {
          find: () => findOpen(client, proposal),
          make: async () => (await octokit.rest.pulls.create({ ...repo, ...pick(proposal) })).data,
        });
        const same = it.title === title && (it.body ?? '') === body;
        if (!same) await octokit.rest.pulls.update({ ...repo, pull_number: it.number, title, body });
        // Adding what is there already changes nothing.
        if (labels.length > 0) {
          await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
            ...repo,
            issue_number: it.number,
            labels: [...labels],
            request: { repeatable: true },
          });
        }
        return { number: it.number, url: it.html_url };
      }),
  };
}

function pick({ head, base, title, body }: Proposal) {
  return { head, base, title, body };
}

type Found = { number: number; html_url: string; title: string; body: string | null };

async function findOpen({ octokit, repo }: Client, { head, base }: Proposal): Promise<Found | null> {
  const query = { ...repo, state: 'open', head: `${repo.owner}:${head}`, base, per_page: 100 } as const;
  const open = await octokit.paginate(octokit.rest.pulls.list, query);
  // The head is looked at again: a filter that an older server does not know would find another's.
  return open.find((each) => each.head.ref === head && each.head.repo?.full_name === `${repo.owner}/${repo.repo}`) ?? null;
}
