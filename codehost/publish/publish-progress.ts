import type { CodeHost } from '../code-host.ts';
import type { GithubConfig } from '#config';
import type { Started } from '#report';
import { startedRun } from './publish-started.ts';

/**
 * Says how far a check is that is spread over machines. It goes on with the run that was begun, and begins none: a job that
 * signs in as somebody else than the one which began it would leave a second one that nobody ends.
 */
export async function publishProgress(
  started: Started,
  ref: { head: string; detailsUrl: string | null },
  { checks }: Pick<CodeHost, 'checks'>,
  policy: Pick<GithubConfig, 'checkName'>,
): Promise<{ id: number; url: string | null } | null> {
  return await checks.goOn(startedRun(started, ref, policy));
}
