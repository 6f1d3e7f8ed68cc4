import { plainText } from '#kernel';
import type { CheckReport, Finding, ModelReport } from './documents/check-report.ts';
import { MARK, placeName, rowName } from './findings.ts';
import { formatGain, formatInterval } from './format.ts';
import { painter } from './painter.ts';
import { textTable, type Column } from './text-table.ts';

/** One model in two runs; null where a run did not judge it. */
type Pair = { model: string; earlier: ModelReport | null; later: ModelReport | null };

const INTERVAL: Column = { title: '90% interval', align: 'right' };
const NARROW_COLUMNS: readonly Column[] = [
  { title: 'gate', align: 'left', grow: true },
  { title: 'earlier', align: 'left' },
  { title: 'gain', align: 'right' },
  { title: 'later', align: 'left' },
  { title: 'gain', align: 'right' },
];
const WIDE_COLUMNS: readonly Column[] = [...NARROW_COLUMNS.slice(0, 3), INTERVAL, ...NARROW_COLUMNS.slice(3), INTERVAL];
/** Characters. With less, names would be cut until they are alike; intervals stand in the report of each run. */
const WIDE = 120;

/**
 * Two runs, gate by gate, those that came out otherwise first. Whether one candidate is better than the other is not said: each was
 * held against its own baseline, and that takes a check of one against the other.
 */
export function compareReports(
  earlier: CheckReport,
  later: CheckReport,
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = painter(colour);
  const names = [...new Set([...earlier.models, ...later.models].map(({ model }) => model))];
  const pairs = names.map((model) => ({ model, earlier: modelIn(earlier, model), later: modelIn(later, model) }));
  const heading = `earlier  ${commitOf(earlier)}  ${earlier.startedAt}\nlater    ${commitOf(later)}  ${later.startedAt}\n`;
  return `${heading}${pairs.map((pair) => `\n${paint('bold', plainText(pair.model))}  ${outcomesOf(pair)}\n${tableOf(pair, columns)}`).join('')}`;
}

function tableOf({ earlier, later }: Pair, width: number): string {
  const before = new Map((earlier?.findings ?? []).map((finding) => [findingKey(finding), finding]));
  const after = new Map((later?.findings ?? []).map((finding) => [findingKey(finding), finding]));
  const rows = [...new Set([...before.keys(), ...after.keys()])].map((key) => [before.get(key), after.get(key)] as const);
  const changed = rows.filter(([one, other]) => one?.outcome !== other?.outcome);
  const same = rows.filter(([one, other]) => one?.outcome === other?.outcome);
  const wide = width >= WIDE;
  const cells = [...changed, ...same].map(([one, other]) => [
    nameOf(one ?? other),
    ...cellsOf(one, wide),
    ...cellsOf(other, wide),
  ]);
  const words =
    changed.length === 0 ? 'every gate came out as before' : `${changed.length} of ${rows.length} gates came out otherwise`;
  const notes = sameReference(earlier, later) ? [] : ['  held against other baselines, so their gains are of different things'];
  return [`  ${words}`, ...notes, ...textTable(wide ? WIDE_COLUMNS : NARROW_COLUMNS, cells, Math.max(60, width), 2), ''].join(
    '\n',
  );
}

function cellsOf(finding: Finding | undefined, wide: boolean): string[] {
  if (finding === undefined) return ['not judged', '', ...(wide ? [''] : [])];
  const { outcome, gain, unit } = finding;
  const cells = [`${MARK[outcome]} ${outcome}`, formatGain(gain.value, unit)];
  return wide ? [...cells, formatInterval(gain.interval, unit)] : cells;
}

function outcomesOf({ earlier, later }: Pair): string {
  const [before, after] = [earlier?.outcome ?? 'not judged', later?.outcome ?? 'not judged'];
  return before === after ? `${after}, as before` : `${before} → ${after}`;
}

function sameReference(earlier: ModelReport | null, later: ModelReport | null): boolean {
  if (earlier === null || later === null) return true;
  const releases = ({ baselines }: ModelReport) => JSON.stringify(baselines.map(({ release }) => release));
  return releases(earlier) === releases(later);
}

function modelIn({ models }: CheckReport, name: string): ModelReport | null {
  return models.find(({ model }) => model === name) ?? null;
}

/** Its place last: that is what is cut off where there is no room, and the metric tells more of them apart. */
function nameOf(finding: Finding | undefined): string {
  if (finding === undefined) return '';
  const metric = finding.slice === null ? '' : `${finding.metric} `;
  return plainText(`${metric}${rowName(finding)} · ${placeName(finding)}`);
}

function findingKey({ metric, dataset, chipset, slice, against }: Finding): string {
  return JSON.stringify([metric, dataset, chipset, slice?.by, slice?.value, against]);
}

function commitOf({ head }: CheckReport): string {
  return plainText(head).slice(0, 12);
}
