import * as Plot from '@observablehq/plot';
import type { VerdictFact } from '#history';
import { METRICS } from '#tasks';
import { formatGain, html, type Markup } from '#report';
import { chart } from '../charts/draw.ts';
import { section, type Page } from '../page.ts';
import { CHIPSETS, from, iterationPath } from '../paths.ts';
import type { Source } from '../source.ts';
import { dayOf, plural, titleOf, unitOf } from '../words.ts';

type Point = {
  at: Date;
  where: string;
  metric: string;
  value: number;
  low: number;
  high: number;
  href: string;
  tip: string;
  outcome: string;
};

const SHOWN = 60;
/** So many verdicts are looked through, the newest. */
const VERDICTS = 2000;
const CHIPSETS_SHOWN = 24;

/** Speed and size on each chipset, iteration by iteration. */
export async function chipsetsPage({ index }: Source): Promise<Page> {
  const verdicts = await index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: VERDICTS } });
  const points = verdicts.toReversed().flatMap(({ id, fact }) => pointsOf(fact, from(CHIPSETS, iterationPath(id))));
  const groups = [...Map.groupBy(points, ({ where, metric }) => JSON.stringify([where, metric])).values()];
  const main = html`<h1>Chipsets</h1>
    <p class="lead">
      What each change did to latency and size where it runs: against the release before it, or against the budget. Left of each
      iteration’s page stands how it was measured.
    </p>
    ${groups.length === 0 && html`<p class="muted">No latency and no budget has been judged yet.</p>`}
    ${groups.slice(0, CHIPSETS_SHOWN).map((of) => group(of))}
    ${groups.length > CHIPSETS_SHOWN && html`<p class="muted">And ${groups.length - CHIPSETS_SHOWN} more, which are not drawn.</p>`}`;
  return { path: CHIPSETS, title: 'Chipsets', main };
}

function pointsOf({ model, head, findings, at }: VerdictFact, href: string): Point[] {
  return findings.flatMap(({ metric, where, outcome, value, low, high }) => {
    if (METRICS.has(metric) || value === null) return [];
    const tip = `${model} ${head.slice(0, 9)}: ${formatGain(value, unitOf(metric, where))}`;
    return [{ at: new Date(at), where, metric, value, low: low ?? value, high: high ?? value, href, tip, outcome }];
  });
}

function group(points: readonly Point[]): Markup {
  const [{ where, metric } = { where: '', metric: '' }] = points;
  const unit = unitOf(metric, where);
  const shown = points
    .slice(-SHOWN)
    .map((point) => ({ ...point, y: scaled(point.value, unit), y1: scaled(point.low, unit), y2: scaled(point.high, unit) }));
  const failed = points.filter(({ outcome }) => outcome === 'fail').length;
  return section(
    html`${where} <small>${titleOf(metric)}</small>`,
    chart({
      words: `${plural(points.length, 'iteration')}, of which ${failed === 0 ? 'none was' : `${failed} ${failed === 1 ? 'was' : 'were'}`} beyond what is allowed${points.length > SHOWN ? `; the last ${SHOWN} are drawn` : ''}.`,
      options: {
        width: 960,
        height: 220,
        marginLeft: 56,
        x: { type: 'utc', label: null },
        y: {
          grid: true,
          label: LABELS[unit] ?? '↑ gain',
          tickFormat: (value: number) => (unit === 'ratio' ? `×${value.toFixed(2)}` : String(value)),
        },
        marks: [
          Plot.ruleY([unit === 'ratio' ? 1 : 0], { stroke: 'var(--muted)' }),
          Plot.ruleX(shown, { x: 'at', y1: 'y1', y2: 'y2', stroke: 'var(--candidate)', strokeOpacity: 0.35 }),
          Plot.dot(shown, {
            x: 'at',
            y: 'y',
            r: 3,
            title: 'tip',
            href: 'href',
            symbol: (each: Point) => (each.outcome === 'fail' ? 'square' : 'circle'),
            fill: (each: Point) => (each.outcome === 'fail' ? 'var(--fail)' : 'var(--candidate)'),
          }),
        ],
      },
      table: {
        columns: ['Judged', 'Iteration', 'Change', 'Outcome'],
        rows: shown
          .toReversed()
          .map(({ at, tip, href, value, outcome }) => [
            html`<a href="${href}">${dayOf(at)}</a>`,
            tip.slice(0, tip.lastIndexOf(': ')),
            formatGain(value, unit),
            outcome,
          ]),
      },
    }),
  );
}

/** A gain in speed is the logarithm of how much faster; people read how many times as long. */
function scaled(gain: number, unit: ReturnType<typeof unitOf>): number {
  return unit === 'ratio' ? Math.exp(-gain) : unit === 'bytes' ? gain / 2 ** 20 : gain;
}

const LABELS: Partial<Record<ReturnType<typeof unitOf>, string>> = {
  ratio: '↑ its time, over that of the release before',
  milliseconds: '↑ room left in its budget, ms',
  bytes: '↑ room left in its budget, MiB',
};
