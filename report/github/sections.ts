import type { CheckReport, Finding, ModelReport } from '../documents/check-report.ts';
import { escapeMarkdown } from '../escape-markdown.ts';
import { BADGE, unsettled } from '../findings.ts';
import {
  comparedLines,
  countedList,
  folded,
  historyLines,
  LEGEND,
  noteList,
  proposalLine,
  reasonList,
  restTitle,
  siteTable,
  WORD,
} from '../markdown-blocks.ts';
import { nextStep } from '../next-step.ts';
import { changesMarkdown, findingsMarkdown } from '../markdown-table.ts';
import type { Section } from './fit-to-limit.ts';
import { linkSections, type Links } from './links.ts';
import { drawnList, foldedSection, list, nameOf, whole } from './section.ts';

/** What a check, a comment and a job summary are put together from, with how soon each part is missed. */

/** So much of a sentence fits into every text, however it is escaped. */
const LONGEST_HEADLINE = 1000;

/** Never cut: the outcome, the sentence, and where all of it is. */
export function verdictSections(report: CheckReport, links: Links, shown = { headline: true }): Section[] {
  const { outcome, headline } = report;
  const words = headline.length <= LONGEST_HEADLINE ? headline : `${headline.slice(0, LONGEST_HEADLINE)}…`;
  const heading = `## ${BADGE[outcome]} Fieldproof: ${WORD[outcome]}`;
  return [
    whole('the verdict', 0, [heading, ...(shown.headline ? [`**${escapeMarkdown(words)}**`] : [])].join('\n\n')),
    ...nextSections(report),
    ...linkSections(links),
  ];
}

/** Of a check that is undecided, the one thing to do. */
function nextSections(report: CheckReport): Section[] {
  const next = nextStep(report);
  if (next === null) return [];
  const [about, remedy] = [next.finding, next.remedy].map(escapeMarkdown);
  return [whole('what to do next', 1, `**Next** (${about}): ${remedy}.`)];
}

/** What a reader must see of a model: what decided against it or is undecided, and what it gained. */
export function openSections(model: ModelReport, report: CheckReport): Section[] {
  const { findings, proposal, outcome } = model;
  const [open, reasons, name] = [changed(findings), unsettled(findings), nameOf(model.model)];
  const heading = report.models.length > 1 ? [`### ${BADGE[outcome]} ${name}`, ...historyLines(model)] : [];
  const changes = (limit: number) => changesMarkdown(findings, open, limit);
  return [
    ...(heading.length === 0 ? [] : [whole(`the verdict on ${name}`, 2, heading.join('\n\n'))]),
    ...(open.length === 0 ? [] : [list(`what changed in ${name}`, 3, open, changes)]),
    ...(reasons.length === 0 ? [] : [list(`reasons of ${name}`, 4, reasons, (limit) => reasonList(reasons, limit))]),
    ...(proposal === null ? [] : [whole(`the proposal of ${name}`, 5, proposalLine(proposal))]),
  ];
}

/** Every number of every finding: with the interval drawn, without, then fewer rows. */
export function numberSections({ model, findings }: ModelReport): Section[] {
  if (findings.length === 0) return [];
  const [name, open] = [nameOf(model), new Set(changed(findings))];
  const rest = findings.filter((finding) => !open.has(finding));
  const around = (table: string, limit: number) =>
    [table, countedList(findings, limit), LEGEND].filter((block) => block !== '').join('\n\n');
  const bare = list(`the numbers of ${name}`, 9, findings, (limit) =>
    around(findingsMarkdown(findings, findings, limit, { drawn: false }), limit),
  );
  const drawn = () => around(findingsMarkdown(findings, findings, findings.length), findings.length);
  const title = rest.length === 0 ? 'every number' : `every number (${restTitle(rest)})`;
  return [foldedSection(drawnList(bare, drawn), `${name}: ${title}`)];
}

export function siteSections({ model, sites }: ModelReport): Section[] {
  if (sites.length === 0) return [];
  const section = list(`downloads of ${nameOf(model)}`, 7, sites, (limit) => siteTable(sites, limit));
  return [foldedSection(section, `${nameOf(model)}: what each site has to download`)];
}

export function noteSections({ model, notes }: ModelReport): Section[] {
  if (notes.length === 0) return [];
  const section = list(`notes on ${nameOf(model)}`, 8, notes, (limit) => noteList(notes, limit));
  return [foldedSection(section, `${nameOf(model)}: notes`)];
}

export function comparedSection(report: CheckReport): Section {
  return whole('what was compared', 8, folded('What was compared', [comparedLines(report)]));
}

/** What a reader should know who relies on the verdict. It comes last, and goes after all but the verdict. */
export function caveatSections({ notes }: CheckReport, remarks: readonly string[]): Section[] {
  const caveats = [...remarks, ...notes];
  if (caveats.length === 0) return [];
  const listed = list('what to keep in mind', 1, caveats, (limit) => noteList(caveats, limit));
  const headed = (text: string) => (text === '' ? '' : `**Keep in mind**\n\n${text}`);
  return [{ ...listed, versions: listed.versions.map((version) => () => headed(version())) }];
}

/** What decided against the change or is undecided, and what changed as a whole beyond doubt. */
function changed(findings: readonly Finding[]): Finding[] {
  const against = new Set(unsettled(findings));
  return findings.filter((finding) => against.has(finding) || isSureChange(finding));
}

function isSureChange({ role, slice, against, identical, gain }: Finding): boolean {
  if (role === 'watches' || slice !== null || against !== 'baseline' || identical || gain.interval === null) return false;
  return gain.interval.low > 0 || gain.interval.high < 0;
}
