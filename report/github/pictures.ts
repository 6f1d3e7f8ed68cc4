import type { Exhibit, ModelReport } from '../documents/check-report.ts';
import { exhibitCaption, exhibitLines, folded } from '../markdown-blocks.ts';
import type { Section } from './fit-to-limit.ts';
import { linkTo, type Links } from './links.ts';
import { list, nameOf } from './section.ts';

/** Where stored pictures are, by exhibit. */
export type PictureUrls = ReadonlyMap<Exhibit, string>;

/** So many of what got worse are shown without a click; a row has three, which is what GitHub's column holds. */
const OPEN = 6;
const ROW = 3;
const WIDTH = 220;

/** What got worse, to be seen at once; the rest is folded. Where policy stores no picture, only what is in the report is told. */
export function pictureSections({ model, exhibits }: ModelReport, urls: PictureUrls, { report }: Links): Section[] {
  if (exhibits.length === 0) return [];
  const name = nameOf(model);
  const worstFirst = [
    ...exhibits.filter(({ change }) => change === 'lost'),
    ...exhibits.filter(({ change }) => change !== 'lost'),
  ];
  const stored = worstFirst.filter((exhibit) => urls.has(exhibit));
  if (stored.length === 0) {
    const where = report === null ? 'the full report' : linkTo('the full report', report.url);
    const lines = list(`pictures of ${name}`, 7, exhibits, (limit) => exhibitLines(worstFirst, limit));
    const title = `${name}: ${exhibits.length} ${exhibits.length === 1 ? 'picture' : 'pictures'} of what changed`;
    return [inFold(lines, title, `They are in ${where}.`)];
  }
  const open = stored.filter(({ change }) => change === 'lost').slice(0, OPEN);
  const rest = worstFirst.filter((exhibit) => !open.includes(exhibit));
  const shown = list(`pictures of what ${name} got wrong`, 6, open, (limit) => gallery(open.slice(0, limit), urls));
  const more = list(`more pictures of ${name}`, 7, rest, (limit) => gallery(rest.slice(0, limit), urls));
  return [
    ...(open.length === 0 ? [] : [headed(shown, `**What ${name} got wrong**`)]),
    ...(rest.length === 0
      ? []
      : [inFold(more, `${name}: ${rest.length} more ${rest.length === 1 ? 'picture' : 'pictures'}`, '')]),
  ];
}

/** A table in HTML, since one in Markdown begins with a head; no blank line in it, which would end it. */
function gallery(exhibits: readonly Exhibit[], urls: PictureUrls): string {
  const rows = Array.from({ length: Math.ceil(exhibits.length / ROW) }, (_, at) => exhibits.slice(at * ROW, (at + 1) * ROW));
  const cells = (row: readonly Exhibit[]) => row.map((exhibit) => cell(exhibit, urls.get(exhibit))).join('');
  return `<table>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</table>`;
}

function cell(exhibit: Exhibit, url: string | undefined): string {
  const picture = url === undefined ? '' : `<img src="${inAttribute(url)}" width="${WIDTH}" alt="picture"><br>`;
  return `<td width="${WIDTH}" valign="top">${picture}${exhibitCaption(exhibit)}</td>`;
}

function inAttribute(url: string): string {
  return new URL(url).href.replaceAll('&', '&amp;').replaceAll('"', '%22');
}

function headed({ name, rank, versions }: Section, head: string): Section {
  return { name, rank, versions: versions.map((version) => () => afterHead(head, version())) };
}

function afterHead(head: string, text: string): string {
  return text === '' ? '' : `${head}\n\n${text}`;
}

function inFold({ name, rank, versions }: Section, title: string, first: string): Section {
  const fold = (text: string) => (text === '' ? '' : folded(title, [first, text]));
  return { name, rank, versions: versions.map((version) => () => fold(version())) };
}
