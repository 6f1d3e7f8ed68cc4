import type { Verification } from '#ledger';
import type { CheckReport } from './documents/check-report.ts';
import { MARK } from './findings.ts';
import { OUTCOME_COLOUR, painter, type Paint } from './painter.ts';
import { plainText } from '#kernel';
import { textTable, wrap, type Cell, type Column } from './text-table.ts';

export type LedgerRow = { seq: number; id: string; kind: string; at: string | null; subject: string; outcome: string | null };

export type LedgerView = {
  rows: readonly LedgerRow[];
  verification: Verification;
  /** What of it counts for nothing, and why; null: all counts. */
  note?: string | null;
};

const COLUMNS: readonly Column[] = [
  { title: 'seq', align: 'right' },
  { title: 'when', align: 'left' },
  { title: 'kind', align: 'left' },
  { title: 'subject', align: 'left', grow: true },
  { title: 'outcome', align: 'left' },
  { title: 'record', align: 'left' },
];

/** The history, oldest first, and under it whether its chain holds. */
export function renderLedger(
  { rows, verification, note = null }: LedgerView,
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = painter(colour);
  const cells = rows.map((row) => rowCells(row, paint));
  const [header = '', ...lines] = textTable(COLUMNS, cells, Math.max(60, columns), 2);
  const nothing =
    verification.state === 'broken' ? 'Nothing is listed: what cannot be trusted is not shown.' : 'The ledger is empty.';
  const table = rows.length === 0 ? [nothing] : [paint('dim', header), ...lines];
  const below = [verificationLine(verification, paint), ...(note === null ? [] : [paint('yellow', note)])];
  return `${[...table, '', ...below.map((line) => wrap(line, Math.max(60, columns), '  '))].join('\n')}\n`;
}

function rowCells({ seq, id, kind, at, subject, outcome }: LedgerRow, paint: Paint): Cell[] {
  const known = isOutcome(outcome)
    ? { text: `${MARK[outcome]} ${outcome}`, paint: (text: string) => paint(OUTCOME_COLOUR[outcome], text) }
    : plainText(outcome ?? '');
  const when = at === null ? '' : plainText(at).slice(0, 16).replace('T', ' ');
  const record = plainText(id)
    .replace(/^sha256:/, '')
    .slice(0, 12);
  return [String(seq), when, plainText(kind), plainText(subject), known, { text: record, paint: (text) => paint('dim', text) }];
}

function isOutcome(outcome: string | null): outcome is CheckReport['outcome'] {
  return outcome !== null && Object.hasOwn(MARK, outcome);
}

function verificationLine(verification: LedgerView['verification'], paint: Paint): string {
  if (verification.state === 'broken') {
    const remedy = 'git log fieldproof/ledger shows the commit that did it: move the branch back before it';
    return `${paint(['red', 'bold'], '■ broken')} at seq ${verification.at}: ${plainText(verification.reason)}; ${remedy}`;
  }
  const { entries, signed } = verification;
  const signatures = {
    all: 'all signed',
    some: paint('yellow', 'only some are signed'),
    none: paint('yellow', 'unsigned'),
    unchecked: paint('yellow', 'signatures not checked: no public key was given'),
  }[signed];
  return `${paint(['green', 'bold'], '● intact')}: ${entries} ${entries === 1 ? 'entry' : 'entries'}, ${signatures}`;
}
