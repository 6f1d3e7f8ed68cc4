import { formatDuration } from '#kernel';
import type { CheckReport, Finding } from '../documents/check-report.ts';
import { placeName, unlikeFirst, unsettled } from '../findings.ts';
import { formatGain, formatInterval, formatLimit, formatRef } from '../format.ts';
import { findingPlot, subjectOf } from './forest.ts';
import { icon, verdictWord, WORD } from './marks.ts';
import { html, type Markup } from './template.ts';

/** What a reader must see in five seconds: the verdict, the gate that caused it, and how sure it is. */
export function verdictSection(report: CheckReport): Markup {
  const { outcome, headline, models, base, head, runner, seconds } = report;
  const several = models.length > 1;
  const chips = models.map(({ model, outcome: each }) => html`<li>${model} ${verdictWord(each)}</li>`);
  const decisive = decisiveFindings(report);
  const rest = unsettled(models.flatMap((model) => model.findings)).length - decisive.length;
  const cards = decisive.map((finding) => card(finding));
  return html`<header class="verdict ${outcome}">
    <p class="overline">Fieldproof check · ${models.map(({ model }) => model).join(', ')}</p>
    <h1>${icon(outcome, 30)}<span>${WORD[outcome]}</span></h1>
    <p class="headline">${headline}</p>
    <p class="meta muted">
      ${formatRef(base)} → ${formatRef(head)} · ${runner.name} runner, ${runner.sandboxed ? 'sandboxed' : 'not sandboxed'} ·
      ${formatDuration(seconds * 1000)}
    </p>
    ${
      several &&
      html`<ul class="models">
        ${chips}
      </ul>`
    }
    ${cards.length > 0 && html`<div class="cards">${cards}</div>`}${outcome !== 'pass' && rest > 0 && html`<p class="muted">and ${rest} more that ${rest === 1 ? 'does' : 'do'} not pass, below</p>`}
  </header>`;
}

/** At most three that failed or are undecided, unlike ones first; of a pass, the call that was closest. */
function decisiveFindings({ outcome, models }: CheckReport): readonly Finding[] {
  const findings = models.flatMap((model) => model.findings);
  const open = unsettled(findings).filter((finding) => finding.outcome === outcome);
  if (open.length > 0) return unlikeFirst(open.toSorted((a, b) => slack(a) - slack(b))).slice(0, 3);
  const judged = findings.filter((finding) => finding.role !== 'watches' && finding.gain.interval !== null && !finding.identical);
  return judged.toSorted((a, b) => slack(a) - slack(b)).slice(0, 1);
}

/** How far the interval's lower end is from the margin, in widths of the interval, so that metrics can be ranked together. */
function slack({ gain: { interval }, margin }: Finding): number {
  if (interval === null) return Number.POSITIVE_INFINITY;
  return (interval.low + margin) / (interval.high - interval.low || Math.abs(margin) || Number.MIN_VALUE);
}

function card(finding: Finding): Markup {
  const { outcome, gain, unit } = finding;
  return html`<article class="card ${outcome}">
    <h2>
      ${outcome === 'pass' && html`<small>The closest call</small>`}${subjectOf(finding)} <small>${placeName(finding)}</small>
    </h2>
    <p class="big">${formatGain(gain.value, unit)}</p>
    ${findingPlot(finding)}
    <p class="sure">
      ${howSure(finding)} <span class="muted">90% interval ${formatInterval(gain.interval, unit)}, ${formatLimit(finding)}.</span>
    </p>
  </article>`;
}

function howSure({ outcome, gain, against }: Finding): string {
  if (gain.interval === null) return 'Nothing could be measured, so nothing is known.';
  const edge = against === 'bound' || against === 'budget' ? against : 'margin';
  return {
    fail: `All of the interval is beyond the ${edge}.`,
    pass: `All of the interval is within the ${edge}.`,
    inconclusive: `The interval lies on both sides of the ${edge}: this data cannot decide.`,
  }[outcome];
}
