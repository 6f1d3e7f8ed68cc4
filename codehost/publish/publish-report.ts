import { CouldNotRun, digestOfJson, type Digest } from '#kernel';
import type { CheckRun, CodeHost } from '../code-host.ts';
import type { GithubConfig } from '#config';
import type { PictureStore } from '../picture-store.ts';
import type { ReportStore } from '../report-store.ts';
import {
  iterationPath,
  type CheckReport,
  type Exhibit,
  commentMarker,
  type Links,
  renderCheckRun,
  renderComment,
  renderHtml,
  renderJobSummary,
  type PictureUrls,
} from '#report';
import { locateFindings, type HeadFiles } from './locate-findings.ts';

/** What a report is about, as the code host knows it. */
export type ReportRef = {
  /** Full commit id. */
  head: string;
  /** Null for a merge queue's commit or a branch. */
  pullRequest: number | null;
  detailsUrl: string | null;
  /** Texts at the head commit that findings may be shown beside. */
  files: HeadFiles;
  /** What this way of publishing cannot promise, one sentence each. */
  remarks: readonly string[];
};

export type PublishPorts = {
  codeHost: Pick<CodeHost, 'checks' | 'comments' | 'pullRequests'>;
  /** Null where policy keeps pictures out of the code host. */
  pictures: PictureStore | null;
  /** Null where policy keeps the full report in the artifacts of the run, or links none. */
  reports: ReportStore | null;
};

export type Published = {
  check: { id: number; url: string | null };
  comment: { id: number; url: string } | null;
  /** Markdown for the job that publishes. */
  jobSummary: string;
};

/**
 * Publishes a verdict: the check run, the comment, and the text of the job summary. The same report again changes nothing.
 * @throws CouldNotRun when the report is about another commit, or is that of a rehearsal, or the code host refuses
 */
export async function publishReport(
  report: CheckReport,
  ref: ReportRef,
  { codeHost, pictures, reports }: PublishPorts,
  policy: GithubConfig,
): Promise<Published> {
  if (report.rehearsal === true) throw onlyRehearsed();
  if (report.head !== ref.head) throw aboutAnother(report, ref);
  const links: Links = {
    report: await linkReport(report, ref, reports, policy),
    check: null,
    run: ref.detailsUrl,
    dashboard: dashboardLinks(report, policy),
  };
  const shown = { pictures: await storePictures(report, pictures), links, remarks: ref.remarks };
  const check = await codeHost.checks.publish({
    name: policy.checkName,
    head: ref.head,
    externalId: externalIdOf(report),
    ...renderCheckRun(report, shown),
    annotations: locateFindings(report, ref.files),
    detailsUrl: ref.detailsUrl,
    status: 'completed',
    conclusion: conclusionOf(report.outcome, policy),
  });
  const besideCheck = { ...shown, links: { ...links, check: check.url } };
  const jobSummary = renderJobSummary(report, besideCheck);
  const pullRequest = policy.comment ? await stillAt(ref, codeHost) : null;
  if (pullRequest === null) return { check, comment: null, jobSummary };
  const marker = commentMarker(policy.checkName);
  const body = renderComment(report, { ...besideCheck, marker });
  return { check, comment: await codeHost.comments.upsert({ pullRequest, marker, body }), jobSummary };
}

/** A slow check of an older commit must not write over what the comment says of a newer one. */
export async function stillAt(
  { pullRequest, head }: Pick<ReportRef, 'pullRequest' | 'head'>,
  { pullRequests }: Pick<CodeHost, 'pullRequests'>,
): Promise<number | null> {
  if (pullRequest === null) return null;
  return (await pullRequests.get(pullRequest)).head === head ? pullRequest : null;
}

/** GitHub counts `neutral` as satisfied, so an undecided verdict is a failure unless policy says otherwise. */
export function conclusionOf(
  outcome: CheckReport['outcome'],
  { inconclusive }: Pick<GithubConfig, 'inconclusive'>,
): (CheckRun & { status: 'completed' })['conclusion'] {
  return ({ pass: 'success', fail: 'failure', inconclusive } as const)[outcome];
}

