/**
 * What judging costs as there is more: time and peak memory for 1,000 to 1,000,000 trials, each in a process of its own.
 *
 *     node bench/cost.ts                   the table, and docs/images/cost.svg
 *     node bench/cost.ts gain <clusters>   the statistics alone: one interval of a gain over so many clusters
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { estimateGain } from '../eval/stats/gain.ts';
import { random } from '../eval/stats/rng.ts';
import { simulateScenes } from '../eval/stats/simulated-scenes.fixture.ts';

const SIZES = [1000, 10_000, 100_000, 1_000_000];
/** Of a whole gate on pictures, and of what is a function of all trials, which is drawn 2,000 times. */
const KINDS = ['the statistics alone', 'top1', 'auroc'] as const;
const MOST_DRAWN = 100_000;
/** Seconds below which nothing is drawn: a whole gate is told to a tenth of one. */
const LEAST_TOLD = 0.01;

type Cost = { kind: string; trials: number; seconds: number; mebibytes: number };

function gain(clusters: number): void {
  const world = { clusters, sizes: { kind: 'lognormal', sigma: 1 }, lost: 0.02, growth: 0, share: 1, churn: 0.02 } as const;
  const paired = simulateScenes(world, true, random(1));
  const before = process.resourceUsage().maxRSS;
  const begun = performance.now();
  estimateGain(paired, { kind: 'bounded', range: 1 });
  const seconds = (performance.now() - begun) / 1000;
  const more = (process.resourceUsage().maxRSS - before) / 1024;
  console.log(`${seconds.toFixed(4)} s, peak ${more.toFixed(0)} MiB`);
}

function measure(kind: (typeof KINDS)[number], trials: number): Cost {
  const own = join(import.meta.dirname, 'cost.ts');
  const many = join(import.meta.dirname, 'million-trials.ts');
  const args = kind === 'the statistics alone' ? [own, 'gain', String(trials)] : [many, String(trials), kind];
  const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { encoding: 'utf8' });
  const [, seconds, mebibytes] = /([\d.]+) s, peak (\d+) MiB/.exec(done.stdout) ?? [];
  if (seconds === undefined || mebibytes === undefined) throw new Error(done.stderr);
  return { kind, trials, seconds: Math.max(LEAST_TOLD, Number(seconds)), mebibytes: Number(mebibytes) };
}

const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [860, 340, 60, 40, 70];
const PANEL = (WIDTH - 2 * LEFT - GAP) / 2;
const COLOURS = ['#0b6e4f', '#2471a3', '#c0392b'];

/** Two panels, both axes logarithmic: what grows in proportion is a line as steep as the dashed one. */
function draw(costs: readonly Cost[]): string {
  const panels = (
    [
      ['seconds', 'seconds', [0.0001, 1000]],
      ['mebibytes', 'MiB at the peak', [1, 10_000]],
    ] as const
  ).map(([key, title, [least, most]], panel) => {
    const left = LEFT + panel * (PANEL + GAP);
    const x = (trials: number) => left + (Math.log10(trials / 1000) / 3) * PANEL;
    const y = (value: number) =>
      HEIGHT - 50 - (Math.log10(Math.max(least, value) / least) / Math.log10(most / least)) * (HEIGHT - 50 - TOP);
    const lines = KINDS.map((kind, at) => {
      const own = costs.filter((cost) => cost.kind === kind);
      const points = own.map((cost) => `${x(cost.trials).toFixed(1)},${y(cost[key]).toFixed(1)}`);
      const dots = points.map(
        (point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="4" fill="${COLOURS[at]}"/>`,
      );
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${COLOURS[at]}" stroke-width="2"/>${dots.join('')}`;
    });
    const ticks = Array.from({ length: Math.log10(most / least) + 1 }, (_, power) => least * 10 ** power).map(
      (value) =>
        `<line x1="${left}" x2="${left + PANEL}" y1="${y(value)}" y2="${y(value)}" stroke="#e5e5e5"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${Number(value.toPrecision(1))}</text>`,
    );
    const sizes = SIZES.map(
      (size) => `<text x="${x(size)}" y="${HEIGHT - 30}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    );
    const linear = `<line x1="${x(1000)}" y1="${y(least * 5)}" x2="${x(1_000_000)}" y2="${y(Math.min(most, least * 5000))}" stroke="#999" stroke-dasharray="5 4"/>`;
    return [`<text x="${left}" y="${TOP - 14}" font-weight="600">${title}</text>`, ...ticks, ...sizes, linear, ...lines].join(
      '\n',
    );
  });
  const legend = KINDS.map(
    (kind, at) =>
      `<circle cx="${LEFT + at * 190}" cy="${HEIGHT - 8}" r="5" fill="${COLOURS[at]}"/><text x="${LEFT + 12 + at * 190}" y="${HEIGHT - 4}">${kind}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
${legend.join('\n')}
</svg>
`;
}

function main(): void {
  const row = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
  row('what is judged', ...SIZES.map((size) => `${size.toLocaleString('en')} trials`));
  row('---', ...SIZES.map(() => '---'));
  const costs: Cost[] = [];
  for (const kind of KINDS) {
    const own = SIZES.filter((size) => kind !== 'auroc' || size <= MOST_DRAWN).map((size) => measure(kind, size));
    costs.push(...own);
    row(
      kind,
      ...SIZES.map((size) => own.find(({ trials }) => trials === size)).map((cost) =>
        cost === undefined ? '' : `${cost.seconds} s, ${cost.mebibytes} MiB`,
      ),
    );
  }
  writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs', 'images', 'cost.svg'), draw(costs));
}

const [mode, clusters] = process.argv.slice(2);
if (mode === 'gain') gain(Number(clusters));
else main();
