import { fewestRequests, type Percentile } from '#eval';
import type { LatencyReport } from '../documents/check-report.ts';
import { formatMilliseconds, formatShort, UNKNOWN } from '../format.ts';
import { html, type Markup } from './template.ts';

type Told = NonNullable<LatencyReport['scenarios']>[number];

/** Of each: what is named, and what of fewer queries than it takes is not told. */
const SHOWN: readonly Percentile[] = ['latency-p50', 'latency-p90', 'latency-p99', 'latency-p99.9'];

/** The candidate under load, as MLPerf's scenarios name it. */
export function scenarioTable({ scenarios = [] }: LatencyReport): Markup | null {
  if (scenarios.length === 0) return null;
  return html`<table class="plain scenarios">
    <thead>
      <tr>
        <th scope="col">Under load</th>
        <th scope="col" class="number">Samples a second</th>
        ${SHOWN.map((name) => html`<th scope="col" class="number">${shortOf(name)}</th>`)}
        <th scope="col" class="number">Kept with 99% confidence</th>
      </tr>
    </thead>
    <tbody>
      ${scenarios.map(scenarioRow)}
    </tbody>
  </table>`;
}

function scenarioRow(told: Told): Markup {
  const { kind, perSecond, queries, seconds, samplesPerSecond, percentiles, estimate } = told;
  const rate = perSecond === null ? '' : ` of ${formatShort(perSecond)}/s`;
  const counted = kind === 'offline' ? `${formatShort(seconds)} s` : `${queries} queries in ${formatShort(seconds)} s`;
  return html`<tr>
    <th scope="row">${kind}${rate} <small>${counted}</small></th>
    <td class="number">${formatShort(samplesPerSecond)}</td>
    ${SHOWN.map((name) => html`<td class="number">${kind === 'offline' ? '' : timeOf(percentiles[name] ?? null, name, queries)}</td>`)}
    <td class="number">${estimate === null ? '' : estimateText(estimate)}</td>
  </tr>`;
}

function timeOf(milliseconds: number | null, name: Percentile, queries: number): string {
  return milliseconds === null ? tooFew(name, queries) : formatMilliseconds(milliseconds);
}

function estimateText({ share, milliseconds }: NonNullable<Told['estimate']>): string {
  return milliseconds === null ? UNKNOWN : `p${100 * share} ${formatMilliseconds(milliseconds)}`;
}

/** No number of too few requests: MLPerf's LoadGen tells none either. */
export function tooFew(name: string, requests: number): string {
  const fewest = Object.hasOwn(fewestRequests, name) ? fewestRequests[name as Percentile] : null;
  return fewest === null ? UNKNOWN : `no ${shortOf(name)}: n = ${requests} < ${fewest}`;
}

function shortOf(name: string): string {
  return name.replace('latency-', '');
}
