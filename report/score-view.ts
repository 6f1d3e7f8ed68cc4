import { formatDuration, plainText } from '#kernel';
import { scoreReportSchema, type ScoredDataset, type ScoredMetric, type ScoreReport } from './documents/score-report.ts';
import { formatCount, formatValue, UNKNOWN } from './format.ts';
import { painter, type Paint } from './painter.ts';
import type { TerminalOptions } from './terminal.ts';
import { textTable, wrap, type Row } from './text-table.ts';

const COLUMNS = [
  { title: '', align: 'left', grow: true },
  { title: 'measured', align: 'right' },
  { title: '90% interval', align: 'right' },
  { title: '', align: 'left' },
] as const;

/** The numbers of each model on each dataset. */
export function renderScore(report: ScoreReport, { colour, columns, writtenTo }: TerminalOptions): string {
  const paint = painter(colour);
  const width = Math.max(60, Math.min(columns, 140));
  const { runner, seconds } = report;
  const how = `${runner.name} runner, ${runner.sandboxed ? 'sandboxed' : 'not sandboxed'} · ${formatDuration(seconds * 1000)}`;
  const blocks = [
    ...report.models.map(({ model, chipset, datasets }) => {
      const title = `${paint('bold', plainText(model))}  ${paint('dim', plainText(`as it lies here, on ${chipset} · ${how}`))}`;
      return [title, ...datasets.map((dataset) => datasetBlock(dataset, width, paint))].join('\n\n');
    }),
    ...(writtenTo === undefined ? [] : [`${paint('dim', 'report')}  ${plainText(writtenTo)}`]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function datasetBlock(scored: ScoredDataset, width: number, paint: Paint): string {
  const rows = scored.metrics.map((metric): Row => metricRow(metric, scored, paint));
  const lines = textTable(COLUMNS, rows, width - 4, 2).map((line) => `    ${line}`);
  const notes = [missedWords(scored), ...scored.notes].map((note) =>
    paint('dim', `    · ${wrap(plainText(note), width - 6, '      ')}`),
  );
  return [`  ${plainText(`${scored.dataset}: ${itemsOf(scored)}, ${scored.task}`)}`, ...lines, ...notes].join('\n');
}

function metricRow(
  { metric, value, interval, method, unit, clusters, better }: ScoredMetric,
  { items }: ScoredDataset,
  paint: Paint,
): Row {
  const rests = clusters === items || clusters === 0 ? '' : `in ${formatCount(clusters)} clusters`;
  const why = value === null || interval === null ? method : rests;
  const name = better === 'less' ? `${metric} (less is better)` : metric;
  return [
    name,
    { text: formatValue(value, unit), paint: (text) => paint('bold', text) },
    interval === null ? UNKNOWN : `[${formatValue(interval.low, unit)}, ${formatValue(interval.high, unit)}]`,
    { text: plainText(why), paint: (text) => paint('dim', text) },
  ];
}

export function itemsOf({ medium, items }: Pick<ScoredDataset, 'medium' | 'items'>): string {
  const one = medium === 'pictures' ? 'picture' : 'clip';
  return `${formatCount(items)} ${items === 1 ? one : `${one}s`}`;
}

export function missedWords({ missed, misses }: Pick<ScoredDataset, 'missed' | 'misses'>): string {
  if (missed === 0) return 'No miss to show.';
  const shown =
    misses.length < missed ? `, of which the clearest ${misses.length} are in the report` : ', all of them in the report';
  return `${formatCount(missed)} ${missed === 1 ? 'miss' : 'misses'}${shown}.`;
}

/** @throws ZodError when the report does not match its own schema */
export function renderScoreJson(report: ScoreReport): string {
  return `${JSON.stringify(scoreReportSchema.parse(report), null, 2)}\n`;
}
