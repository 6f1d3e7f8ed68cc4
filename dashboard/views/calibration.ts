import { ticks } from 'd3-array';
import * as Plot from '@observablehq/plot';
import type { TrackRecord } from '#eval';
import { readConfidences, type ModelConfidence } from '#history';
import { confidenceWords, formatGain, html, type Markup } from '#report';
import { chart } from '../charts/draw.ts';
import { fieldRows, questionsOf, type FieldRow, type Question } from '../gather/field-rows.ts';
import { section, type Page } from '../page.ts';
import { CALIBRATION, from, iterationPath } from '../paths.ts';
import type { Source } from '../source.ts';
import { titleOf, unitOf } from '../words.ts';

const SHOWN = 60;
/** Predictions of all models together among which the last ones of each are looked for. */
const MOST = 1000;

/** Whether predictions deserve to be believed: what was promised before, beside what came, and what that says of the next one. */
export async function calibrationPage({ index }: Source): Promise<Page> {
  const rows = await fieldRows(index, { last: MOST });
  const confidences = await readConfidences(index, 0);
  const questions = questionsOf(rows);
  const main = html`<h1>Calibration</h1>
    <p class="lead">Each prediction is written down before the field is looked at. Here it stands beside what came.</p>
    ${questions.length === 0 && html`<p class="muted">No prediction has been answered by the field yet.</p>`}
    ${questions.slice(0, 12).map((of) =>
      question(
        of,
        confidences.find(({ model, metric }) => model === of.model && metric === of.metric),
      ),
    )}`;
  return { path: CALIBRATION, title: 'Calibration', main };
}

function question({ model, metric, rows }: Question, known: ModelConfidence | undefined): Markup {
  return section(
    html`${model} <small>${titleOf(metric)}</small>`,
    known !== undefined && words(known),
    known?.confidence.track != null && curve(known.confidence.track),
    predictedChart(rows, metric),
  );
}

/** What it comes to, first; what supports it, behind a fold. */
function words(known: ModelConfidence): Markup {
  const [first = '', ...rest] = confidenceWords(known);
  return html`<p><b>${first}</b></p>
    <ul class="notes">
      ${rest.map((each) => html`<li>${each}</li>`)}
    </ul>`;
}

/** Of what was said to come with a probability, how often it came: on the diagonal, probabilities are what they say. */
function curve({ calibration, brier, alwaysShip, iterations }: TrackRecord): Markup | null {
  if (calibration.length === 0) return null;
  const bins = calibration.map(({ stated, came }) => ({ stated, ...came }));
  return chart({
    words: `Over ${iterations} predictions the Brier score is ${brier.score.toFixed(3)}, where always saying yes has ${alwaysShip.toFixed(3)} and 0 is perfect.`,
    options: {
      width: 420,
      height: 380,
      marginLeft: 50,
      marginBottom: 40,
      x: { domain: [0, 100], percent: true, label: 'said to gain in the field, % →', grid: true, ticks: 5 },
      y: { domain: [0, 100], percent: true, label: '↑ did, %', grid: true, ticks: 5 },
      marks: [
        Plot.link([{}], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'var(--muted)', strokeDasharray: '4 4' }),
        Plot.ruleX(bins, { x: 'stated', y1: 'low', y2: 'high', stroke: 'var(--candidate)', strokeOpacity: 0.5 }),
        Plot.dot(bins, { x: 'stated', y: 'value', r: 4, fill: 'var(--candidate)' }),
      ],
    },
    table: {
      columns: ['Said', 'Came', '90% interval', 'Predictions'],
      rows: bins.map(({ stated, value, low, high, n }) => [
        percent(stated),
        percent(value),
        `${percent(low)} to ${percent(high)}`,
        n,
      ]),
    },
  });
}

function predictedChart(rows: readonly FieldRow[], metric: string): Markup {
  const unit = unitOf(metric);
  const shown = rows.slice(-SHOWN).map((row, index) => ({
    ...row,
    number: index + 1 + Math.max(0, rows.length - SHOWN),
    low: row.predicted.interval?.low ?? row.predicted.value ?? 0,
    high: row.predicted.interval?.high ?? row.predicted.value ?? 0,
    href: row.verdict === null ? null : from(CALIBRATION, iterationPath(row.verdict)),
    tip: `${row.head.slice(0, 9)}: predicted ${formatGain(row.predicted.value, unit)}, came ${formatGain(row.field, unit)}`,
  }));
  const within = shown.filter(({ field, low, high }) => field >= low && field <= high).length;
  return chart({
    words: `Of the last ${shown.length} predictions, ${within} had what came within their interval.`,
    options: {
      width: 960,
      height: 260,
      marginLeft: 64,
      x: { label: 'iteration →', tickFormat: 'd', ticks: wholeTicks(shown.map(({ number }) => number)) },
      y: { grid: true, label: '↑ gain in the field', tickFormat: (value: number) => formatGain(value, unit) },
      marks: [
        Plot.ruleY([0], { stroke: 'var(--muted)' }),
        Plot.ruleX(shown, {
          x: 'number',
          y1: 'low',
          y2: 'high',
          stroke: 'var(--baseline)',
          strokeWidth: 5,
          strokeOpacity: 0.4,
          strokeLinecap: 'round',
        }),
        Plot.dot(shown, {
          x: 'number',
          y: 'field',
          r: 3.5,
          title: 'tip',
          href: 'href',
          symbol: ({ field, low, high }: (typeof shown)[number]) => (field >= low && field <= high ? 'circle' : 'square'),
          fill: ({ field, low, high }: (typeof shown)[number]) =>
            field >= low && field <= high ? 'var(--candidate)' : 'var(--fail)',
        }),
      ],
    },
    table: {
      columns: ['Iteration', 'Predicted', '90% interval', 'Came'],
      rows: shown
        .toReversed()
        .map(({ head, predicted, low, high, field, href }) => [
          href === null ? head.slice(0, 9) : html`<a href="${href}">${head.slice(0, 9)}</a>`,
          formatGain(predicted.value, unit),
          `${formatGain(low, unit)} to ${formatGain(high, unit)}`,
          formatGain(field, unit),
        ]),
    },
  });
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

/** A scale of few iterations would be marked at halves, which are none. */
function wholeTicks(numbers: readonly number[]): number[] {
  return ticks(numbers[0] ?? 0, numbers.at(-1) ?? 0, 10).filter((tick) => Number.isInteger(tick));
}
