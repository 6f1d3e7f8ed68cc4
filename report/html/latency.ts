import { formatBytes } from '#kernel';
import type { LatencyReport } from '../documents/check-report.ts';
import { formatMilliseconds, UNKNOWN } from '../format.ts';
import { distribution } from './distribution.ts';
import { metricName } from './forest.ts';
import { axisPlot, intervalPlot, type Drawn } from './interval-plot.ts';
import { scenarioTable, tooFew } from './scenarios.ts';
import { html, type Markup } from './template.ts';

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
        <dt>${metricName({ metric: name })}</dt>
        <dd>${value === null && report.requests !== undefined ? tooFew(name, report.requests) : formatMilliseconds(value)}</dd>
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
    ${distribution(report)}${ratios(report)}${scenarioTable(report)}
    <details>
      <summary>Percentiles and the chipset's key</summary>
      <dl class="facts">${known}${measuredBeside(report)}${keys}</dl>
    </details>
  </section>`;
}

/** What starts, memory and energy were, and what disturbed the machine. */
function measuredBeside({ startup, peakMemory, energy, disturbed }: LatencyReport): Markup {
  const beside = (own: number, other: number | null) =>
    other === null ? formatMilliseconds(own) : `${formatMilliseconds(own)}, baseline ${formatMilliseconds(other)}`;
  const facts: (readonly [string, string])[] = [];
  if (startup)
    facts.push(
      ['start until ready', beside(startup.ready, startup.baselineReady)],
      ['first answer', beside(startup.first, startup.baselineFirst)],
    );
  if (peakMemory !== undefined) facts.push(['peak memory', peakMemory === null ? UNKNOWN : formatBytes(peakMemory)]);
  if (energy !== undefined) facts.push(['energy of the machine for a request', energyText(energy)]);
  if (disturbed !== undefined) facts.push(['disturbed', disturbedText(disturbed)]);
  return html`${facts.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  )}`;
}

function energyText({ candidate, baseline }: NonNullable<LatencyReport['energy']>): string {
  if (candidate === null) return 'this host does not tell (RAPL)';
  return `${candidate.toPrecision(3)} mJ${baseline === null ? '' : `, baseline ${baseline.toPrecision(3)} mJ`}`;
}

function disturbedText({ measuredAgain, keptDisturbed, why }: NonNullable<LatencyReport['disturbed']>): string {
  if (measuredAgain === 0) return 'by nothing that the machine tells';
  const kept = keptDisturbed === 0 ? '' : `, ${keptDisturbed} of which were disturbed again`;
  return `${measuredAgain} pairs of blocks were measured again${kept}: ${why.slice(0, 3).join('; ')}`;
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

function keyText(value: unknown): string {
  if (value === null || value === undefined) return UNKNOWN;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function gainOf(ratio: number): number {
  return 0 - Math.log(ratio);
}
