import { erring, type WorldResult } from './tally.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [860, 520, 70, 60, 30];
const PLOT = { right: 600, low: 0.7, high: 1 };
const COLOURS = ['#0b6e4f', '#c0392b', '#d98e04', '#7d3c98', '#2471a3', '#839192', '#34495e', '#a04000', '#117a65', '#5d6d7e'];

const x = (coverage: number) => LEFT + ((Math.max(PLOT.low, coverage) - PLOT.low) / (PLOT.high - PLOT.low)) * (PLOT.right - LEFT);
const y = (power: number) => HEIGHT - BOTTOM - power * (HEIGHT - BOTTOM - TOP);

/** Coverage against power: a dot for each method in each world; full where it holds. */
export function pictureOf(results: readonly WorldResult[]): string {
  const methods = [...new Set(results.flatMap(({ tallies }) => tallies.map(({ method }) => method)))];
  const dots = results.flatMap(({ world, tallies }) =>
    tallies.map((tally) => {
      const colour = COLOURS[methods.indexOf(tally.method) % COLOURS.length] ?? '#000';
      const fill = erring(tally) ? 'none' : colour;
      const at = `cx="${x(tally.holds).toFixed(1)}" cy="${y(tally.power).toFixed(1)}"`;
      const radius = methods.indexOf(tally.method) === 0 ? 6 : 4;
      return `<circle ${at} r="${radius}" fill="${fill}" stroke="${colour}" stroke-width="1.5" fill-opacity="0.75"><title>${tally.method}, ${world}: holds ${percent(tally.holds)}, passes ${percent(tally.power)}</title></circle>`;
    }),
  );
  const legend = methods.map((method, index) => {
    const top = TOP + 20 + index * 24;
    const colour = COLOURS[index % COLOURS.length] ?? '#000';
    return `<circle cx="${PLOT.right + 30}" cy="${top}" r="5" fill="${colour}"/><text x="${PLOT.right + 44}" y="${top + 4}">${method}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<rect x="${LEFT}" y="${TOP}" width="${x(0.885) - LEFT}" height="${HEIGHT - BOTTOM - TOP}" fill="#fbeeee"/>
${axes()}
${dots.join('\n')}
${legend.join('\n')}
<text x="${PLOT.right + 22}" y="${TOP + 44 + methods.length * 24}">full: errs in 5% at most</text>
<text x="${PLOT.right + 22}" y="${TOP + 64 + methods.length * 24}">hollow: errs more often</text>
</svg>
`;
}

function axes(): string {
  const ticks = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1].map(
    (at) => `<text x="${x(at)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${percent(at)}</text>`,
  );
  const lines = [0, 0.25, 0.5, 0.75, 1].map(
    (at) =>
      `<line x1="${LEFT}" x2="${PLOT.right}" y1="${y(at)}" y2="${y(at)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(at) + 4}" text-anchor="end">${percent(at)}</text>`,
  );
  return [
    ...lines,
    ...ticks,
    `<line x1="${x(0.9)}" x2="${x(0.9)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#555" stroke-dasharray="4 3"/>`,
    `<text x="${(LEFT + PLOT.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">how often the 90% interval holds the truth, where just the margin was lost</text>`,
    `<text transform="translate(18 ${(HEIGHT - BOTTOM + TOP) / 2}) rotate(-90)" text-anchor="middle">how often no change passes</text>`,
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
