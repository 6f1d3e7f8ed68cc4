import type { CheckReport, Exhibit, Finding, ModelReport } from '../documents/check-report.ts';
import { escapeMarkdown } from '../escape-markdown.ts';
import { MARK, unsettled } from '../findings.ts';
import {
  comparedLines,
  endOf,
  exhibitCaption,
  exhibitLines,
  folded,
  historyLines,
  LEGEND,
  noteList,
  reasonList,
  restTitle,
  siteTable,
  WORD,
} from '../markdown-blocks.ts';
import { findingsMarkdown } from '../markdown-table.ts';
import type { Section } from './fit-to-limit.ts';

/** What a check, a comment and a job summary are put together from, with how soon each part is missed. */

/** Where stored pictures are, by exhibit. */
export type PictureUrls = ReadonlyMap<Exhibit, string>;

const NONE = () => '';
const STEPS = [1000, 500, 200, 100, 50, 20, 5];
/** So much of a sentence fits into every text, however it is escaped. */
const LONGEST_HEADLINE = 1000;

/** Never cut: the outcome, the sentence, and what this way of publishing cannot promise. */
export function verdictSections({ outcome, headline }: CheckReport, remarks: readonly string[]): Section[] {
  const words = headline.length <= LONGEST_HEADLINE ? headline : `${headline.slice(0, LONGEST_HEADLINE)}…`;
  return [
    whole('the verdict', 0, `## ${MARK[outcome]} Fieldproof: ${WORD[outcome]}\n\n**${escapeMarkdown(words)}**`),
    ...(remarks.length === 0 ? [] : [list('remarks', 1, remarks, (limit) => noteList(remarks, limit))]),
  ];
}

/** What a reader must see of a model: what decided against it or is undecided, and what it gained. */
export function openSections(model: ModelReport): Section[] {
  const open = changed(model.findings);
  const reasons = unsettled(model.findings);
  const name = nameOf(model.model);
  return [
    whole(`the verdict on ${name}`, 2, [`### ${MARK[model.outcome]} ${name}`, ...historyLines(model)].join('\n\n')),
    ...(open.length === 0 ? [] : [table(`what changed in ${name}`, 3, model.findings, open)]),
    ...(reasons.length === 0 ? [] : [list(`reasons of ${name}`, 4, reasons, (limit) => reasonList(reasons, limit))]),
    whole(`the record of ${name}`, 5, endOf(model)),
  ];
}

/** All that passed or is only watched. */
export function restSection(model: ModelReport): Section[] {
  const open = new Set(changed(model.findings));
  const rest = model.findings.filter((finding) => !open.has(finding));
  if (rest.length === 0) return [];
  const versions = table(`what passed in ${nameOf(model.model)}`, 9, model.findings, rest);
  return [foldedSection(versions, `${nameOf(model.model)}: ${restTitle(rest)}`)];
}

export function siteSection({ model, sites }: ModelReport): Section[] {
  if (sites.length === 0) return [];
  const section = list(`payload of ${nameOf(model)}`, 6, sites, (limit) => siteTable(sites, limit));
  return [foldedSection(section, `${nameOf(model)}: payload to each site`)];
}

export function pictureSection({ model, exhibits }: ModelReport, urls: PictureUrls): Section[] {
  const [name, count] = [nameOf(model), exhibits.length];
  if (count === 0) return [];
  const stored = exhibits.some((exhibit) => urls.has(exhibit));
  const title = `${name}: ${count} ${count === 1 ? 'picture' : 'pictures'}${stored ? '' : ' in the report'}`;
  const lines = (limit: number) => (stored ? gallery(exhibits.slice(0, limit), urls) : exhibitLines(exhibits, limit));
  return [foldedSection(list(`pictures of ${name}`, 7, exhibits, lines), title)];
}

export function noteSection({ model, notes }: ModelReport): Section[] {
  if (notes.length === 0) return [];
  const section = list(`notes on ${nameOf(model)}`, 8, notes, (limit) => noteList(notes, limit));
  return [foldedSection(section, `${nameOf(model)}: notes`)];
}

export function closingSections(report: CheckReport): Section[] {
  const { notes } = report;
  return [
    { name: 'what was compared', rank: 8, versions: [() => folded('What was compared', [comparedLines(report)]), NONE] },
    ...(notes.length === 0 ? [] : [list('notes', 6, notes, (limit) => noteList(notes, limit))]),
    whole('the legend', 10, LEGEND),
  ];
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

function gallery(exhibits: readonly Exhibit[], urls: PictureUrls): string {
  return exhibits
    .map((exhibit) => {
      const url = urls.get(exhibit);
      const picture = url === undefined ? '' : `![picture](${inParentheses(url)})<br>`;
      return `- ${picture}${exhibit.change === 'gained' ? MARK.pass : MARK.fail} ${exhibitCaption(exhibit)}`;
    })
    .join('\n');
}

function inParentheses(url: string): string {
  return new URL(url).href.replaceAll('(', '%28').replaceAll(')', '%29');
}

function whole(name: string, rank: number, text: string): Section {
  return { name, rank, versions: rank === 0 ? [() => text] : [() => text, NONE] };
}

/** Drawn intervals go first, then rows. */
function table(name: string, rank: number, all: readonly Finding[], shown: readonly Finding[]): Section {
  const bare = [shown.length, ...steps(shown.length)].map((most) => () => findingsMarkdown(all, shown, most, { drawn: false }));
  return { name, rank, versions: [() => findingsMarkdown(all, shown, shown.length), ...bare, NONE] };
}

function list(name: string, rank: number, items: readonly unknown[], render: (limit: number) => string): Section {
  return { name, rank, versions: [...[items.length, ...steps(items.length)].map((limit) => () => render(limit)), NONE] };
}

function steps(count: number): number[] {
  return STEPS.filter((step) => step < count);
}

function foldedSection({ name, rank, versions }: Section, title: string): Section {
  const fold = (text: string) => (text === '' ? '' : folded(title, [text]));
  return { name, rank, versions: versions.map((version) => () => fold(version())) };
}

/** Configurations allow 63 characters; a report may have come from anywhere. */
function nameOf(model: string): string {
  return escapeMarkdown(model.length <= 80 ? model : `${model.slice(0, 80)}…`);
}
