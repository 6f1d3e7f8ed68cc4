import { formatDuration, plainText } from '#kernel';
import { auditReportSchema, type AuditedModel, type AuditReport } from './documents/audit-report.ts';
import { costWords, gateWords, insufficientWords, RATE_ROWS, rateWords, wakesWords } from './audit-words.ts';
import { painter, type Paint } from './painter.ts';
import type { TerminalOptions } from './terminal.ts';
import { textTable, wrap, type Row } from './text-table.ts';

const PAIRS = [
  { title: '', align: 'left', grow: true },
  { title: '', align: 'right' },
] as const;
const CHANGES = [
  { title: '', align: 'left' },
  { title: '', align: 'left' },
  { title: '', align: 'left' },
  { title: '', align: 'left', grow: true },
] as const;

/** What an audit found, model by model. */
export function renderAudit(report: AuditReport, { colour, columns, writtenTo }: TerminalOptions): string {
  const paint = painter(colour);
  const width = Math.max(60, Math.min(columns, 140));
  const blocks = [
    ...report.models.map((model) => modelBlock(model, report, { paint, width })),
    ...(writtenTo === undefined ? [] : [`${paint('dim', 'report')}  ${plainText(writtenTo)}`]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function modelBlock(model: AuditedModel, { seconds }: AuditReport, { paint, width }: { paint: Paint; width: number }): string {
  const how = `gates audited on ${model.chipset} · ${formatDuration(seconds * 1000)}`;
  const rates = RATE_ROWS.map(({ words, of }): Row => [
    words,
    { text: rateWords(of(model)), paint: (text) => paint('bold', text) },
  ]);
  const gates = model.gates.map((gate): Row => [plainText(gateWords(gate)), plainText(wakesWords(gate))]);
  const changes = model.changes.flatMap(({ title, steps }): Row[] =>
    steps.map((step, index): Row => [index === 0 ? title : '', step.strength, wordOf(step.outcome), plainText(costWords(step))]),
  );
  const left = model.changes.flatMap(({ title, left: why }) => (why === null ? [] : [`${title} does not apply: ${why}.`]));
  const lacking = model.gates.flatMap((gate) => insufficientWords(gate) ?? []);
  const table = (columns: typeof PAIRS | typeof CHANGES, rows: readonly Row[]) =>
    textTable(columns, rows, width - 2, 2)
      .slice(1) // no column has a title
      .map((line) => `  ${line}`);
  return [
    `${paint('bold', plainText(model.model))}  ${paint('dim', plainText(how))}`,
    ...table(PAIRS, rates),
    '',
    ...table(PAIRS, gates),
    '',
    ...table(CHANGES, changes),
    ...[...lacking, ...left].map((note) => paint('dim', `  · ${wrap(plainText(note), width - 4, '    ')}`)),
  ].join('\n');
}

function wordOf(outcome: AuditedModel['changes'][number]['steps'][number]['outcome']): string {
  return outcome === 'refused' ? 'could not run' : outcome === 'inconclusive' ? 'undecided' : outcome;
}

/** @throws ZodError when the report does not match its own schema */
export function renderAuditJson(report: AuditReport): string {
  return `${JSON.stringify(auditReportSchema.parse(report), null, 2)}\n`;
}
