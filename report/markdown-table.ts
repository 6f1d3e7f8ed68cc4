import type { Finding } from './documents/check-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { gainDomain, MARK, placesOf, rowName, type GateFindings, type Place } from './findings.ts';
import { formatGain, formatInterval, formatMargin, formatValue } from './format.ts';
import { textBar } from './text-bar.ts';

/** The no-break space keeps GitHub from folding the blanks of a drawn interval. */
const NO_BREAK_SPACE = '\u00A0';
const BAR = 17;

/** Those of a model's findings that are `shown`, at most `limit`, each metric's worst first. Drawn intervals take half the room. */
export function findingsMarkdown(
  all: readonly Finding[],
  shown: readonly Finding[],
  limit: number,
  { drawn = true }: { drawn?: boolean } = {},
): string {
  const among = new Set(shown);
  const rows = placesOf(all).flatMap((place) => place.gates.flatMap((gate) => gateRows(place, gate, among, drawn)));
  const header = [
    `| | where | metric | candidate | reference | gain | 90% interval |${drawn ? ' worse · better |' : ''} margin |`,
    `| :-: | :-- | :-- | --: | --: | --: | :-- |${drawn ? ' :-- |' : ''} --: |`,
  ];
  const more =
    rows.length > limit ? [`| | … | ${rows.length - limit} more are in the full report | | | | |${drawn ? ' |' : ''} |`] : [];
  return [...header, ...rows.slice(0, limit), ...more].join('\n');
}

function gateRows({ name }: Place, { rows }: GateFindings, shown: ReadonlySet<Finding>, drawn: boolean): string[] {
  const domain = gainDomain(rows);
  return rows
    .filter((finding) => shown.has(finding))
    .map((finding) => {
      const { unit, candidate, reference, gain, margin, outcome, metric, slice } = finding;
      const bar = drawn ? ` \`${textBar(finding, domain, BAR).replaceAll(' ', NO_BREAK_SPACE)}\` |` : '';
      const subject = slice === null ? rowName(finding) : `${metric} ${rowName(finding)}`;
      const numbers = [
        formatValue(candidate, unit),
        formatValue(reference, unit),
        formatGain(gain.value, unit),
        formatInterval(gain.interval, unit),
      ];
      return `| ${MARK[outcome]} | ${escapeMarkdown(name)} | ${escapeMarkdown(subject)} | ${numbers.join(' | ')} |${bar} ${formatMargin(margin, unit)} |`;
    });
}
