import type { CheckReport } from '../documents/check-report.ts';
import { plainText } from '#kernel';
import { fitToLimit, type Section } from './fit-to-limit.ts';
import { CHECK_OUTPUT, COMMENT, cutTitle, JOB_SUMMARY, type Limit } from './limits.ts';
import type { Links } from './links.ts';
import { pictureSections, type PictureUrls } from './pictures.ts';
import {
  caveatSections,
  comparedSection,
  noteSections,
  numberSections,
  openSections,
  siteSections,
  verdictSections,
} from './sections.ts';
import { wayOnSections } from './way-on.ts';

/** How a verdict is shown on GitHub: three texts of one report, each within its limit, whatever the report holds. */
export type Shown = {
  pictures: PictureUrls;
  links: Links;
  /** What this way of publishing cannot promise, one sentence each. */
  remarks: readonly string[];
};

/** Title, and Markdown for the summary (the verdict and what decided) and the text (all else). */
export function renderCheckRun(report: CheckReport, shown: Shown): { title: string; summary: string; text: string } {
  const { pictures, links, remarks } = shown;
  const title = titleOf(report);
  // GitHub shows the title right above: said again is only what was cut there.
  const words = { headline: title.endsWith('…') };
  const summary = [
    ...verdictSections(report, links, words),
    ...report.models.flatMap((model) => openSections(model, report)),
    ...wayOnSections(report),
    ...caveatSections(report, remarks),
  ];
  const text = [
    ...report.models.flatMap((model) => [...pictureSections(model, pictures, links), ...detailSections(model)]),
    comparedSection(report),
  ];
  const inTheFull = 'in the job summary and in the report of the run';
  return {
    title,
    summary: fitToLimit(summary, CHECK_OUTPUT, inTheFull),
    text: fitToLimit(text, CHECK_OUTPUT, inTheFull),
  };
}

/** The verdict first, what changed in the open, the rest folded. The marker is what the comment is found again by. */
export function renderComment(report: CheckReport, shown: Shown & { marker: string }): string {
  const limit = { most: COMMENT.most - COMMENT.size(`${shown.marker}\n`), size: COMMENT.size };
  return `${shown.marker}\n${renderWhole(report, shown, limit, 'in the check and in the report of the run')}`;
}

export function renderJobSummary(report: CheckReport, shown: Shown): string {
  return renderWhole(report, shown, JOB_SUMMARY, 'in the report of the run');
}

/** @param elsewhere where all of it is, should it not fit, as the end of a sentence */
export function renderWhole(report: CheckReport, { pictures, links, remarks }: Shown, limit: Limit, elsewhere: string): string {
  const sections: Section[] = [
    ...verdictSections(report, links),
    ...report.models.flatMap((model) => [...openSections(model, report), ...pictureSections(model, pictures, links)]),
    ...wayOnSections(report),
    ...report.models.flatMap(detailSections),
    comparedSection(report),
    ...caveatSections(report, remarks),
  ];
  return fitToLimit(sections, limit, elsewhere);
}

/** An HTML comment that GitHub keeps and nobody sees; of one kind of check in one repository there is one. */
export function commentMarker(checkName: string): string {
  return `<!-- fieldproof:${checkName.toLowerCase().replace(/[^a-z0-9]+/g, '-')} -->`;
}

function detailSections(model: CheckReport['models'][number]): Section[] {
  return [...numberSections(model), ...siteSections(model), ...noteSections(model)];
}

function titleOf({ outcome, headline, models }: CheckReport): string {
  const said = plainText(headline).trim() || outcome;
  // Where no model was judged, the sentence does not say what that comes to.
  return cutTitle(models.length === 0 && outcome === 'inconclusive' ? `Undecided: ${said}` : said);
}
