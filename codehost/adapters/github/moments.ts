import type { Moment, Moments } from '../../code-host.ts';
import type { Client } from './client.ts';
import { explained } from './explain.ts';

/** Pull requests that are looked through for a head, those that moved last. */
const LATEST = 50;

export function githubMoments(client: Client): Moments {
  return {
    of: async (head) =>
      await explained(
        { what: `read when ${head.slice(0, 12)} was reviewed`, needs: 'pull_requests: read and checks: read' },
        async () => [...(await ofChecks(client, head)), ...(await ofReview(client, head))],
      ),
  };
}

/** GitHub makes a suite for our App when a commit is pushed; our run in it begins when a machine does. */
async function ofChecks({ octokit, repo, author }: Client, head: string): Promise<Moment[]> {
  const { app } = await author();
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, { ...repo, ref: head, filter: 'all', per_page: 100 });
  const suites = await octokit.paginate(octokit.rest.checks.listSuitesForRef, { ...repo, ref: head, per_page: 100 });
  const ours = <T extends { app: { slug?: string } | null }>(all: readonly T[]) => all.filter((each) => each.app?.slug === app);
  return [
    ...first(
      'check asked',
      ours(suites).map(({ created_at: at }) => at),
    ),
    ...first(
      'check began',
      ours(runs).map(({ started_at: at }) => at),
    ),
  ];
}

async function ofReview({ octokit, repo }: Client, head: string): Promise<Moment[]> {
  const query = { ...repo, state: 'all', sort: 'updated', direction: 'desc', per_page: LATEST } as const;
  const { data } = await octokit.rest.pulls.list(query);
  const pull = data.find((each) => each.head.sha === head);
  if (pull === undefined) return [];
  const asked = { ...repo, pull_number: pull.number, per_page: 100 };
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, asked);
  const approved = reviews.flatMap(({ state, submitted_at: at }) => (state === 'APPROVED' && at != null ? [at] : []));
  const before = approved.filter((at) => pull.merged_at === null || at <= pull.merged_at).toSorted();
  return [{ step: 'opened', at: pull.created_at }, ...before.slice(-1).map((at): Moment => ({ step: 'approved', at }))];
}

function first(step: Moment['step'], times: readonly (string | null | undefined)[]): Moment[] {
  const known = times.filter((at) => at != null).toSorted();
  return known.slice(0, 1).map((at) => ({ step, at }));
}
