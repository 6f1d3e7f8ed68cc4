import type { CodeHost } from '../code-host.ts';
import type { GithubConfig } from '#config';
import { commentMarker, renderUntouched, renderUntouchedComment } from '#report';
import { stillAt, type ReportRef } from './publish-report.ts';

/**
 * Ends the check of a change that touches nothing that is judged. No comment is begun for it; one that speaks of an earlier commit is
 * brought up to date.
 */
export async function publishUntouched(
  since: string,
  ref: Omit<ReportRef, 'files'>,
  codeHost: Pick<CodeHost, 'checks' | 'comments' | 'pullRequests'>,
  policy: Pick<GithubConfig, 'checkName' | 'comment' | 'untouched'>,
): Promise<{ check: { id: number; url: string | null } }> {
  const { head, detailsUrl, remarks } = ref;
  const check = await codeHost.checks.publish({
    name: policy.checkName,
    head,
    externalId: `untouched:${head}`,
    ...renderUntouched({ since, remarks }),
    annotations: [],
    detailsUrl,
    status: 'completed',
    conclusion: policy.untouched,
  });
  const pullRequest = policy.comment ? await stillAt(ref, codeHost) : null;
  if (pullRequest === null) return { check };
  const marker = commentMarker(policy.checkName);
  await codeHost.comments.update({ pullRequest, marker, body: renderUntouchedComment({ since, remarks }, marker) });
  return { check };
}
