import { scaleLinear } from 'd3-scale';
import type { PlaceMeasure, PlacementReport } from '../documents/place-report.ts';
import { formatMeasure } from '../format-measure.ts';
import { html, type Markup } from './template.ts';

const WIDTH = 330;
const HEIGHT = 250;
const LEFT = 48;
const RIGHT = 30;
const TOP = 14;
const FLOOR = HEIGHT - 40;
/** Pixels from one label to the next. */
const LINE = 14;

type Point = { placement: string; isDominated: boolean; x: PlaceMeasure; y: PlaceMeasure };
type Scales = { x: (value: number) => number; y: (value: number) => number };

/**
 * Each placement as a point, accuracy against something that it costs, with the interval of both as a cross. What another placement
 * dominates is hollow and grey. There is no line between the points: nothing was measured there.
 */
export function frontierChart(placements: readonly PlacementReport[], accuracy: string, against: string): Markup | null {
  const points = placements.flatMap((placement): Point[] => {
    const find = (name: string) => placement.measures.find((measure) => measure.name === name);
    const [x, y] = [find(against), find(accuracy)];
    if (x === undefined || y === undefined || x.value === null || y.value === null) return [];
    return [{ placement: placement.placement, isDominated: placement.dominatedBy.length > 0, x, y }];
  });
  const [first] = points;
  if (first === undefined) return null;
  const [across, up] = [axisOf(points.map(({ x }) => x)), axisOf(points.map(({ y }) => y))];
  const x = scaleLinear(across, [LEFT, WIDTH - RIGHT]).nice(4);
  const y = scaleLinear(up, [FLOOR, TOP]).nice(4);
  const scales: Scales = { x: (value) => round(x(value)), y: (value) => round(y(value)) };
  const words = points.map(
    (point) =>
      `${point.placement} ${formatMeasure(point.y.value, point.y.unit)} at ${formatMeasure(point.x.value, point.x.unit)}`,
  );
  return html`<svg
    class="frontier"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${first.y.title} against ${first.x.title}: ${words.join('; ')}"
  >
    ${y
      .ticks(4)
      // No share is more than the whole, though names stand above it.
      .filter((tick) => first.y.unit !== 'fraction' || tick <= 1)
      .map(
        (tick) =>
          html`<line class="rule" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${scales.y(tick)}" y2="${scales.y(tick)}" /><text
              x="${LEFT - 6}"
              y="${scales.y(tick) + 4}"
              text-anchor="end"
              >${formatMeasure(tick, first.y.unit)}</text
            >`,
      )}
    ${x
      .ticks(3)
      .map(
        (tick) =>
          html`<line class="rule" x1="${scales.x(tick)}" x2="${scales.x(tick)}" y1="${FLOOR}" y2="${FLOOR + 4}" /><text
              x="${scales.x(tick)}"
              y="${FLOOR + 17}"
              text-anchor="middle"
              >${formatMeasure(tick, first.x.unit)}</text
            >`,
      )}
    <text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${first.x.title}</text>
    ${points.map((point) => cross(point, scales))} ${points.map((point) => dot(point, scales))}
    ${labels(points, scales).map(
      ({ point, at, anchor }) =>
        html`<text class="name${point.isDominated && ' dominated'}" x="${at[0]}" y="${at[1]}" text-anchor="${anchor}"
          >${point.placement}</text
        >`,
    )}
  </svg>`;
}

function axisOf(measures: readonly PlaceMeasure[]): [number, number] {
  const values = measures.flatMap(({ value, interval }) => [
    value ?? 0,
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isShare = measures[0]?.unit === 'fraction';
  // Delays, bytes and money begin at nothing; a share of events need not.
  const from = isShare ? Math.max(0, low - 0.05) : 0;
  // Room above for names.
  return [from, high > from ? (isShare ? Math.min(1.15, high + 0.15) : high) : from + 1];
}

function cross({ x, y, isDominated }: Point, scales: Scales): Markup {
  const at = [scales.x(x.value ?? 0), scales.y(y.value ?? 0)] as const;
  const name = isDominated ? 'span dominated' : 'span';
  return html`${
    x.interval !== null &&
    html`<line class="${name}" x1="${scales.x(x.interval.low)}" x2="${scales.x(x.interval.high)}" y1="${at[1]}" y2="${at[1]}" />`
  }${
    y.interval !== null &&
    html`<line class="${name}" x1="${at[0]}" x2="${at[0]}" y1="${scales.y(y.interval.low)}" y2="${scales.y(y.interval.high)}" />`
  }`;
}

function dot({ x, y, isDominated }: Point, scales: Scales): Markup {
  return html`<circle
    class="point${isDominated && ' dominated'}"
    cx="${scales.x(x.value ?? 0)}"
    cy="${scales.y(y.value ?? 0)}"
    r="5"
  />`;
}

type Label = { point: Point; at: [number, number]; anchor: 'start' | 'end' };

/** Pixels below a point, in the order in which they are tried: above it, and below it where there is no room. */
const BESIDE = [-9, -9 - LINE, -9 - 2 * LINE, 18, 18 + LINE, 18 + 2 * LINE];

/** Beside their points, where they do not cover one another. */
function labels(points: readonly Point[], scales: Scales): Label[] {
  const placed: Label[] = [];
  for (const point of points.toSorted((a, b) => scales.x(a.x.value ?? 0) - scales.x(b.x.value ?? 0))) {
    const [x, y] = [scales.x(point.x.value ?? 0), scales.y(point.y.value ?? 0)];
    const isRight = x > WIDTH * 0.55;
    const tried = BESIDE.map((below): Label => {
      return { point, at: [isRight ? x + 4 : x - 4, y + below], anchor: isRight ? 'end' : 'start' };
    });
    const free = tried.find((label) => label.at[1] > TOP && !placed.some((other) => covers(label, other)));
    placed.push(free ?? { point, at: [x, y - 9], anchor: 'start' });
  }
  return placed;
}

function covers(one: Label, other: Label): boolean {
  const [a, b] = [extentOf(one), extentOf(other)];
  return Math.abs(one.at[1] - other.at[1]) < LINE && a.left < b.right && b.left < a.right;
}

/** About as wide as a letter of that size is. */
function extentOf({ point, at: [x], anchor }: Label): { left: number; right: number } {
  const width = point.placement.length * 6.8;
  return anchor === 'end' ? { left: x - width, right: x } : { left: x, right: x + width };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
