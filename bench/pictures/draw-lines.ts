import { extent } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';

export type Line = { name: string; points: readonly (readonly [number, number])[] };

const [WIDTH, HEIGHT] = [720, 360];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 190, 20, 48];
const COLOURS = ['#1f6feb', '#b35900', '#8250df', '#1a7f37', '#cf222e'];

/** Lines over a logarithmic axis, each named at its end; `bound`: a height that is drawn through. */
export function drawLines(lines: readonly Line[], { x, y, bound }: { x: string; y: string; bound: number }): string {
  const points = lines.flatMap((one) => one.points);
  const [from = 1, to = 10] = extent(points, ([at]) => at);
  const [low = 0, high = 1] = extent([...points.map(([, value]) => value), bound]);
  const across = scaleLog([from, to], [LEFT, WIDTH - RIGHT]);
  const up = scaleLinear([low, high], [HEIGHT - BOTTOM, TOP]).nice();
  const path = line<readonly [number, number]>(
    ([at]) => across(at),
    ([, value]) => up(value),
  );
  const ticks = up
    .ticks(6)
    .map(
      (tick) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(tick)}" y2="${up(tick)}" stroke="#8884"/><text x="${LEFT - 8}" y="${up(tick) + 4}" text-anchor="end">${Number(tick.toFixed(3))}</text>`,
    );
  const marks = [...new Set(lines[0]?.points.map(([at]) => at) ?? [])].filter((_, at, all) => all.length < 9 || at % 5 === 0);
  const below = marks.map((at) => `<text x="${across(at)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${at}</text>`);
  const names = apart(lines.map((one) => up(one.points.at(-1)?.[1] ?? low)));
  const drawn = lines.map((one, at) => {
    const colour = COLOURS[at % COLOURS.length] ?? '#000';
    return `<path d="${path(one.points) ?? ''}" fill="none" stroke="${colour}" stroke-width="2"/><text x="${WIDTH - RIGHT + 8}" y="${(names[at] ?? 0) + 4}" fill="${colour}">${one.name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#57606a" role="img" aria-label="${y} by ${x}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${[...ticks, ...below].join('\n')}
<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(bound)}" y2="${up(bound)}" stroke="#57606a" stroke-dasharray="4 4"/>
${drawn.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${x}</text>
<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${y}</text>
</svg>
`;
}

/** Heights at least a line apart, in their order. */
function apart(heights: readonly number[]): number[] {
  const order = heights.map((height, at) => ({ height, at })).toSorted((a, b) => a.height - b.height);
  let last = -Infinity;
  const placed = [...heights];
  for (const { height, at } of order) {
    last = Math.max(height, last + 15);
    placed[at] = last;
  }
  return placed;
}
