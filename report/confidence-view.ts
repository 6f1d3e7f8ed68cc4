import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Confidence } from '#eval';
import { confidenceWords } from './confidence-words.ts';
import type { Finding } from './documents/check-report.ts';
import { formatGain, formatInterval, UNKNOWN } from './format.ts';
import { painter } from './painter.ts';
import { plainText } from '#kernel';
import { textTable, wrap, type Column } from './text-table.ts';

type Gain = Pick<Finding['gain'], 'value' | 'interval'>;

export type ConfidenceRow = { release: string; predicted: Gain; realised: Gain | null };

/** `unit`: of every gain; `margin`: how much the field may lose, in it. */
export type ConfidenceView = {
  title: string;
  rows: readonly ConfidenceRow[];
  confidence: Confidence;
  unit: Finding['unit'];
  margin: number;
};

const COLUMNS: readonly Column[] = [
  { title: 'release', align: 'left', grow: true },
  { title: 'predicted', align: 'right' },
  { title: '90% interval', align: 'right' },
  { title: 'realised', align: 'right' },
  { title: 'worse · better', align: 'left' },
  { title: 'fared', align: 'left' },
];

const BAR = 21;

/** How predictions of field gain have fared: what they add up to first, then each of them. */
export function renderConfidence(view: ConfidenceView, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint = painter(colour);
  const width = Math.max(60, columns);
  const { unit } = view;
  const domain = domainOf(view.rows);
  const cells = view.rows.map((row) => [
    plainText(row.release)
      .replace(/^sha256:/, '')
      .slice(0, 12),
    formatGain(row.predicted.value, unit),
    formatInterval(row.predicted.interval, unit),
    row.realised === null ? 'not yet' : formatGain(row.realised.value, unit),
    drawRow(row, domain),
    fared(row),
  ]);
  const [header = '', ...lines] = textTable(COLUMNS, cells, width, width < 100 ? 1 : 2);
  const summary = confidenceWords(view).map((line) => wrap(plainText(line), width, '  '));
  const key = '─ predicted interval   ○ predicted   ● realised   │ no change';
  const table = view.rows.length === 0 ? [] : ['', paint('dim', header), ...lines, paint('dim', key)];
  return `${[paint('bold', plainText(view.title)), ...summary, ...table].join('\n')}\n`;
}

function fared({ predicted, realised }: ConfidenceRow): string {
  if (realised === null) return '';
  if (realised.value === null || predicted.interval === null) return UNKNOWN;
  if (realised.value < predicted.interval.low) return 'worse';
  return realised.value > predicted.interval.high ? 'better' : 'within';
}

function drawRow({ predicted, realised }: ConfidenceRow, domain: readonly [number, number]): string {
  const scale = scaleLinear([...domain], [0, BAR - 1]).clamp(true);
  const cell = (gain: number) => Math.round(scale(gain));
  const cells = Array.from({ length: BAR }, () => ' ');
  const { interval } = predicted;
  if (interval !== null) for (let at = cell(interval.low); at <= cell(interval.high); at++) cells[at] = '─';
  cells[cell(0)] = cells[cell(0)] === '─' ? '┼' : '│';
  if (predicted.value !== null) cells[cell(predicted.value)] = '○';
  const seen = realised?.value ?? null;
  if (seen !== null) cells[cell(seen)] = '●';
  return cells.join('');
}

function domainOf(rows: readonly ConfidenceRow[]): readonly [number, number] {
  const ends = rows.flatMap(({ predicted, realised }) => [
    0,
    predicted.value,
    predicted.interval?.low,
    predicted.interval?.high,
    realised?.value,
  ]);
  const [low = 0, high = 0] = extent(ends.filter((end) => typeof end === 'number'));
  return low === high ? [-0.01, 0.01] : [low, high];
}
