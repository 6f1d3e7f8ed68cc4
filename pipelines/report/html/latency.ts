import { max, min, quantileSorted } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { LatencyReport } from '../check-report.ts';
import { formatMilliseconds, UNKNOWN } from '../format.ts';
import { densityOf, densityPath } from './density.ts';
import { axisPlot, intervalPlot, type Drawn } from './interval-plot.ts';
import { html, svg, type Markup } from './template.ts';

type Estimate = LatencyReport['ratio'];

/** How long answers took on one chipset, and the ratio beside what the machine's own noise does to it. */
export function latencyPanel(report: LatencyReport): Markup {
  const { chipset, enrolled, key, percentiles } = report;
  const judged = enrolled
    ? 'its enrolled key, so budgets in milliseconds are judged'
    : 'not its enrolled key: only ratios are judged here';
  const known = Object.entries(percentiles).map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${formatMilliseconds(value)}</dd>
      </div>`,
  );
  const keys = Object.entries(key).map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${keyText(value)}</dd>
      </div>`,
  );
  return html`<section class="place">
    <h4>${chipset} <small>${judged}</small></h4>
    ${distribution(report)}${ratios(report)}
    <details>
      <summary>Percentiles and the chipset's key</summary>
      <dl class="facts">${known}${keys}</dl>
    </details>
  </section>`;
}

/** The candidate above the line, the baseline mirrored below it. */
function distribution({ chipset, candidate, baseline }: LatencyReport): Markup {
  if (candidate.length < 2) return html`<p class="muted">Too few samples to draw: the distribution is unknown.</p>`;
  const series = [candidate, baseline ?? []].filter((points) => points.length > 1);
  const low = min(series, (points) => points[0]) ?? 0;
  const high = max(series, (points) => quantileSorted([...points], 0.99)) ?? 1;
  const pad = (high - low) * 0.15 || low * 0.1 || 1;
  const domain = [Math.max(0, low - pad), high + pad] as const;
  const scale = scaleLinear([...domain], [0, 100]).clamp(true);
  const at = (value: number) => `${Number(scale(value).toFixed(2))}%`;
  const densities = series.map((points) => densityOf(points, domain));
  const tallest = max(densities.flat(), ([, height]) => height) ?? 1;
  const paths = densities.map(
    (density, side) =>
      svg`<path class="${side === 0 ? 'candidate' : 'baseline'}" d="${densityPath(density, tallest, side === 1)}"/>`,
  );
  const ticks = scale.ticks(6).filter((tick) => scale(tick) > 4 && scale(tick) < 96);
  const words = `Latency on ${chipset}: candidate ${percentileWords(candidate)}; baseline ${baseline === null ? UNKNOWN : percentileWords(baseline)}`;
  return html`<svg class="latency" role="img" aria-label="${words}">
      <title>${words}</title>
      <svg y="24" width="100%" height="120" viewBox="0 -1 100 2" preserveAspectRatio="none">${paths}</svg>
      <line class="zero" x2="100%" y1="84" y2="84" />
      ${percentileMarks(candidate, at, 'candidate')}${baseline !== null && percentileMarks(baseline, at, 'baseline')}
      ${ticks.map((tick) => svg`<line class="tick" x1="${at(tick)}" x2="${at(tick)}" y1="168" y2="173"/><text x="${at(tick)}" y="187" text-anchor="middle">${tick} ms</text>`)}
      <line class="tick" x2="100%" y1="168.5" y2="168.5" />
    </svg>
    <p class="key">
      <span class="candidate">candidate, above</span
      >${baseline === null ? html`<span class="muted">no baseline</span>` : html`<span class="baseline">baseline, below</span>`}<span
        class="muted"
        >solid p50, dashed p95</span
      >
    </p>`;
}

/** The label of p50 stands left of its line and that of p95 right of it, so that they never meet. */
function percentileMarks(points: readonly number[], at: (value: number) => string, side: 'candidate' | 'baseline'): Markup {
  const [from, to, label] = side === 'candidate' ? [20, 84, 15] : [84, 148, 161];
  const lines = [0.5, 0.95].map((p) => {
    const value = quantileSorted([...points], p);
    if (value === undefined) return null;
    const [anchor, shift] = p === 0.5 ? ['end', 3] : ['start', -3];
    const name = `p${p * 100} ${formatMilliseconds(value)}`;
    return svg`<line class="${side} p${p * 100}" x1="${at(value)}" x2="${at(value)}" y1="${from}" y2="${to}"/><text class="${side}" x="${at(value)}" y="${label}" dx="${shift}" text-anchor="${anchor}">${name}</text>`;
  });
  return svg`${lines}`;
}

function ratios({ ratio, control }: LatencyReport): Markup | null {
  if (ratio === null && control === null) return null;
  const rows: readonly [string, string, Estimate][] = [
    ['Candidate', 'its time over the baseline’s', ratio],
    ['A/A control', 'the baseline over itself: this machine’s noise alone', control],
  ];
  const drawn = rows.map(([name, , estimate]) => drawnRatio(name, estimate));
  const ends = drawn
    .flatMap(({ value, interval }) => [0, value, interval?.low, interval?.high])
    .filter((end) => typeof end === 'number');
  const reach = Math.max(0.02, ...ends.map((end) => Math.abs(end))) * 1.2;
  const body = rows.map(
    ([name, what, estimate], at) =>
      html`<tr class="whole">
        <th scope="row">${name}<small>${what}</small></th>
        <td class="picture">${drawn[at] !== undefined && intervalPlot(drawn[at], [-reach, reach])}</td>
        <td class="number gain">${ratioText(estimate)}</td>
      </tr>`,
  );
  return html`<table class="forest ratios">
    <thead>
      <tr>
        <th scope="col">Ratio</th>
        <th scope="col" class="direction"><span>← slower</span><span>faster →</span></th>
        <th scope="col">Ratio, 90% interval</th>
      </tr>
    </thead>
    <tbody>
      ${body}
      <tr class="ticks">
        <td></td>
        <td>${axisPlot([-reach, reach], 'ratio')}</td>
        <td></td>
      </tr>
    </tbody>
  </table>`;
}

/** On the same axis as every other gain: the log of baseline over candidate. */
function drawnRatio(name: string, estimate: Estimate): Drawn {
  const interval = estimate?.interval ?? null;
  const value = estimate?.value ?? null;
  return {
    value: value === null ? null : gainOf(value),
    interval: interval === null ? null : { low: gainOf(interval.high), high: gainOf(interval.low) },
    margin: null,
    minimumDetectableEffect: null,
    look: name === 'Candidate' ? 'plain' : 'hollow',
    words: `${name}: ${value === null ? UNKNOWN : `×${value.toFixed(3)}`}`,
  };
}

function ratioText(estimate: Estimate): Markup {
  if (estimate === null || estimate.value === null) return html`<span class="muted">unknown</span>`;
  const { value, interval } = estimate;
  return html`<b>×${value.toFixed(3)}</b>
    <span class="muted">${interval === null ? UNKNOWN : `[×${interval.low.toFixed(3)}, ×${interval.high.toFixed(3)}]`}</span>`;
}

function percentileWords(points: readonly number[]): string {
  return [0.5, 0.95].map((p) => `p${p * 100} ${formatMilliseconds(quantileSorted([...points], p) ?? null)}`).join(', ');
}

function keyText(value: unknown): string {
  if (value === null || value === undefined) return UNKNOWN;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function gainOf(ratio: number): number {
  return 0 - Math.log(ratio);
}
