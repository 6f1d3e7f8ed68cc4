import { scaleLinear } from 'd3-scale';
import { ticks } from 'd3-array';
import type { Finding } from '../documents/check-report.ts';
import { formatGain, formatMargin } from '../format.ts';
import { shape } from './marks.ts';
import { html, type Markup } from './template.ts';

type Domain = readonly [number, number];

/** An estimate to draw. Everything is a gain: worse is left, better is right, whatever the metric. */
export type Drawn = {
  value: number | null;
  interval: { low: number; high: number } | null;
  margin: number | null;
  minimumDetectableEffect: number | null;
  look: Finding['outcome'] | 'plain' | 'hollow';
  /** The same in words, for who cannot see it and for the pointer. */
  words: string;
};

/**
 * One row of a forest plot. Positions are percentages, so the picture takes whatever width the page has without scaling its
 * strokes or text.
 */
export function intervalPlot(drawn: Drawn, domain: Domain): Markup {
  const { value, interval, margin, minimumDetectableEffect: smallest, look, words } = drawn;
  const at = positioner(domain);
  const unknown = html`<text class="unknown" x="50%" y="50%" dy=".35em" text-anchor="middle">unknown</text>`;
  return html`<svg class="plot ${look}" role="img" aria-label="${words}">
    <title>${words}</title>
    ${[
      margin !== null && html`<rect class="beyond" width="${at(-margin)}" height="100%" />`,
      smallest !== null && smallest > 0 && band(at, smallest),
      html`<line class="zero" x1="${at(0)}" x2="${at(0)}" y2="100%" />`,
      margin !== null && margin !== 0 && html`<line class="margin" x1="${at(-margin)}" x2="${at(-margin)}" y2="100%" />`,
      interval !== null && whisker(at, interval, domain),
      value === null
        ? unknown
        : html`<svg x="${at(value)}" y="50%" overflow="visible">${inside(value, domain) && shape(look, 9)}</svg>`,
    ]}
  </svg>`;
}

/** Ticks below the rows that share a domain; the margin is named where it is given. */
export function axisPlot(domain: Domain, unit: Finding['unit'], margin: number | null = null): Markup {
  const at = positioner(domain);
  const marks = axisTicks(domain, unit, margin).map(
    ({ gain, label, kind, anchor }) =>
      html`<line x1="${at(gain)}" x2="${at(gain)}" y2="5" /><text class="${kind}" x="${at(gain)}" y="18" text-anchor="${anchor}"
          >${label}</text
        >`,
  );
  return html`<svg class="axis" aria-hidden="true">
    <line x2="100%" y1=".5" y2=".5" />
    ${marks}
  </svg>`;
}

type Label = { gain: number; label: string; kind: 'number' | 'limit' };
type Tick = Label & { anchor: 'start' | 'middle' | 'end'; from: number; to: number };

/** Round numbers of what is written, which for a ratio is not the gain itself; those that would collide are left out. */
function axisTicks([low, high]: Domain, unit: Finding['unit'], margin: number | null): readonly Tick[] {
  const round =
    unit === 'ratio' ? ticks(Math.exp(-high), Math.exp(-low), 4).map((ratio) => 0 - Math.log(ratio)) : ticks(low, high, 4);
  const limit: Label[] =
    margin === null || margin === 0 ? [] : [{ gain: -margin, label: `margin ${formatMargin(margin, unit)}`, kind: 'limit' }];
  const zero: Label = { gain: 0, label: unit === 'ratio' ? '×1' : '0', kind: 'number' };
  const numbers = round.map((gain): Label => ({ gain, label: formatGain(gain, unit), kind: 'number' }));
  return [...limit, zero, ...numbers]
    .filter(({ gain }) => gain >= low && gain <= high)
    .map((label) => placed(label, (label.gain - low) / (high - low)))
    .reduce<readonly Tick[]>((kept, tick) => (kept.every((other) => isApart(tick, other)) ? [...kept, tick] : kept), []);
}

/** Where a label reaches, in shares of a picture 260 pixels wide (few are narrower) with characters of 6.6. */
function placed(label: Label, at: number): Tick {
  const width = (label.label.length * 6.6) / 260;
  if (at < 0.14) return { ...label, anchor: 'start', from: at, to: at + width };
  if (at > 0.86) return { ...label, anchor: 'end', from: at - width, to: at };
  return { ...label, anchor: 'middle', from: at - width / 2, to: at + width / 2 };
}

function isApart(a: Tick, b: Tick): boolean {
  return a.to + 0.03 < b.from || b.to + 0.03 < a.from;
}

function band(at: (gain: number) => string, smallest: number): Markup {
  const width = Number.parseFloat(at(0)) - Number.parseFloat(at(-smallest));
  return html`<rect
    class="detectable"
    x="${at(-smallest)}"
    y="50%"
    width="${width.toFixed(2)}%"
    height="12"
    transform="translate(0 -6)"
    rx="2"
  />`;
}

/** An end that lies outside the picture becomes an arrow. */
function whisker(at: (gain: number) => string, { low, high }: { low: number; high: number }, [from, to]: Domain): Markup {
  const end = (gain: number, arrow: string, cut: boolean) =>
    html`<svg x="${at(gain)}" y="50%" overflow="visible"><path class="end" d="${cut ? arrow : 'M0 -4V4'}" /></svg>`;
  return html`<line class="interval" x1="${at(low)}" x2="${at(high)}" y1="50%" y2="50%" />${[
      end(low, 'M5 -4L0 0L5 4', low < from),
      end(high, 'M-5 -4L0 0L-5 4', high > to),
    ]}`;
}

function inside(value: number, [low, high]: Domain): boolean {
  return value >= low && value <= high;
}

function positioner(domain: Domain): (gain: number) => string {
  const scale = scaleLinear([...domain], [0, 100]).clamp(true);
  return (gain) => `${Number(scale(gain).toFixed(2))}%`;
}
