import { formatBytes, formatDuration, shortDigest, type Digest } from '#kernel';
import type { CheckReport, Finding, ModelReport } from '../documents/check-report.ts';
import { formatGain, formatInterval, formatSeconds, UNKNOWN } from '../format.ts';
import { metricName } from './forest.ts';
import { axisPlot, intervalPlot, type Drawn } from './interval-plot.ts';
import { html, type Markup } from './template.ts';

type Release = ModelReport['candidate'];

/** What stood against what, where, and how it was run. */
export function comparedSection(report: CheckReport): Markup {
  const { base, head, policy, runner, seed, startedAt, seconds, models } = report;
  const sandbox = runner.sandboxed
    ? html`<span class="chip">sandboxed</span>`
    : html`<span class="chip caution">not sandboxed</span>`;
  const releases = models.flatMap(({ model, candidate, baselines }) => [
    fact(`${model}: candidate`, releaseText(candidate)),
    ...baselines.map(({ release, chipsets, commit }) =>
      fact(
        `${model}: baseline on ${chipsets.join(', ')}`,
        html`${releaseText(release)}${commit !== null && html` <span class="muted">from commit</span> <code>${commit.slice(0, 12)}</code>`}`,
      ),
    ),
    baselines.length === 0 && fact(`${model}: baseline`, 'none deployed: judged by its bounds'),
  ]);
  return html`<section aria-labelledby="compared">
    <h2 id="compared">What was compared</h2>
    <dl class="facts wide">
      ${[
        fact('Base', base),
        fact('Head', head),
        fact('Policy', policy),
        fact('Runner', html`${runner.name} ${sandbox}`),
        ...releases,
        fact('Started', startedAt),
        fact('Took', formatDuration(seconds * 1000)),
        fact('Seed', String(seed)),
      ]}
    </dl>
    ${notesList(report.notes)}
  </section>`;
}

export function notesList(notes: readonly string[]): Markup | null {
  return notes.length === 0
    ? null
    : html`<ul class="notes">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`;
}

/** What was expected of the field before anybody looked, beside what the replay showed. */
export function predictionSection({ prediction, findings }: ModelReport): Markup | null {
  if (prediction === null) return null;
  const { dataset, metric, gain, basis } = prediction;
  const observed = findings.find(
    (each) => each.dataset === dataset && each.metric === metric && each.slice === null && each.against === 'baseline',
  );
  const unit = observed?.unit ?? prediction.unit ?? 'fraction';
  const rows = [
    { name: 'Predicted', estimate: gain, drawn: plainDrawn('predicted', gain, unit, 'hollow') },
    { name: 'Observed', estimate: observed?.gain ?? null, drawn: plainDrawn('observed', observed?.gain ?? null, unit, 'plain') },
  ];
  const ends = rows
    .flatMap(({ drawn: { value, interval } }) => [0, value, interval?.low, interval?.high])
    .filter((end) => typeof end === 'number');
  const pad = (Math.max(...ends) - Math.min(...ends)) * 0.1 || 0.01;
  const domain = [Math.min(...ends) - pad, Math.max(...ends) + pad] as const;
  const body = rows.map(
    ({ name, estimate, drawn }) =>
      html`<tr class="whole">
        <th scope="row">${name}</th>
        <td class="picture">${intervalPlot(drawn, domain)}</td>
        <td class="number gain">
          ${estimate === null || estimate.value === null ? html`<span class="muted">unknown</span>` : html`<b>${formatGain(estimate.value, unit)}</b> <span class="muted">${formatInterval(estimate.interval, unit)}</span>`}
        </td>
      </tr>`,
  );
  return html`<section>
    <h3>Predicted and observed <small>${metricName(prediction)} on ${dataset}</small></h3>
    <p>
      ${comparison(gain, observed?.gain ?? null)}
      <span class="muted">Basis: ${basis}. Written to the ledger before the replay was scored.</span>
    </p>
    <table class="forest ratios">
      <thead>
        <tr>
          <th scope="col">Gain</th>
          <th scope="col" class="direction"><span>← worse</span><span>better →</span></th>
          <th scope="col">Gain, 90% interval</th>
        </tr>
      </thead>
      <tbody>
        ${body}
        <tr class="ticks">
          <td></td>
          <td>${axisPlot(domain, unit)}</td>
          <td></td>
        </tr>
      </tbody>
    </table>
  </section>`;
}

/** Bytes and seconds for every site; a bar shows which site waits longest. */
export function sitesSection({ sites }: ModelReport): Markup | null {
  if (sites.length === 0) return null;
  const longest = Math.max(0, ...sites.map((site) => site.transferSeconds ?? 0));
  const rows = sites.map(({ name, chipset, payloadBytes, transferSeconds }) => {
    const share = transferSeconds === null || longest === 0 ? 0 : (100 * transferSeconds) / longest;
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${chipset}</td>
      <td class="number">${payloadBytes === null ? UNKNOWN : formatBytes(payloadBytes)}</td>
      <td class="number">${formatSeconds(transferSeconds)}</td>
      <td class="bar" aria-hidden="true">
        <svg width="100%" height="8"><rect class="site" width="${share.toFixed(1)}%" height="8" rx="2" /></svg>
      </td>
    </tr>`;
  });
  return html`<section>
    <h3>Payload to each site</h3>
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Site</th>
          <th scope="col">Chipset</th>
          <th scope="col" class="number">Download</th>
          <th scope="col" class="number">At its link</th>
          <td class="bar"></td>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
}

function plainDrawn(name: string, gain: Finding['gain'] | null, unit: Finding['unit'], look: Drawn['look']): Drawn {
  const words = `${name}: ${formatGain(gain?.value ?? null, unit)}, 90% interval ${formatInterval(gain?.interval ?? null, unit)}`;
  return {
    value: gain?.value ?? null,
    interval: gain?.interval ?? null,
    margin: null,
    minimumDetectableEffect: null,
    look,
    words,
  };
}

function comparison(predicted: Finding['gain'], observed: Finding['gain'] | null): string {
  if (observed === null || observed.value === null) return 'What the replay showed is unknown.';
  if (predicted.interval === null) return 'Too little history for a predicted interval.';
  const { low, high } = predicted.interval;
  if (observed.value >= low && observed.value <= high) return 'What the replay showed lies within the predicted interval.';
  return observed.value < low ? 'The field lost more than was predicted.' : 'The field gained more than was predicted.';
}

function fact(name: string, value: Markup | string): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** Of one stage, its digests; of several, each with its name before it. */
function releaseText({ stages }: Release): Markup {
  const named = Object.entries(stages);
  return html`${named.map(
    ([name, { model, runtime }]) =>
      html`${named.length > 1 && html`<span class="muted">${name}:</span> `}<span class="muted">model</span>
        ${digestCode(model)}${runtime !== null && html` <span class="muted">runtime</span> ${digestCode(runtime)}`}`,
  )}`;
}

function digestCode(digest: Digest): Markup {
  return html`<code title="${digest}">${shortDigest(digest)}</code>`;
}