/**
 * The ledger's record; of several, or of none, what stays the same when the same report is published again. Behind it the end of
 * the ledger as of then, so that one from which the newest entries were cut off is found out.
 */
export function externalIdOf({ models, head, policy, startedAt, ledger = null }: CheckReport): string {
  const records = models.map(({ record }) => record);
  const [only = null] = records;
  const of = digestOfJson({ records, head, policy, startedAt });
  const name = records.length === 1 && only !== null ? only : of;
  if (ledger === null) return name;
  return `${name === of ? `several ${of}` : name} ledger ${ledger.seq} ${ledger.digest}`;
}

/** What an external id of ours says of the ledger at the time, and of the one record in it; null where it says nothing. */
export function ledgerIn(externalId: string): { seq: number; digest: Digest; record: string | null } | null {
  const [, several, record, seq, digest] =
    /^(several )?(sha256:[0-9a-f]{64}) ledger (\d{1,9}) (sha256:[0-9a-f]{64})$/.exec(externalId) ?? [];
  if (record === undefined || seq === undefined || digest === undefined) return null;
  return { seq: Number(seq), digest: digest as Digest, record: several === undefined ? record : null };
}

/** Pictures that a report does not hold cannot be shown. */
async function storePictures({ models }: CheckReport, store: PictureStore | null): Promise<PictureUrls> {
  if (store === null) return new Map();
  const held = models.flatMap(({ exhibits }) => exhibits.filter(({ jpeg }) => jpeg !== null));
  if (held.length === 0) return new Map();
  const urls = await store.put(held.map(({ jpeg }) => Buffer.from(jpeg ?? '', 'base64')));
  return new Map(held.flatMap((exhibit, at): [Exhibit, string][] => (urls[at] === undefined ? [] : [[exhibit, urls[at]]])));
}

/** Whoever has the address of a stored page sees it, so it is stored without pictures, which have a policy of their own. */
async function linkReport(
  report: CheckReport,
  { detailsUrl }: Pick<ReportRef, 'detailsUrl'>,
  store: ReportStore | null,
  policy: Pick<GithubConfig, 'report'>,
): Promise<Links['report']> {
  if (store !== null) return { kind: 'page', url: await store.put(renderHtml(withoutPictures(report))) };
  // GitHub's page of a run has this place for its artifacts.
  return policy.report.kind === 'artifact' && detailsUrl !== null ? { kind: 'artifact', url: `${detailsUrl}#artifacts` } : null;
}

/** Nothing of a verdict that was not written down. */
function dashboardLinks({ models }: CheckReport, { dashboard }: Pick<GithubConfig, 'dashboard'>): Links['dashboard'] {
  if (dashboard === null) return [];
  const top = dashboard.endsWith('/') ? dashboard : `${dashboard}/`;
  return models.flatMap(({ model, record }) =>
    record === null ? [] : [{ model, url: new URL(iterationPath(record), top).href }],
  );
}

function withoutPictures(report: CheckReport): CheckReport {
  const bare = (exhibits: readonly Exhibit[]) =>
    exhibits.map((exhibit) => ({ ...exhibit, jpeg: null, film: { frames: [], boxes: [], spans: [] } }));
  return { ...report, models: report.models.map((model) => ({ ...model, exhibits: bare(model.exhibits) })) };
}

/** Whoever could not sign its record could have made it up. */
function onlyRehearsed(): CouldNotRun {
  return new CouldNotRun({
    file: 'report',
    field: 'rehearsal',
    message: 'is that of a rehearsal, of which the ledger knows nothing, and is not published',
    remedy: 'check the change with the key that signs the ledger, and publish that report',
  });
}

function aboutAnother(report: CheckReport, ref: ReportRef): CouldNotRun {
  return new CouldNotRun({
    file: 'report',
    field: 'head',
    message: `is about ${report.head.slice(0, 40)}, and not about ${ref.head}`,
    remedy: 'publish the report of the commit that is named, or name the commit of the report',
  });
}
