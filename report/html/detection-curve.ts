import { scaleLinear } from 'd3-scale';
import { rateOf } from '#eval';
import type { AuditedGate, Dose } from '../documents/audit-report.ts';
import { formatMargin, UNKNOWN } from '../format.ts';
import { shape } from './marks.ts';
import { html, trusted, type Markup } from './template.ts';

/** In pixels of its own; a page scales the whole picture. */
const [WIDTH, HEIGHT] = [520, 250];
const BOX = { left: 44, right: 508, top: 34, bottom: 206 };
const SHARES = [0, 0.25, 0.5, 0.75, 1];

type Line = { look: 'fail' | 'pass'; word: string; count: (dose: Dose) => number };
const LINES: readonly Line[] = [
  { look: 'fail', word: 'fails', count: ({ failed }) => failed },
  { look: 'pass', word: 'passes', count: ({ passed }) => passed },
];

/**
 * How often one gate fails and passes what lost so much: losses in margins from left to right, the share of worlds upwards, each point with
 * its 90% interval. What lies between the two lines was undecided.
 */
export function detectionCurve(gate: AuditedGate): Markup {
  const { doses } = gate;
  const most = Math.max(2, ...doses.map(({ loss, target }) => Math.max(loss, target)));
  const x = scaleLinear([Math.min(0, ...doses.map(({ loss }) => loss)), most * 1.04], [BOX.left, BOX.right]);
  const y = scaleLinear([0, 1], [BOX.bottom, BOX.top]);
  const words = wordsOf(gate);
  return html`<svg
    class="curve"
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${words}"
  >
    <title>${words}</title>
    <style>
      ${trusted(curveStyle)}
    </style>
    <rect class="allowed" x="${BOX.left}" y="${BOX.top}" width="${round(x(1) - BOX.left)}" height="${BOX.bottom - BOX.top}" />
    ${SHARES.map((share) => html`<line class="grid" x1="${BOX.left}" x2="${BOX.right}" y1="${round(y(share))}" y2="${round(y(share))}" /><text x="${BOX.left - 6}" y="${round(y(share)) + 4}" text-anchor="end">${100 * share}%</text>`)}
    ${x.ticks(6).map((tick) => html`<line class="grid" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${BOX.bottom}" y2="${BOX.bottom + 4}" /><text x="${round(x(tick))}" y="${BOX.bottom + 17}" text-anchor="middle">${tick}</text>`)}
    <text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">
      true loss, in margins of ${formatMargin(gate.margin, gate.unit === 'ratio' ? 'fraction' : gate.unit)}
    </text>
    <line class="bound" x1="${round(x(1))}" x2="${round(x(1))}" y1="${BOX.top}" y2="${BOX.bottom}" />
    <text x="${round(x(1))}" y="${BOX.top - 6}" text-anchor="middle">margin</text>
    ${LINES.map((line) => lineOf(line, doses, { x: (value) => round(x(value)), y: (value) => round(y(value)) }))}
  </svg>`;
}

type At = { x: (loss: number) => number; y: (share: number) => number };

function lineOf({ look, word, count }: Line, doses: readonly Dose[], { x, y }: At): Markup {
  const points = doses.toSorted((a, b) => a.loss - b.loss);
  const path = points.map((dose, index) => `${index === 0 ? 'M' : 'L'}${x(dose.loss)} ${y(count(dose) / dose.judged)}`).join('');
  const last = look === 'fail' ? points.at(-1) : points[0];
  const named = last !== undefined && { x: x(last.loss), y: y(count(last) / last.judged) };
  const [anchor, shift] = look === 'fail' ? (['end', -9] as const) : (['start', 9] as const);
  // A word stands where its line is not: under one that rises to the right, over one that falls.
  const next = points[1] ?? points[0];
  const isUnder =
    look === 'fail' || (last !== undefined && next !== undefined && count(next) / next.judged > count(last) / last.judged);
  return html`<g class="${look}">
    <path class="course" d="${path}" />
    ${points.map((dose) => pointOf(dose, count(dose), look, { x, y }))}
    ${named && html`<text class="name" x="${named.x + shift}" y="${isUnder ? Math.min(named.y + 16, BOX.bottom - 6) : named.y - 9}" text-anchor="${anchor}">${word}</text>`}
  </g>`;
}

function pointOf({ loss, judged }: Dose, count: number, look: 'fail' | 'pass', { x, y }: At): Markup | null {
  const rate = rateOf(count, judged);
  if (rate === null) return null;
  return html`<line class="whisker" x1="${x(loss)}" x2="${x(loss)}" y1="${y(rate.low)}" y2="${y(rate.high)}" />
    <g transform="translate(${x(loss)} ${y(count / judged)})">${shape(look, 7)}</g>`;
}

function wordsOf({ gate, doses, wakesAt }: AuditedGate): string {
  const each = doses.map(
    ({ loss, judged, failed, passed }) =>
      `of ${judged} that lost ${loss.toFixed(1)} margins ${failed} failed and ${passed} passed`,
  );
  return `${gate}: ${each.join('; ')}. It wakes up at ${wakesAt === null ? UNKNOWN : `${wakesAt} margins`}.`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Of the picture itself, so that it looks the same where it stands alone. */
const curveStyle = [
  '.curve{--f:#b8390e;--p:#00705a;--i:#5d646e;--l:#e3e0da;font:12px ui-sans-serif,system-ui,"Segoe UI",Roboto,Arial,sans-serif}',
  '@media (prefers-color-scheme:dark){.curve{--f:#ff8d63;--p:#45c3a0;--i:#9da3ad;--l:#2d3238}}',
  '.curve text{fill:var(--i);font-size:12px}.curve .grid{stroke:var(--l)}.curve .allowed{fill:var(--p);opacity:.07}',
  '.curve .bound{stroke:var(--i);stroke-dasharray:4 3}.curve .fail{--tone:var(--f)}.curve .pass{--tone:var(--p)}',
  '.curve .course{fill:none;stroke:var(--tone);stroke-width:1.6}.curve .whisker{stroke:var(--tone);opacity:.55}',
  '.curve .mark{fill:var(--tone)}.curve text.name{fill:var(--tone);font-weight:600}',
].join('');
