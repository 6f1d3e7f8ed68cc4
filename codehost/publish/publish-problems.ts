import { digestOfJson, type Problem } from '#kernel';
import type { CodeHost } from '../code-host.ts';
import type { GithubConfig } from '#config';
import { renderProblems, renderProblemsComment, commentMarker } from '#report';
import { stillAt, type Published, type ReportRef } from './publish-report.ts';

/** Ends a check that could not run, so that nobody waits for it: a failure, whose title says that nothing was judged, and why. */
export async function publishProblems(
  problems: readonly Problem[],
  ref: Omit<ReportRef, 'files'>,
  codeHost: Pick<CodeHost, 'checks' | 'comments' | 'pullRequests'>,
  policy: Pick<GithubConfig, 'checkName' | 'comment'>,
): Promise<Published> {
  const { head, detailsUrl, remarks } = ref;
  const shown = renderProblems({ problems, remarks, run: detailsUrl });
  const check = await codeHost.checks.publish({
    name: policy.checkName,
    head,
    externalId: digestOfJson({ head, problems: problems.map((problem) => ({ ...problem })) }),
    ...shown,
    annotations: [],
    detailsUrl,
    status: 'completed',
    conclusion: 'failure',
  });
  const pullRequest = policy.comment ? await stillAt(ref, codeHost) : null;
  if (pullRequest === null) return { check, comment: null, jobSummary: shown.summary };
  const marker = commentMarker(policy.checkName);
  const body = renderProblemsComment({ problems, remarks, run: detailsUrl }, marker);
  return { check, comment: await codeHost.comments.upsert({ pullRequest, marker, body }), jobSummary: shown.summary };
}
