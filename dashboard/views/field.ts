import * as Plot from '@observablehq/plot';
import { formatGain, html, type Markup } from '#report';
import { chart } from '../charts/draw.ts';
import { fieldRows, questionsOf, type FieldRow, type Question } from '../gather/field-rows.ts';
import { section, type Page } from '../page.ts';
import { FIELD, from, iterationPath } from '../paths.ts';
import type { Source } from '../source.ts';
import { plural, titleOf, unitOf } from '../words.ts';

export async function fieldPage({ index }: Source): Promise<Page> {
  const rows = await fieldRows(index, { last: MOST });
  const questions = questionsOf(rows);
  const main = html`<h1>Research against field</h1>
    <p class="lead">
      Each mark is an iteration: to the right, what the research data said it gains; upward, what the field then showed, with its
      90% interval. Where research predicts the street, the marks lie along the diagonal.
    </p>
    ${questions.length === 0 && html`<p class="muted">No prediction has been answered by the field yet.</p>`}
    ${questions.slice(0, 12).map((of) => question(of))}
    ${questions.length > 12 && html`<p class="muted">And ${questions.length - 12} more questions, which are not drawn.</p>`}`;
  return { path: FIELD, title: 'Research and field', main };
}

function question({ model, metric, rows }: Question): Markup {
  return section(html`${model} <small>${titleOf(metric)}</small>`, fieldChart(rows, FIELD));
}

/** Predictions that are told of at all: those before them are of what the field was then. */
const MOST = 1500;
/** So many are drawn one by one, with their intervals; of what came before them, only how many lie where. */
const SHOWN = 60;

export function fieldChart(rows: readonly FieldRow[], path: string): Markup {
  if (rows.length === 0) return html`<p class="muted">No prediction has been answered by the field yet.</p>`;
  const shown = rows.slice(-SHOWN).map((row) => drawnOf(row, path));
  const agree = rows.filter(({ research, field }) => Math.sign(research) === Math.sign(field)).length;
  const reach = Math.max(1e-6, ...rows.flatMap(({ research, field }) => [Math.abs(research), Math.abs(field)])) * 1.1;
  const unit = unitOf(rows[0]?.metric ?? '');
  const tick = (value: number) => formatGain(value, unit);
  const axis = { domain: [-reach, reach], tickFormat: tick, ticks: 5, grid: true };
  return chart({
    words: `In ${agree} of ${plural(rows.length, 'iteration')}, research and field moved the same way.`,
    options: {
      width: 640,
      height: 480,
      marginLeft: 64,
      marginBottom: 42,
      x: { ...axis, label: 'gain on research data →', labelAnchor: 'right' },
      y: { ...axis, label: '↑ gain in the field' },
      marks: marksOf(rows, shown, reach),
    },
    table: {
      columns: ['Iteration', 'Research', 'Field', '90% interval'],
      rows: shown
        .toReversed()
        .map(({ model, head, research, field, low, high, href }) => [
          href === null ? `${model} ${head.slice(0, 9)}` : html`<a href="${href}">${model} ${head.slice(0, 9)}</a>`,
          tick(research),
          tick(field),
          `${tick(low)} to ${tick(high)}`,
        ]),
    },
  });
}

type DrawnRow = FieldRow & { href: string | null; tip: string };

function drawnOf(row: FieldRow, path: string): DrawnRow {
  return { ...row, href: row.verdict && from(path, iterationPath(row.verdict)), tip: tipOf(row) };
}

/** What came before those that are drawn one by one, the diagonal, each interval, and each mark. */
function marksOf(rows: readonly FieldRow[], shown: readonly DrawnRow[], reach: number): Plot.Markish[] {
  const many = { x: 'research', y: 'field', binWidth: 16, fill: 'var(--baseline)', fillOpacity: 0.35 };
  const diagonal = { x1: -reach, y1: -reach, x2: reach, y2: reach, stroke: 'var(--muted)', strokeDasharray: '4 4' };
  const within = { y1: ({ low }: FieldRow) => Math.max(-reach, low), y2: ({ high }: FieldRow) => Math.min(reach, high) };
  const look = { r: 3.5, fill: 'var(--candidate)', stroke: 'var(--card)', strokeWidth: 0.75 };
  return [
    rows.length > SHOWN ? Plot.hexagon(rows.slice(0, -SHOWN), Plot.hexbin({ r: 'count' }, many)) : null,
    Plot.ruleX([0], { stroke: 'var(--muted)' }),
    Plot.ruleY([0], { stroke: 'var(--muted)' }),
    Plot.link([{}], diagonal),
    Plot.ruleX(shown, { x: 'research', ...within, stroke: 'var(--candidate)', strokeOpacity: 0.28 }),
    Plot.dot(shown, { x: 'research', y: 'field', title: 'tip', href: 'href', ...look }),
  ];
}

function tipOf({ model, head, research, field, metric }: FieldRow): string {
  const unit = unitOf(metric);
  return `${model} ${head.slice(0, 9)}: research ${formatGain(research, unit)}, field ${formatGain(field, unit)}`;
}
