import type { IterationTimeline, VerdictFact } from '#history';
import {
  axisPlot,
  forest,
  formatGain,
  formatInterval,
  html,
  intervalPlot,
  latencyPanel,
  notesList,
  sitesSection,
  verdictWord,
  WORD,
  type Drawn,
  type Finding,
  type Markup,
  type ModelReport,
} from '#report';
import { iterationsOf, verdictNamed, type Iteration } from '../gather/iterations.ts';
import { timelineOf } from '../gather/clock.ts';
import { lifeOf, type Step } from '../gather/life.ts';
import { section, type Page } from '../page.ts';
import { iterationPath } from '../paths.ts';
import { bearsOut } from '../reports.ts';
import type { Source } from '../source.ts';
import { gainText, span, timeTag, titleOf, unitOf } from '../words.ts';
import { lifeChart } from './clock.ts';
import { exhibitGrid } from './exhibits.ts';

/** All that is known of one change. @param name the beginning of its verdict's record, as its path has it */
export async function iterationPage({ index, reports, now }: Source, name: string): Promise<Page | null> {
  const found = await verdictNamed(index, name);
  if (found === undefined) return null;
  const [iteration] = await iterationsOf(index, [found]);
  if (iteration === undefined) return null;
  const kept = await reports.find(found.id);
  const report = kept !== null && bearsOut(kept, found.fact) ? kept : null;
  const { id, verdict } = iteration;
  const path = iterationPath(id);
  const main = html`<p class="overline">${verdict.model}, judged ${timeTag(verdict.at)}</p>
    <h1 class="${verdict.outcome}">${WORD[verdict.outcome]}</h1>
    ${kept !== null && report === null && html`<p class="caution">A report that is kept for it says something else than the ledger, and is not shown.</p>`}
    ${gates(verdict, report)} ${predictions(iteration)} ${report !== null && exhibitGrid(report, id, path)}
    ${report !== null && measured(report)} ${life(await lifeOf(index, id, verdict), await timelineOf(index, found, now))}
    ${compared(iteration)}`;
  return { path, title: `${verdict.model} ${verdict.head.slice(0, 9)}: ${WORD[verdict.outcome]}`, main };
}

/** With its report, every gate and slice; without, the numbers that the ledger has of what decided. */
function gates(verdict: VerdictFact, report: ModelReport | null): Markup {
  if (report !== null) return section('Gates', forest(report.findings));
  if (verdict.findings.length === 0) return section('Gates', html`<p class="muted">No gate was judged.</p>`);
  const rows = verdict.findings.map((finding) => {
    const unit = unitOf(finding.metric, finding.where);
    const drawn = drawnOf(finding);
    const domain = domainOf(finding);
    return html`<tr class="whole">
        <th scope="row">${titleOf(finding.metric)}<small>${finding.where}</small></th>
        <td class="picture">${intervalPlot(drawn, domain)}</td>
        <td class="number gain">
          <b>${formatGain(finding.value, unit)}</b> <span class="muted">${formatInterval(drawn.interval, unit)}</span>
        </td>
        <td class="outcome">${verdictWord(drawn.look as Finding['outcome'])}</td>
      </tr>
      <tr class="ticks">
        <td></td>
        <td>${axisPlot(domain, unit)}</td>
        <td colspan="2"></td>
      </tr>`;
  });
  return section(
    'Gates',
    html`<p class="muted">From the ledger. The check’s report, which has slices and pictures, is not kept here.</p>
      <table class="forest few">
        <thead>
          <tr>
            <th scope="col">Gate</th>
            <th scope="col" class="direction"><span>← worse</span><span>better →</span></th>
            <th scope="col">Gain, 90% interval</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>`,
  );
}

type Judged = VerdictFact['findings'][number];

function drawnOf({ metric, where, outcome, low, value, high }: Judged): Drawn {
  const interval = low === null || high === null ? null : { low, high };
  const look = outcome === 'pass' || outcome === 'fail' ? outcome : 'inconclusive';
  const unit = unitOf(metric, where);
  const words = `${titleOf(metric)} on ${where}: gain ${formatGain(value, unit)}, 90% interval ${formatInterval(interval, unit)}, ${look}`;
  return { value, interval, margin: null, minimumDetectableEffect: null, look, words };
}

function domainOf({ low, value, high }: Judged): readonly [number, number] {
  const ends = [0, low, value, high].filter((end) => end !== null);
  const pad = (Math.max(...ends) - Math.min(...ends)) * 0.12 || 0.01;
  return [Math.min(...ends) - pad, Math.max(...ends) + pad];
}

function predictions({ predictions: made }: Iteration): Markup | null {
  if (made.length === 0) return null;
  const rows = made.map(
    ({ fact, outcome }) =>
      html`<tr>
        <th scope="row">${titleOf(fact.metric)}<small>${fact.dataset}</small></th>
        <td>${gainText(fact.research, fact.metric)}</td>
        <td>${gainText(fact.field, fact.metric)}</td>
        <td>${outcome === null ? html`<span class="muted">not yet</span>` : gainText(outcome.field, fact.metric)}</td>
        <td>${fact.basis}</td>
      </tr>`,
  );
  return section(
    'Predicted, then looked',
    html`<div class="scroll" tabindex="0" role="region" aria-label="Predictions">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Research said</th>
            <th scope="col">Predicted for the field</th>
            <th scope="col">The field showed</th>
            <th scope="col">Basis</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`,
  );
}

function measured(report: ModelReport): Markup {
  return html`${report.latency.length > 0 && section('Latency', report.latency.map(latencyPanel))}${sitesSection(report)}${
    report.notes.length > 0 && section('Notes', notesList(report.notes))
  }`;
}

function life(steps: readonly Step[], timeline: IterationTimeline | null): Markup {
  const [first] = steps;
  const items = steps.map(
    ({ at, what, where, tone }) =>
      html`<li class="${tone}">
        <span class="dot" aria-hidden="true"></span>${timeTag(at)}
        <b>${what}</b>${where !== null && html` <span class="muted">${where}</span>`}
        <small>${first !== undefined && at !== first.at && `after ${span(first.at, at)}`}</small>
      </li>`,
  );
  const time = timeline === null || timeline.elapsed === 0 ? null : lifeChart(timeline);
  return section(
    'What became of it',
    html`<ol class="life">
      ${items}
    </ol>`,
    time,
  );
}

function compared({ id, verdict }: Iteration): Markup {
  const fact = (name: string, value: Markup | string) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return section(
    'What was compared',
    html`<dl class="facts wide">
      ${[
        fact('Base', html`<code>${verdict.base}</code>`),
        fact('Head', html`<code>${verdict.head}</code>`),
        fact('Runner', `${verdict.runner.name}${verdict.runner.sandboxed ? ', sandboxed' : ', not sandboxed'}`),
        fact('Against', verdict.references.map(({ role }) => role).join(', ') || 'its bounds alone'),
        fact('Policy', html`<code>${verdict.policy}</code>`),
        fact('Record', html`<code>${id}</code>`),
      ]}
    </dl>`,
  );
}
