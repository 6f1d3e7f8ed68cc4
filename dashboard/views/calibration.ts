import * as Plot from '@observablehq/plot';
import { standardErrorOf, trackRecord, type Iteration } from '#eval';
import { formatGain, html, type Markup } from '#report';
import { chart } from '../charts/draw.ts';
import { fieldRows, questionsOf, type FieldRow, type Question } from '../gather/field-rows.ts';
import { section, type Page } from '../page.ts';
import { CALIBRATION, from, iterationPath } from '../paths.ts';
import type { Source } from '../source.ts';
import { titleOf, unitOf } from '../words.ts';

const SHOWN = 60;

/** Whether predictions deserve to be believed: what was promised before, beside what came. */
export async function calibrationPage({ index }: Source): Promise<Page> {
  const rows = await fieldRows(index, { last: null });
  const questions = questionsOf(rows);
  const main = html`<h1>Calibration</h1>
    <p class="lead">Each prediction is written down before the field is looked at. Here it stands beside what came.</p>
    ${questions.length === 0 && html`<p class="muted">No prediction has been answered by the field yet.</p>`}
    ${questions.slice(0, 12).map((of) => question(of))}`;
  return { path: CALIBRATION, title: 'Calibration', main };
}

function question({ model, metric, rows }: Question): Markup {
  return section(html`${model} <small>${titleOf(metric)}</small>`, summary(rows), predictedChart(rows, metric));
}

function summary(rows: readonly FieldRow[]): Markup {
  const record = trackRecord(rows.map(asIteration), 0, LEAD);
  if (record === null || record.iterations < FEWEST)
    return html`<p>
      <b>Insufficient:</b> ${record?.iterations ?? rows.length} of the ${FEWEST} iterations that it takes have been seen in the
      field.
    </p>`;
  const { signAgreement, coverage, brier, alwaysShip, iterations } = record;
  const share = ({ value, low, high }: typeof coverage) =>
    html`<b>${percent(value)}</b> <span class="muted">${percent(low)} to ${percent(high)}</span>`;
  return html`<dl class="facts">
    <div>
      <dt>Research and field moved the same way</dt>
      <dd>${signAgreement === null ? 'unknown' : share(signAgreement)}</dd>
    </div>
    <div>
      <dt>Predicted 90% intervals that held what came</dt>
      <dd>${share(coverage)}</dd>
    </div>
    <div>
      <dt>Brier score, 0 is perfect</dt>
      <dd><b>${brier.score.toFixed(3)}</b> <span class="muted">always saying yes: ${alwaysShip.toFixed(3)}</span></dd>
    </div>
    <div>
      <dt>Iterations</dt>
      <dd><b>${iterations}</b></dd>
    </div>
  </dl>`;
}

/** The research gain that the page knows of. */
const LEAD = 'research';
/** Fewer answered predictions than this say nothing: 8 of 10 right is anything from a coin's luck to 94%. */
const FEWEST = 15;

function asIteration({ head, predicted, realised, research }: FieldRow): Iteration {
  const gainOf = (estimate: FieldRow['predicted']) => {
    const error = standardErrorOf(estimate);
    return estimate.value === null || error === null ? null : { value: estimate.value, error };
  };
  return {
    release: head,
    at: '',
    shipped: true,
    research: research === null ? [] : [{ set: LEAD, unit: 'fraction', gain: { value: research, error: 0 } }],
    predicted: gainOf(predicted),
    realised: gainOf(realised),
    field: [],
  };
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
      x: { label: 'iteration →', tickFormat: 'd' },
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
