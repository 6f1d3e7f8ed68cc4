import { formatDuration, plainText } from '#kernel';
import { placeReportSchema, type PlaceReport } from './documents/place-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { painter } from './painter.ts';
import {
  accuracyOf,
  bearingWords,
  intervalOf,
  movedWords,
  orderWords,
  shownMeasures,
  standing,
  subtitle,
  swapWords,
  valueOf,
} from './place-rows.ts';
import type { TerminalOptions } from './terminal.ts';
import { textTable, wrap, type Row } from './text-table.ts';

const WORDS = { pass: 'pass', fail: 'FAIL', inconclusive: 'inconclusive' } as const;

/** Placements, and what their gates say, for a terminal. */
export function renderPlace(report: PlaceReport, { colour, columns, writtenTo }: TerminalOptions): string {
  const paint = painter(colour);
  const width = Math.max(80, Math.min(columns, 160));
  const [first] = report.placements;
  const titles = report.placements.map(({ placement }) => ({ title: placement, align: 'right' as const }));
  const rows = (first === undefined ? [] : shownMeasures(first)).map(({ name, title }): Row => [
    title,
    ...report.placements.map(({ measures }) => {
      const measure = measures.find((one) => one.name === name);
      return measure === undefined ? '' : valueOf(measure);
    }),
  ]);
  const table = textTable([{ title: '', align: 'left' }, ...titles], rows, width - 2, 2);
  const standings = report.placements
    .filter(({ dominatedBy }) => dominatedBy.length > 0)
    .map((placement) => `${placement.placement} is ${standing(placement)}`);
  const lines = [
    ...standings,
    ...movedWords(report),
    ...swapWords(report),
    ...report.bearings.map((bearing) => bearingWords(bearing)),
    ...orderWords(report),
    ...report.notes,
  ];
  const blocks = [
    `${paint('bold', plainText(report.graph))}  ${paint('dim', plainText(subtitle(report)))}`,
    table.map((line) => `  ${line}`).join('\n'),
    ...(report.findings.length === 0
      ? []
      : [
          report.findings
            .map(
              ({ placement, outcome, reason }) =>
                `  ${WORDS[outcome].padEnd(13)}${wrap(plainText(`${placement}: ${reason}`), width - 16, ' '.repeat(15))}`,
            )
            .join('\n'),
        ]),
    lines.map((line) => paint('dim', `  · ${wrap(plainText(line), width - 6, '    ')}`)).join('\n'),
    ...(report.outcome === null
      ? []
      : [`  ${paint('bold', WORDS[report.outcome])}  ${paint('dim', formatDuration(report.took * 1000))}`]),
    ...(writtenTo === undefined ? [] : [`${paint('dim', 'report')}  ${plainText(writtenTo)}`]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The same for a comment on a pull request. */
export function renderPlaceMarkdown(report: PlaceReport): string {
  const [first] = report.placements;
  const measures = first === undefined ? [] : shownMeasures(first);
  const cell = (text: string) => escapeMarkdown(plainText(text)).replaceAll('|', '\\|');
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [
    row(['placement', ...measures.map(({ title }) => cell(title)), '']),
    row(['---', ...measures.map(() => '---:'), '---']),
    ...report.placements.map((placement) =>
      row([
        placement.dominatedBy.length > 0 ? cell(placement.placement) : `**${cell(placement.placement)}**`,
        ...shownMeasures(placement).map((measure) => `${cell(valueOf(measure))}<br><sub>${cell(intervalOf(measure))}</sub>`),
        cell(standing(placement)),
      ]),
    ),
  ];
  const outcome =
    report.outcome === null ? '' : `: ${{ pass: 'passes', fail: 'fails', inconclusive: 'undecided' }[report.outcome]}`;
  const findings = report.findings.map(
    ({ placement, outcome: one, reason }) => `- **${WORDS[one]}** ${cell(`${placement}: ${reason}`)}`,
  );
  const lines = [...movedWords(report), ...swapWords(report), ...report.bearings.map((bearing) => bearingWords(bearing))].map(
    (line) => `- ${cell(line)}`,
  );
  return `${[
    `### ${cell(report.graph)}${outcome}`,
    `${cell(subtitle(report))}. ${cell(accuracyOf(report))} first; 90% intervals below each number.`,
    table.join('\n'),
    ...(findings.length > 0 ? [findings.join('\n')] : []),
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    [...orderWords(report), ...report.notes].map((note) => `<sub>${cell(note)}</sub>`).join('<br>\n'),
  ].join('\n\n')}\n`;
}

/** @throws ZodError when the report does not match its own schema */
export function renderPlaceJson(report: PlaceReport): string {
  return `${JSON.stringify(placeReportSchema.parse(report), null, 2)}\n`;
}
