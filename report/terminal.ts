import { formatBytes, formatDuration, shortDigest, plainText, type Digest } from '#kernel';
import type { CheckReport, Finding, ModelReport } from './documents/check-report.ts';
import { findingName, MARK, placesOf, unsettled } from './findings.ts';
import { formatRef } from './format.ts';
import { OUTCOME_COLOUR, painter, type Paint } from './painter.ts';
import { findingsTable } from './terminal-table.ts';
import { wrap } from './text-table.ts';

/** `columns`: the terminal's width. `writtenTo`: where the full report lies, if it was written. */
export type TerminalOptions = { colour: boolean; columns: number; writtenTo?: string };

/** The verdict first, then what it rests on. */
export function renderTerminal(report: CheckReport, { colour, columns, writtenTo }: TerminalOptions): string {
  const paint = painter(colour);
  const width = Math.max(60, Math.min(columns, 140));
  const verdict = paint([OUTCOME_COLOUR[report.outcome], 'bold'], `${MARK[report.outcome]} ${report.outcome.toUpperCase()}`);
  const blocks = [
    `${verdict}  ${wrap(plainText(report.headline), width - report.outcome.length - 4, '  ')}`,
    paint('dim', wrap(compared(report), width, '  ')),
    ...report.models.map((model) => modelBlock(model, width, paint)),
    ...(report.notes.length === 0 ? [] : [report.notes.map((note) => noteLine(note, width, paint)).join('\n')]),
    ...(writtenTo === undefined ? [] : [`${paint('dim', 'report')}  ${plainText(writtenTo)}`]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function compared({ base, head, policy, runner, seed, seconds }: CheckReport): string {
  const sandbox = runner.sandboxed ? 'sandboxed' : 'not sandboxed';
  const parts = [
    `${formatRef(base)} → ${formatRef(head)}`,
    `policy from ${formatRef(policy)}`,
    `${runner.name} runner, ${sandbox}`,
    `seed ${seed}`,
  ];
  return plainText([...parts, formatDuration(seconds * 1000)].join(' · '));
}

function modelBlock(model: ModelReport, width: number, paint: Paint): string {
  const outcome = paint([OUTCOME_COLOUR[model.outcome], 'bold'], model.outcome);
  const history = {
    first: ' as a first release',
    change: '',
    unchanged: ' by identity: it is the release that it is compared with',
  };
  const lines = [`${paint('bold', plainText(model.model))}  ${outcome}${history[model.history]}`];
  if (model.findings.length > 0)
    lines.push(...findingsTable(placesOf(model.findings), width - 2, paint).map((line) => `  ${line}`));
  const open = unsettled(model.findings);
  if (open.length > 0) lines.push('', ...open.slice(0, 8).map((finding) => because(finding, width, paint)));
  if (open.length > 8) lines.push(`  and ${open.length - 8} more`);
  const sites = model.sites.map((site) => siteLine(site));
  if (sites.length > 0) lines.push('', `  ${paint('bold', 'payload')}`, ...sites.map((site) => `    ${site}`));
  if (model.notes.length > 0) lines.push('', ...model.notes.map((note) => noteLine(note, width, paint)));
  return [...lines, '', ...endOf(model, paint)].join('\n');
}

function because(finding: Finding, width: number, paint: Paint): string {
  const mark = paint(OUTCOME_COLOUR[finding.outcome], MARK[finding.outcome]);
  const reason = wrap(plainText(`${findingName(finding)}: ${finding.reason}`), width - 4, '    ');
  const remedy =
    finding.remedy === null ? '' : `\n    ${paint('cyan', wrap(`→ ${plainText(finding.remedy)}`, width - 4, '      '))}`;
  return `  ${mark} ${reason}${remedy}`;
}

function siteLine({ name, chipset, payloadBytes, transferSeconds }: ModelReport['sites'][number]): string {
  const time = transferSeconds === null ? 'time unknown' : `${formatDuration(transferSeconds * 1000)} at its link`;
  return plainText(`${name} (${chipset}): ${payloadBytes === null ? 'size unknown' : formatBytes(payloadBytes)}, ${time}`);
}

function noteLine(note: string, width: number, paint: Paint): string {
  return paint('dim', `  ${wrap(`· ${plainText(note)}`, width - 2, '    ')}`);
}

function endOf({ proposal, record, outcome, failedBefore }: ModelReport, paint: Paint): string[] {
  const nothing = { pass: 'nothing to change in the fleet', fail: 'none: a fail is not proposed', inconclusive: 'none' }[outcome];
  const proposed = proposal === null ? nothing : `${proposal.branch} in ${proposal.repository} (${proposal.commit.slice(0, 12)})`;
  return [
    `  ${paint('dim', 'proposal')}  ${plainText(proposed)}`,
    `  ${paint('dim', 'record')}    ${record === null ? 'not written' : shortDigest(record)}`,
    ...(failedBefore === undefined || record === null ? [] : [`  ${paint('dim', 'answer')}    ${answerFor(record)}`]),
  ];
}

/** How somebody answers for a pass after a fail, which is not deployed otherwise. */
function answerFor(record: Digest): string {
  return `fieldproof accept --record ${shortDigest(record).replace('sha256:', '')} --by ... --why ... --until ...`;
}
