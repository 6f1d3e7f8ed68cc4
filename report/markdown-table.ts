import type { Finding } from './documents/check-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { BADGE, findingName, gainDomain, placesOf } from './findings.ts';
import { formatGain, formatInterval, formatValue } from './format.ts';
import { textBar } from './text-bar.ts';

/**
 * Tables of findings that fit into GitHub's column of 776 pixels, whole: a browser cuts off what does not. Names fold, numbers
 * and drawn intervals do not.
 */

/** The no-break space keeps GitHub from folding the blanks of a drawn interval, and a number from its unit. */
const NO_BREAK_SPACE = '\u00A0';
const BAR = 15;

/** What is between a wish and a verdict in six columns: what it was, what it is now, and how much it may change. */
export function changesMarkdown(all: readonly Finding[], shown: readonly Finding[], limit: number): string {
  const rows = inOrder(all, shown).map(({ finding }) => [
    BADGE[finding.outcome],
    named(finding),
    before(finding),
    unfolded(formatValue(finding.candidate, finding.unit)),
    change(finding),
    unfolded(allowed(finding)),
  ]);
  return tableOf(['', 'measured', 'before', 'now', 'change', 'allowed'], [':-:', ':--', '--:', '--:', '--:', '--:'], rows, limit);
}

/** All that is known of findings, at most `limit`, each metric's worst first. Drawn intervals take half the room. */
export function findingsMarkdown(
  all: readonly Finding[],
  shown: readonly Finding[],
  limit: number,
  { drawn = true }: { drawn?: boolean } = {},
): string {
  const rows = inOrder(all, shown).map(({ finding, domain }) => [
    BADGE[finding.outcome],
    named(finding),
    `${before(finding)} → ${unfolded(formatValue(finding.candidate, finding.unit))}`,
    change(finding),
    unfolded(formatInterval(changedInterval(finding), finding.unit)),
    ...(drawn ? [`\`${unfolded(textBar(finding, domain, BAR))}\``] : []),
    unfolded(allowed(finding)),
  ]);
  const bar = drawn ? { head: ['worse · better'], align: [':--'] } : { head: [], align: [] };
  return tableOf(
    ['', 'measured', 'before → now', 'change', '90% interval', ...bar.head, 'allowed'],
    [':-:', ':--', '--:', '--:', ':--', ...bar.align, '--:'],
    rows,
    limit,
  );
}

type Row = { finding: Finding; domain: readonly [number, number] };

/** As configuration names places and metrics; all rows of one metric share one scale, whether they are shown or not. */
function inOrder(all: readonly Finding[], shown: readonly Finding[]): Row[] {
  const among = new Set(shown);
  return placesOf(all).flatMap(({ gates }) =>
    gates.flatMap(({ rows }) => {
      const domain = gainDomain(rows);
      return rows.filter((finding) => among.has(finding)).map((finding) => ({ finding, domain }));
    }),
  );
}

function tableOf(head: readonly string[], align: readonly string[], rows: readonly string[][], limit: number): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const left = rows.length - limit;
  const more = left > 0 ? [['', `… ${left} more are in the full report`, ...head.slice(2).map(() => '')]] : [];
  return [head, align, ...rows.slice(0, limit), ...more].map(line).join('\n');
}

function named(finding: Finding): string {
  return escapeMarkdown(findingName(finding));
}

/** From before to now, as a reader would subtract: of what should be rare, a rise is a plus. A `ratio` is told as a factor anyway. */
function change({ gain: { value }, ...finding }: Finding): string {
  return unfolded(formatGain(value === null ? null : towards(finding) * value, finding.unit));
}

function changedInterval({ gain: { interval }, ...finding }: Finding): Finding['gain']['interval'] {
  if (interval === null || towards(finding) === 1) return interval;
  return { low: -interval.high, high: -interval.low };
}

/** `−5.0 pp`, `×1.10`; of a bound, `≥ 85.0%`. */
function allowed(finding: Finding): string {
  const { margin, reference, unit, better } = finding;
  if (!hasBefore(finding) && reference === null) return '–';
  if (hasBefore(finding)) return formatGain(towards(finding) * -margin, unit);
  return `${better === 'more' ? '≥' : '≤'} ${formatValue(reference, unit)}`;
}

function towards({ better, unit }: Pick<Finding, 'better' | 'unit'>): 1 | -1 {
  return better === 'less' && unit !== 'ratio' ? -1 : 1;
}

function hasBefore({ against }: Pick<Finding, 'against'>): boolean {
  return against !== 'bound' && against !== 'budget';
}

/** A bound has no before: it is what is allowed. */
function before(finding: Finding): string {
  return hasBefore(finding) ? unfolded(formatValue(finding.reference, finding.unit)) : '–';
}

function unfolded(text: string): string {
  return text.replaceAll(' ', NO_BREAK_SPACE);
}
