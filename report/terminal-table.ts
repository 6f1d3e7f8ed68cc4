import type { Finding } from './documents/check-report.ts';
import { gainDomain, MARK, rowName, type GateFindings, type Place } from './findings.ts';
import { formatGain, formatInterval, formatMargin, formatValue } from './format.ts';
import { OUTCOME_COLOUR, type Paint } from './painter.ts';
import { plainText } from '#kernel';
import { textBar } from './text-bar.ts';
import { textTable, type Cell, type Column, type Row } from './text-table.ts';

/** Slices shown of one gate; those that failed or are undecided are shown whatever their number, up to MOST. */
const FEW = 8;
const MOST = 40;
const WIDE = 100;

const NARROW_COLUMNS: readonly Column[] = [
  { title: '', align: 'left', grow: true },
  { title: 'cand.', align: 'right' },
  { title: 'ref.', align: 'right' },
  { title: 'gain', align: 'right' },
  { title: '90% interval', align: 'right' },
  { title: '', align: 'left' },
  { title: 'margin', align: 'right' },
];

const WIDE_COLUMNS: readonly Column[] = [
  { title: '', align: 'left', grow: true },
  { title: 'candidate', align: 'right' },
  { title: 'reference', align: 'right' },
  { title: 'gain', align: 'right' },
  { title: '90% interval', align: 'right' },
  { title: 'worse ← │ → better', align: 'left' },
  { title: 'margin', align: 'right' },
  { title: 'outcome', align: 'left' },
];

/** All findings of a model as lines: header first, each place under its name, a gate's slices indented under the whole. */
export function findingsTable(places: readonly Place[], width: number, paint: Paint): string[] {
  const wide = width >= WIDE;
  const rows = places.flatMap((place) => [paint('bold', plainText(place.name)), ...placeRows(place, wide, paint)]);
  const [header = '', ...lines] = textTable(wide ? WIDE_COLUMNS : NARROW_COLUMNS, rows, width, wide ? 2 : 1);
  return [paint('dim', header), ...lines];
}

function placeRows({ gates }: Place, wide: boolean, paint: Paint): Row[] {
  return gates.flatMap((gate) => {
    const domain = gainDomain(gate.rows);
    const shown = worthShowing(gate);
    const rows = shown.map((finding) => rowCells(finding, textBar(finding, domain, wide ? 23 : 9), wide, paint));
    const folded = gate.rows.length - shown.length;
    const line = `      and ${folded} more slices of ${plainText(gate.metric)} in the full report`;
    return folded === 0 ? rows : [...rows, paint('dim', line)];
  });
}

function rowCells(finding: Finding, bar: string, wide: boolean, paint: Paint): Cell[] {
  const { candidate, reference, gain, unit, margin, outcome, role, identical } = finding;
  const colour = (text: string) => paint(role === 'watches' ? 'dim' : OUTCOME_COLOUR[outcome], text);
  const indent = wide ? '  ' : ' ';
  const name = `${indent}${MARK[outcome]} ${finding.slice === null ? '' : indent}${plainText(rowName(finding))}`;
  const verdict = role === 'watches' ? 'watched' : identical ? 'identical' : outcome;
  return [
    { text: name, paint: (text) => `${colour(text.slice(0, indent.length + 1))}${text.slice(indent.length + 1)}` },
    formatValue(candidate, unit),
    formatValue(reference, unit),
    formatGain(gain.value, unit),
    formatInterval(gain.interval, unit),
    { text: bar, paint: colour },
    formatMargin(margin, unit),
    ...(wide ? [{ text: verdict, paint: colour }] : []),
  ];
}

/** The whole, then the worst slices. */
function worthShowing({ rows }: GateFindings): readonly Finding[] {
  const open = rows.filter((finding) => finding.slice === null || finding.outcome !== 'pass').length;
  return rows.slice(0, Math.min(MOST, Math.max(FEW, open)));
}
