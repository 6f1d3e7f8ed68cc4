import type { ScoredDataset, ScoredMetric, ScoreReport } from './documents/score-report.ts';
import { formatValue, UNKNOWN } from './format.ts';
import { picture } from './html/exhibits.ts';
import { pageOf } from './html/page.ts';
import { style } from './html/style.ts';
import { html, type Markup } from './html/template.ts';
import { itemsOf, missedWords } from './score-view.ts';

/** How good each model is, with pictures of what it misses, as a page. */
export function renderScorePage(report: ScoreReport): string {
  const names = report.models.map(({ model }) => model).join(', ');
  const { runner } = report;
  const main = html`${report.models.map(
      ({ model, chipset, datasets }) =>
        html`<section>
            <p class="overline">
              As it lies in the working tree, on ${chipset}; ${runner.name} runner,
              ${runner.sandboxed ? 'sandboxed' : 'not sandboxed'}
            </p>
            <h2>${model}</h2>
          </section>
          ${datasets.map(datasetSection)}`,
    )}
    <footer>
      <p>Nothing was compared, and nothing decided. Seed ${report.seed}. This page holds all it shows and fetches nothing.</p>
    </footer>`;
  return pageOf({ title: `${names}: scored by Fieldproof`, style, main });
}

function datasetSection(scored: ScoredDataset): Markup {
  return html`<section>
    <h3>${scored.dataset} <small>${itemsOf(scored)}, ${scored.task}</small></h3>
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Metric</th>
          <th scope="col" class="number">Measured</th>
          <th scope="col" class="number">90% interval</th>
          <th scope="col">How</th>
        </tr>
      </thead>
      <tbody>
        ${scored.metrics.map(metricRow)}
      </tbody>
    </table>
    <p class="meta muted">${missedWords(scored)}</p>
    ${scored.misses.length > 0 && html`<div class="grid">${scored.misses.map(picture)}</div>`}
    ${
      scored.notes.length > 0 &&
      html`<ul class="notes">
        ${scored.notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    }
  </section>`;
}

function metricRow({ metric, inWords, better, unit, value, interval, method }: ScoredMetric): Markup {
  return html`<tr>
    <th scope="row">${metric} <small>${inWords}${better === 'less' && '; less is better'}</small></th>
    <td class="number"><b>${formatValue(value, unit)}</b></td>
    <td class="number">
      ${interval === null ? UNKNOWN : `[${formatValue(interval.low, unit)}, ${formatValue(interval.high, unit)}]`}
    </td>
    <td class="muted">${method}</td>
  </tr>`;
}
