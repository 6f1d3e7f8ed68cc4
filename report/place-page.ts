import { formatBytes, formatDuration } from '#kernel';
import type { PlaceReport, PlacementReport } from './documents/place-report.ts';
import { frontierChart } from './html/frontier-chart.ts';
import { icon, verdictWord, WORD } from './html/marks.ts';
import { pageOf } from './html/page.ts';
import { placeStyle, style } from './html/style.ts';
import { html, type Markup } from './html/template.ts';
import {
  accuracyOf,
  bearingWords,
  DRAWN,
  intervalOf,
  movedWords,
  orderWords,
  shownMeasures,
  standing,
  subtitle,
  swapWords,
  valueOf,
} from './place-rows.ts';

/** The placements of a graph against each other, as a page. */
export function renderPlacePage(report: PlaceReport): string {
  const { graph, outcome, findings } = report;
  const main = html`<section class="${outcome ?? 'plain'}">
      <p class="overline">${graph} ${subtitle(report)}</p>
      ${outcome === null ? html`<h2>${graph}</h2>` : html`<h1>${icon(outcome, 34)} ${WORD[outcome]}</h1>`}
      ${
        findings.length > 0 &&
        html`<table class="plain">
          <tbody>
            ${findings.map(
              (finding) =>
                html`<tr>
                  <td>${verdictWord(finding.outcome)}</td>
                  <td>${finding.placement}</td>
                  <td>${finding.reason}</td>
                </tr>`,
            )}
          </tbody>
        </table>`
      }
    </section>
    <section>
      <h2>The frontier</h2>
      ${frontierOf(report)}
    </section>
    <section>
      <h2>The placements</h2>
      ${table(report)}
    </section>
    ${changes(report)} ${report.bearings.length > 0 && bearings(report)}
    <section>
      <h2>Stage by stage</h2>
      ${report.placements.map(stageTable)}
    </section>
    <footer>
      <ul class="notes">
        ${[...orderWords(report), ...report.notes].map((note) => html`<li>${note}</li>`)}
      </ul>
      <p>Seed ${report.seed}; took ${formatDuration(report.took * 1000)}. This page holds all it shows and fetches nothing.</p>
    </footer>`;
  return pageOf({ title: `${graph}: its placements, measured by Fieldproof`, style: `${style}${placeStyle}`, main });
}

function frontierOf(report: PlaceReport): Markup {
  const accuracy = accuracyOf(report);
  return html`<div class="frontiers">
      ${DRAWN.map((against) => html`<figure class="card chart">${frontierChart(report.placements, accuracy, against)}</figure>`)}
    </div>
    <p class="muted">
      Each point is a placement that was measured; higher and further left is better. The cross is its 90% interval. Hollow and
      grey: another one is clearly better in something and clearly worse in nothing.
    </p>`;
}

/** A row for each number, a column for each placement. */
function table({ placements }: PlaceReport): Markup {
  return html`<table class="plain placements">
    ${headOf(placements)}
    <tbody>
      ${rowsOf(placements).map(
        ({ title, measures }) =>
          html`<tr>
            <th scope="row">${title}</th>
            ${measures.map((measure) => html`<td class="number">${measure !== undefined && html`<b>${valueOf(measure)}</b><small>${intervalOf(measure)}</small>`}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function headOf(placements: readonly PlacementReport[]): Markup {
  return html`<thead>
    <tr>
      <td></td>
      ${placements.map((placement) => html`<th scope="col" class="number${placement.dominatedBy.length > 0 && ' dominated'}"><b>${placement.placement}</b><small>${standing(placement)}</small></th>`)}
    </tr>
  </thead>`;
}

function rowsOf(placements: readonly PlacementReport[]) {
  const [first] = placements;
  return (first === undefined ? [] : shownMeasures(first)).map(({ name, title }) => ({
    title,
    measures: placements.map(({ measures }) => measures.find((measure) => measure.name === name)),
  }));
}

function changes(report: PlaceReport): Markup | null {
  const { before, placements } = report;
  if (before.length === 0) return null;
  const words = [...movedWords(report), ...swapWords(report)];
  const was = rowsOf(before);
  return html`<section>
    <h2>Against base</h2>
    ${
      words.length > 0 &&
      html`<ul class="notes">
        ${words.map((line) => html`<li>${line}</li>`)}
      </ul>`
    }
    <table class="plain placements">
      ${headOf(placements)}
      <tbody>
        ${rowsOf(placements).map(
          ({ title, measures }, row) =>
            html`<tr>
              <th scope="row">${title}</th>
              ${measures.map((measure, column) => {
                const earlier = was[row]?.measures[column];
                return html`<td class="number">
                  ${earlier !== undefined && `${valueOf(earlier)} → `}${measure !== undefined && html`<b>${valueOf(measure)}</b>`}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function bearings({ bearings: all }: PlaceReport): Markup {
  return html`<section>
    <h2>Cameras that a placement bears</h2>
    <ul class="notes">
      ${all.map((bearing) => html`<li>${bearingWords(bearing)}</li>`)}
    </ul>
  </section>`;
}

function stageTable({ placement, stages, places, crossings }: PlacementReport): Markup {
  return html`<h3>${placement}</h3>
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">Place</th>
          <th scope="col" class="number">Worked on</th>
          <th scope="col" class="number">Dropped</th>
          <th scope="col" class="number">Processor, a camera</th>
          <th scope="col" class="number">Since capture, p50</th>
          <th scope="col" class="number">p95</th>
        </tr>
      </thead>
      <tbody>
        ${stages.map(
          ({ stage, place, handled, dropped, processor, p50, p95 }) =>
            html`<tr>
              <th scope="row">${stage}</th>
              <td>${place}</td>
              <td class="number">${handled}</td>
              <td class="number">${dropped}</td>
              <td class="number">${(processor / 10).toFixed(1)}%</td>
              <td class="number">${p50 === null ? '' : formatDuration(p50)}</td>
              <td class="number">${p95 === null ? '' : formatDuration(p95)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <ul class="notes">
      ${places.map(
        ({ place, cpus, load, peakMemory, clock }) =>
          html`<li>
            ${place}: ${(load * 100).toFixed(0)}% of its ${cpus} processors, ${formatBytes(peakMemory)} at most; its clock is
            ${formatDuration(Math.abs(clock.offset))} ${clock.offset < 0 ? 'behind' : 'ahead of'} the cameras', within
            ${formatDuration(clock.within)}
          </li>`,
      )}
      ${crossings.map(
        ({ from, to, kind, way, link, bytesAnHour, dropped }) =>
          html`<li>
            ${from} to ${to}: ${kind} ${way} ${link}, ${formatBytes(Math.round(bytesAnHour))} an hour and
            camera${dropped > 0 && `, ${dropped} dropped before it`}
          </li>`,
      )}
    </ul>`;
}
