import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { SignalReport } from '../documents/replay-report.ts';
import { html, type Markup } from './template.ts';

const WIDTH = 640;
const HEIGHT = 132;
const LEFT = 46;
const RIGHT = 8;
const TOP = 8;
/** Where the values end and the dates begin. */
const FLOOR = HEIGHT - 20;

type Place = { x: (index: number) => number; y: (value: number) => number };

/**
 * One signal through the nights: what it was, the range of the reference nights as a band, nights under an alarm shaded, and the
 * bound of recall as a dashed line. No picture rests on colour alone: a night under an alarm is a square, a quiet one a disc.
 */
export function nightChart(
  { signal, values, nights, alarms }: SignalReport,
  options: { reference: number; bound: number | null; name: string },
): Markup {
  const highest = Math.max(...values.map(({ value }) => value), options.bound ?? 0, 1e-9);
  const lowest = signal === 'recall' ? Math.min(...values.map(({ value }) => value), options.bound ?? 1) - 0.02 : 0;
  const across = scaleLinear([-0.5, Math.max(1, values.length) - 0.5], [LEFT, WIDTH - RIGHT]);
  const up = scaleLinear([lowest, highest], [FLOOR, TOP]).nice(3);
  const place: Place = { x: (index) => round(across(index)), y: (value) => round(up(value)) };
  const path = line<{ value: number }>()
    .x((_, index) => place.x(index))
    .y(({ value }) => place.y(value))
    .digits(1)([...values]);
  return html`<svg
    class="nights"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${options.name}: ${wordsOf(values, alarms.length)}"
  >
    ${signal !== 'recall' && referenceBand(values.slice(0, options.reference), place)}${alarmShades(values, nights, place)}
    ${up.ticks(3).map((tick) => html`<line class="rule" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place.y(tick)}" y2="${place.y(tick)}" /><text x="${LEFT - 6}" y="${place.y(tick) + 4}" text-anchor="end">${tickText(tick)}</text>`)}
    ${options.bound !== null && html`<line class="bound" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place.y(options.bound)}" y2="${place.y(options.bound)}" />`}
    <path class="course" d="${path ?? ''}" />
    ${values.map(({ night, value }, index) => nightMark({ night, value, at: [place.x(index), place.y(value)], alarmed: nights[index]?.alarmed === true }))}
    ${dates(values, place)}
  </svg>`;
}

function referenceBand(reference: readonly { value: number }[], { x, y }: Place): Markup | null {
  if (reference.length < 2) return null;
  const [low, high] = [Math.min(...reference.map(({ value }) => value)), Math.max(...reference.map(({ value }) => value))];
  return html`<rect
      class="usual"
      x="${LEFT}"
      width="${WIDTH - RIGHT - LEFT}"
      y="${y(high)}"
      height="${round(Math.max(1, y(low) - y(high)))}"
    />
    <line
      class="rule"
      x1="${round((x(reference.length - 1) + x(reference.length)) / 2)}"
      x2="${round((x(reference.length - 1) + x(reference.length)) / 2)}"
      y1="${TOP}"
      y2="${FLOOR}"
      stroke-dasharray="2 3"
    />`;
}

function alarmShades(values: SignalReport['values'], nights: SignalReport['nights'], { x }: Place): Markup[] {
  const half = (x(1) - x(0)) / 2;
  return values.flatMap((_, index) =>
    nights[index]?.alarmed === true
      ? [
          html`<rect
            class="alarmed"
            x="${round(x(index) - half)}"
            width="${round(2 * half + 0.4)}"
            y="${TOP}"
            height="${FLOOR - TOP}"
          />`,
        ]
      : [],
  );
}

function nightMark({
  night,
  value,
  at: [x, y],
  alarmed,
}: {
  night: string;
  value: number;
  at: [number, number];
  alarmed: boolean;
}): Markup {
  const words = html`<title>${night}: ${tickText(value)}${alarmed && ', under an alarm'}</title>`;
  return alarmed
    ? html`<rect class="night fail" x="${round(x - 3)}" y="${round(y - 3)}" width="6" height="6">${words}</rect>`
    : html`<circle class="night" cx="${x}" cy="${y}" r="2.6">${words}</circle>`;
}

/** The first night, the last, and one between where there is room. */
function dates(values: SignalReport['values'], { x }: Place): Markup[] {
  const last = values.length - 1;
  const shown = values.length > 6 ? [0, Math.round(last / 2), last] : [0, last];
  return [...new Set(shown)].map((index) => {
    const anchor = index === 0 ? 'start' : index === last ? 'end' : 'middle';
    return html`<text x="${x(index)}" y="${HEIGHT - 4}" text-anchor="${anchor}">${values[index]?.night ?? ''}</text>`;
  });
}

function wordsOf(values: SignalReport['values'], alarms: number): string {
  const said = alarms === 0 ? 'no alarm' : alarms === 1 ? 'one alarm' : `${alarms} alarms`;
  return `${values.length} nights, the last ${tickText(values.at(-1)?.value ?? 0)}, ${said}`;
}

function tickText(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
