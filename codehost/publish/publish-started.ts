import type { CheckRun, CodeHost } from '../code-host.ts';
import type { GithubConfig } from '#config';
import { renderStarted, type Started } from '#report';

/**
 * Says that a check runs, and how far it is. The verdict that follows ends this run; a job that is killed leaves it in
 * progress, and the next one for the same commit goes on with it.
 */
export async function publishStarted(
  started: Started,
  ref: { head: string; detailsUrl: string | null },
  { checks }: Pick<CodeHost, 'checks'>,
  policy: Pick<GithubConfig, 'checkName'>,
): Promise<{ id: number; url: string | null }> {
  return await checks.publish(startedRun(started, ref, policy));
}

export function startedRun(
  started: Started,
  { head, detailsUrl }: { head: string; detailsUrl: string | null },
  { checkName }: Pick<GithubConfig, 'checkName'>,
): CheckRun & { status: 'in_progress' } {
  return {
    name: checkName,
    head,
    externalId: `started:${head}`,
    ...renderStarted(started),
    annotations: [],
    detailsUrl,
    status: 'in_progress',
  };
}
