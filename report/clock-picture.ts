import { scaleLinear, scaleLog } from 'd3-scale';
import type { ClockReport } from './documents/clock-report.ts';
import { formatSpan } from './format-span.ts';
import { html, type Markup } from './html/template.ts';

const [WIDTH, LEFT, RIGHT] = [880, 150, 130];
const ROW = 70;
const BAR = 22;
const TICKS = [60, 3600, 24 * 3600, 7 * 24 * 3600, 30 * 24 * 3600, 182 * 24 * 3600];
const FILL = { work: '#1f6feb', wait: '#9a6700', gap: '#8c959f' } as const;

/**
 * Traditional beside containerised: every release as a dot on one axis of time, the median of each side as a line; below, the last
 * iterations cut into work, waits and gaps. A whole SVG, on white, for a page or a slide.
 */
export function drawClock(report: ClockReport): string {
  const lives = report.iterations.filter(({ elapsed }) => elapsed > 0).slice(-8);
  const ended = report.iterations
    .filter(({ state }) => state === 'field-verified' || state === 'landed')
    .map(({ elapsed }) => elapsed);
  const sides = [
    ...(report.before === null
      ? []
      : [
          {
            name: 'before',
            seconds: report.before.releases.map(({ seconds }) => seconds),
            median: report.before.durations?.median,
          },
        ]),
    { name: 'with Fieldproof', seconds: ended, median: report.clock.durations?.median },
  ];
  const all = sides.flatMap(({ seconds }) => seconds.filter((each) => each > 0));
  const across = scaleLog([Math.max(1, Math.min(...all, 3600)) / 1.5, Math.max(...all, 24 * 3600) * 1.5], [LEFT, WIDTH - RIGHT]);
  const below = 30 + sides.length * ROW;
  const height = below + 50 + lives.length * (BAR + 8) + 34;
  const words = `How long releases took: ${sides.map(({ name, median }) => `${name} ${median === undefined ? 'unknown' : formatSpan(median)}`).join(', ')}`;
  const drawn = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${height}"
    width="${WIDTH}"
    height="${height}"
    font-family="system-ui, sans-serif"
    font-size="12"
    fill="#24292f"
    role="img"
    aria-label="${words}"
  >
    <title>${words}</title>
    <rect width="${WIDTH}" height="${height}" fill="#ffffff" />
    ${axis(across, below)} ${sides.map((side, at) => sideOf(side, at, across))}
    <text x="16" y="${below + 34}" font-weight="600">where the time of the last went</text>
    ${lives.map((life, at) => lifeOf(life, below + 46 + at * (BAR + 8)))} ${key(height - 12)}
  </svg>`;
  return `${drawn.text}\n`;
}

type Scale = (seconds: number) => number;

function axis(across: ReturnType<typeof scaleLog>, bottom: number): Markup {
  const [from = 0, to = 0] = across.domain();
  const ticks = TICKS.filter((tick) => tick >= from && tick <= to);
  return html`${ticks.map((tick) => html`<line x1="${Number(across(tick))}" x2="${Number(across(tick))}" y1="20" y2="${bottom - 14}" stroke="#d0d7de" /><text x="${Number(across(tick))}" y="${bottom}" text-anchor="middle" fill="#57606a">${formatSpan(tick)}</text>`)}`;
}

function sideOf(
  { name, seconds, median }: { name: string; seconds: readonly number[]; median: number | undefined },
  at: number,
  across: Scale,
): Markup {
  const middle = 30 + at * ROW + ROW / 2 - 8;
  const colour = name === 'before' ? '#8c959f' : '#1a7f37';
  const dots = seconds.map(
    (each, index) =>
      html`<circle
        cx="${across(Math.max(1, each))}"
        cy="${middle + ((index * 7) % 17) - 8}"
        r="4"
        fill="${colour}"
        fill-opacity="0.6"
      />`,
  );
  const line =
    median === undefined || median <= 0
      ? null
      : html`<line
          x1="${across(median)}"
          x2="${across(median)}"
          y1="${middle - 18}"
          y2="${middle + 18}"
          stroke="${colour}"
          stroke-width="2"
        />`;
  const words = median === undefined ? 'none yet' : `median ${formatSpan(median)}`;
  return html`<text x="16" y="${middle - 2}" font-weight="600">${name}</text
    ><text x="16" y="${middle + 14}" fill="#57606a">${words}, n = ${seconds.length}</text>${dots}${line}`;
}

function lifeOf({ head, state, elapsed, spans }: ClockReport['iterations'][number], top: number): Markup {
  const along = scaleLinear([0, elapsed], [LEFT, WIDTH - RIGHT]);
  let passed = 0;
  const cells = spans.map(({ kind, name, seconds }) => {
    const from = along(passed);
    passed += seconds;
    const width = along(passed) - from;
    const label =
      width > name.length * 7 ? html`<text x="${from + 4}" y="${top + 15}" fill="#ffffff" font-size="11">${name}</text>` : null;
    return html`<rect x="${from}" y="${top}" width="${Math.max(0.5, width - 1)}" height="${BAR}" fill="${FILL[kind]}"
        ><title>${name}: ${formatSpan(seconds)}</title></rect
      >${label}`;
  });
  return html`<text x="16" y="${top + 15}">${head.slice(0, 7)} <tspan fill="#57606a">${state}</tspan></text
    >${cells}<text x="${WIDTH - RIGHT + 8}" y="${top + 15}">${formatSpan(elapsed)}</text>`;
}

function key(y: number): Markup {
  const entries = [
    ['work', 'work'],
    ['wait', 'wait'],
    ['gap', 'not known'],
  ] as const;
  return html`${entries.map(([kind, name], at) => html`<rect x="${LEFT + at * 110}" y="${y - 10}" width="12" height="12" fill="${FILL[kind]}" /><text x="${LEFT + 18 + at * 110}" y="${y}">${name}</text>`)}`;
}
