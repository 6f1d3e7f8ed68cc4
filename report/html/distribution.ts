import { max, min, quantileSorted } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { LatencyReport } from '../documents/check-report.ts';
import { formatMilliseconds, UNKNOWN } from '../format.ts';
import { densityOf, densityPath } from './density.ts';
import { html, type Markup } from './template.ts';

/** Heights in pixels: a label's line, one density, the axis with its numbers. */
const LABEL = 24;
const HALF = 60;
const AXIS = 26;

type Side = 'candidate' | 'baseline';

/** The candidate above the line, the baseline mirrored below it. */
export function distribution({ chipset, candidate, baseline }: LatencyReport): Markup {
  if (candidate.length < 2) return html`<p class="muted">Too few samples to draw: the distribution is unknown.</p>`;
  const below = baseline === null || baseline.length < 2 ? null : baseline;
  const { paths, scale } = drawDensities(candidate, below);
  const at = (value: number) => `${Number(scale(value).toFixed(2))}%`;
  const middle = LABEL + HALF;
  const bottom = below === null ? middle : middle + HALF + LABEL;
  const words = `Latency on ${chipset}: candidate ${percentileWords(candidate)}; baseline ${below === null ? UNKNOWN : percentileWords(below)}`;
  const ticks = scale
    .ticks(6)
    .filter((tick) => scale(tick) > 4 && scale(tick) < 96)
    .map(
      (tick) =>
        html`<line class="tick" x1="${at(tick)}" x2="${at(tick)}" y1="${bottom}" y2="${bottom + 5}" /><text
            x="${at(tick)}"
            y="${bottom + 19}"
            text-anchor="middle"
            >${tick} ms</text
          >`,
    );
  return html`<svg class="latency" height="${bottom + AXIS}" role="img" aria-label="${words}">
      <title>${words}</title>
      <svg y="${LABEL}" width="100%" height="${2 * HALF}" viewBox="0 -1 100 2" preserveAspectRatio="none">${paths}</svg>
      <line class="zero" x2="100%" y1="${middle}" y2="${middle}" />
      ${percentileMarks(candidate, at, 'candidate')}${below !== null && percentileMarks(below, at, 'baseline')} ${ticks}
      <line class="tick" x2="100%" y1="${bottom + 0.5}" y2="${bottom + 0.5}" />
    </svg>
    <p class="key">
      <span class="candidate">candidate, above</span>
      ${below === null ? html`<span class="muted">no baseline</span>` : html`<span class="baseline">baseline, below</span>`}
      <span class="muted">solid p50, dashed p95</span>
    </p>`;
}

/** Both on one scale, which ends a little beyond the higher p99: a single stall would press all else to the left. */
function drawDensities(above: readonly number[], below: readonly number[] | null) {
  const series = below === null ? [above] : [above, below];
  const low = min(series, (points) => points[0]) ?? 0;
  const high = max(series, (points) => quantileSorted([...points], 0.99)) ?? 1;
  const pad = (high - low) * 0.15 || low * 0.1 || 1;
  const domain = [Math.max(0, low - pad), high + pad] as const;
  const densities = series.map((points) => densityOf(points, domain));
  const tallest = max(densities.flat(), ([, height]) => height) ?? 1;
  const paths = densities.map(
    (density, side) =>
      html`<path class="${side === 0 ? 'candidate' : 'baseline'}" d="${densityPath(density, tallest, side === 1)}" />`,
  );
  return { paths, scale: scaleLinear([...domain], [0, 100]).clamp(true) };
}

/** The label of p50 stands left of its line and that of p95 right of it, so that they never meet. */
function percentileMarks(points: readonly number[], at: (value: number) => string, side: Side): Markup {
  const middle = LABEL + HALF;
  const [from, to, label] =
    side === 'candidate' ? [LABEL - 4, middle, LABEL - 9] : [middle, middle + HALF + 4, middle + HALF + 17];
  const lines = [0.5, 0.95].map((p) => {
    const value = quantileSorted([...points], p);
    if (value === undefined) return null;
    const [anchor, shift] = p === 0.5 ? ['end', 3] : ['start', -3];
    const name = `p${p * 100} ${formatMilliseconds(value)}`;
    return html`<line class="${side} p${p * 100}" x1="${at(value)}" x2="${at(value)}" y1="${from}" y2="${to}" /><text
        class="${side}"
        x="${at(value)}"
        y="${label}"
        dx="${shift}"
        text-anchor="${anchor}"
        >${name}</text
      >`;
  });
  return html`${lines}`;
}

function percentileWords(points: readonly number[]): string {
  return [0.5, 0.95].map((p) => `p${p * 100} ${formatMilliseconds(quantileSorted([...points], p) ?? null)}`).join(', ');
}
