import type { CheckReport } from '../documents/check-report.ts';
import { plainText } from '#kernel';
import { fitToLimit } from './fit-to-limit.ts';
import { CHECK_OUTPUT, COMMENT, cutTitle, JOB_SUMMARY } from './limits.ts';
import {
  closingSections,
  noteSection,
  openSections,
  pictureSection,
  restSection,
  siteSection,
  verdictSections,
  type PictureUrls,
} from './sections.ts';

/** How a verdict is shown on GitHub: three texts of one report, each within its limit, whatever the report holds. */
export type Shown = {
  pictures: PictureUrls;
  /** What this way of publishing cannot promise, one sentence each. */
  remarks: readonly string[];
};

/** Title, and Markdown for the summary (the verdict and what decided) and the text (all else). */
export function renderCheckRun(
  report: CheckReport,
  { pictures, remarks }: Shown,
): { title: string; summary: string; text: string } {
  const summary = [
    ...verdictSections(report, remarks),
    ...report.models.flatMap(openSections),
    ...report.models.flatMap(siteSection),
  ];
  const text = [
    ...report.models.flatMap((model) => [...pictureSection(model, pictures), ...restSection(model), ...noteSection(model)]),
    ...closingSections(report),
  ];
  const inTheFull = 'in the job summary and in the report of the run';
  return {
    title: titleOf(report),
    summary: fitToLimit(summary, CHECK_OUTPUT, inTheFull),
    text: fitToLimit(text, CHECK_OUTPUT, inTheFull),
  };
}

/** The verdict first, what changed in the open, the rest folded. The marker is what the comment is found again by. */
export function renderComment(report: CheckReport, { pictures, remarks, marker }: Shown & { marker: string }): string {
  const sections = [...verdictSections(report, remarks), ...report.models.flatMap((model) => modelSections(model, pictures))];
  const limit = { most: COMMENT.most - COMMENT.size(`${marker}\n`), size: COMMENT.size };
  const body = fitToLimit([...sections, ...closingSections(report)], limit, 'in the check and in the report of the run');
  return `${marker}\n${body}`;
}

export function renderJobSummary(report: CheckReport, { pictures, remarks }: Shown): string {
  const sections = [...verdictSections(report, remarks), ...report.models.flatMap((model) => modelSections(model, pictures))];
  return fitToLimit([...sections, ...closingSections(report)], JOB_SUMMARY, 'in the report of the run');
}

/** An HTML comment that GitHub keeps and nobody sees; of one kind of check in one repository there is one. */
export function commentMarker(checkName: string): string {
  return `<!-- fieldproof:${checkName.toLowerCase().replace(/[^a-z0-9]+/g, '-')} -->`;
}

function modelSections(model: CheckReport['models'][number], pictures: PictureUrls) {
  return [
    ...openSections(model),
    ...siteSection(model),
    ...pictureSection(model, pictures),
    ...restSection(model),
    ...noteSection(model),
  ];
}

function titleOf({ outcome, headline }: CheckReport): string {
  const said = plainText(headline).trim();
  return cutTitle(outcome === 'inconclusive' ? `Inconclusive: ${said}` : said || outcome);
}
