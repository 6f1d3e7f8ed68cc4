import type { Finding } from '../documents/check-report.ts';
import { gainDomain, placesOf, unsettled, type GateFindings, type Place } from '../findings.ts';
import { formatCount, formatGain, formatInterval, formatLimit, formatMargin, formatValue } from '../format.ts';
import { sentence } from '#kernel';
import { axisPlot, intervalPlot, type Drawn } from './interval-plot.ts';
import { icon, verdictWord } from './marks.ts';
import { html, type Markup } from './template.ts';

/** Rows of one gate that are open; what passed beyond them is folded. */
const OPEN_ROWS = 14;
const REASONS = 6;

type Domain = readonly [number, number];

/** A forest plot for each place, with the slices of a gate under its whole. */
export function forest(findings: readonly Finding[]): Markup {
  if (findings.length === 0) return html`<p class="muted">No gate was judged.</p>`;
  return html`${placesOf(findings).map(placePlot)}${legend()}`;
}

/** One finding large, for the verdict. */
export function findingPlot(finding: Finding): Markup {
  const domain = gainDomain([finding]);
  return html`${intervalPlot(drawnOf(finding), domain)}${axisPlot(domain, finding.unit, finding.margin)}`;
}

/** A metric is named as people say it; a report from before titles by its name, top-k apart. */
export function metricName({ metric, title }: { metric: string; title?: string | undefined }): string {
  return title ?? metric.replaceAll('-', ' ').replace(/^top(\d)$/, 'top-$1 accuracy');
}

export function subjectOf(finding: Finding): string {
  const { slice, against } = finding;
  const whole = `${metricName(finding)}${against === 'baseline' ? '' : ` against ${against === 'anchor' ? 'the anchor' : `its ${against}`}`}`;
  return slice === null ? whole : `${whole}, ${slice.by} = ${slice.value}`;
}

/** The rest are slices, the worst first, so what is folded is the best of them. */
function placePlot({ name, gates }: Place): Markup {
  return html`<section class="place">
    <h4>${name}</h4>
    <table class="forest">
      <thead>
        <tr>
          <th scope="col">Gate and slice</th>
          <th scope="col" class="direction"><span>← worse</span><span>better →</span></th>
          <th scope="col">Gain, 90% interval</th>
          <th scope="col">Candidate</th>
          <th scope="col">Reference</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      ${gates.map((gate) => gateBody(gate.rows.slice(0, OPEN_ROWS), gate))}
    </table>
    ${gates.map(foldedSlices)}
  </section>`;
}

function foldedSlices(gate: GateFindings): Markup | null {
  const rest = gate.rows.slice(OPEN_ROWS);
  if (rest.length === 0) return null;
  const passed = rest.every((finding) => finding.outcome === 'pass') ? ', all of which pass' : '';
  return html`<details>
    <summary>${rest.length} more slices of ${metricName(gate)}${passed}</summary>
    <table class="forest">
      ${gateBody(rest, gate)}
    </table>
  </details>`;
}

function gateBody(rows: readonly Finding[], { rows: all, unit }: GateFindings): Markup {
  const domain = gainDomain(all);
  const open = unsettled(rows);
  const whys = open.slice(0, REASONS).map(reasonItem);
  const explained =
    whys.length > 0 &&
    html`<tr class="why">
      <td colspan="6">
        <ul>
          ${whys}${open.length > REASONS && html`<li>and ${open.length - REASONS} more</li>`}
        </ul>
      </td>
    </tr>`;
  return html`<tbody>
    ${rows.map((finding) => findingRow(finding, domain))}
    <tr class="ticks">
      <td></td>
      <td>${axisPlot(domain, unit)}</td>
      <td colspan="4"></td>
    </tr>
    ${explained}
  </tbody>`;
}

function reasonItem(finding: Finding): Markup {
  const { outcome, reason, remedy } = finding;
  const what = remedy !== null && html` <b>What to do:</b> ${sentence(remedy)}`;
  return html`<li>${icon(outcome, 8)} <b>${subjectOf(finding)}</b>: ${sentence(reason)}${what}</li>`;
}

function findingRow(finding: Finding, domain: Domain): Markup {
  const { unit, slice, gain, role, outcome, candidate, reference, identical } = finding;
  const watched = role === 'watches';
  const name =
    slice === null
      ? subjectOf(finding)
      : `${slice.by} = ${slice.value}${finding.against === 'baseline' ? '' : ` (${finding.against})`}`;
  const margin = slice === null && html`<small>${limitWords(finding)}</small>`;
  const verdict = watched ? html`<span class="muted">watched</span>` : verdictWord(outcome);
  return html`<tr class="${slice === null ? 'whole' : 'slice'}${watched && ' watched'}">
    <th scope="row">${name}${margin}</th>
    <td class="picture">${intervalPlot(drawnOf(finding), domain)}</td>
    <td class="number gain">
      ${gain.value === null ? html`<span class="muted">unknown</span>` : html`<b>${formatGain(gain.value, unit)}</b> <span class="muted">${formatInterval(gain.interval, unit)}</span>`}
    </td>
    <td class="number" data-name="candidate">${formatValue(candidate, unit)}</td>
    <td class="number" data-name="reference">${formatValue(reference, unit)}</td>
    <td class="outcome">${verdict}${identical && html`<small>by identity</small>`}</td>
  </tr>`;
}

function limitWords(finding: Finding): string {
  const { n, clusters } = finding.gain;
  const counted = n === clusters ? `n ${formatCount(n)}` : `n ${formatCount(n)} in ${formatCount(clusters)} ${groupsOf(finding)}`;
  return n > 1 ? `${formatLimit(finding)} · ${counted}` : formatLimit(finding);
}

/** What stands for itself: a clip or site on footage, a start of the processes where their speed is measured. */
function groupsOf({ unit }: Finding): string {
  return unit === 'ratio' ? 'starts' : 'clusters';
}

function drawnOf(finding: Finding): Drawn {
  const { gain, margin, minimumDetectableEffect, outcome, role, unit } = finding;
  const smallest = minimumDetectableEffect === null ? 'unknown' : formatMargin(minimumDetectableEffect, unit);
  const words = `gain ${formatGain(gain.value, unit)}, 90% interval ${formatInterval(gain.interval, unit)}, margin ${formatMargin(margin, unit)}, smallest detectable loss ${smallest}: ${role === 'watches' ? 'only watched' : outcome}. ${gain.method}, ${gain.n} in ${gain.clusters} ${groupsOf(finding)}.`;
  return { value: gain.value, interval: gain.interval, margin, minimumDetectableEffect, look: outcome, words };
}

function legend(): Markup {
  const sample: Drawn = {
    value: 0.1,
    interval: { low: -0.3, high: 0.5 },
    margin: 0.6,
    minimumDetectableEffect: 0.45,
    look: 'pass',
    words: 'how to read a row',
  };
  return html`<details class="legend">
    <summary>How to read the pictures</summary>
    <div class="sample">${intervalPlot(sample, [-1, 1])}</div>
    <p>
      Each row is a gain: right is better. The mark is the estimate, the line its 90% interval (a one-sided 95% bound at each
      end). The thin line is no change; the dashed line is the margin, and what lies beyond it is shaded. A gate
      <b>passes</b> when all of its interval is out of the shade, <b>fails</b> when all of it is inside, and is
      <b>undecided</b> when it is in both. The faint band is the smallest loss that this data would have shown four times in five:
      when it reaches into the shade, more data is needed. Slices that are only watched decide nothing.
    </p>
  </details>`;
}
