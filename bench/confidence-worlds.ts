/**
 * How far confidence can be trusted, in teams whose truth is known: `node bench/confidence-worlds.ts [replicates] [forecasts|one-site|sets|speed] [first]`
 * prints the tables of docs/measurements.md and draws docs/images/confidence-*.svg. Teams are numbered, and forecasts are of those from the first on.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeConfidence } from '../eval/confidence/judge-confidence.ts';
import { measureForecasts, measureNaming, measureOracle, type ForecastCell } from '../eval/confidence/measured-worlds.fixture.ts';
import { ORDINARY_WORLD, play, type Bench } from '../eval/confidence/worlds.fixture.ts';
import { drawLines, type Line } from './pictures/draw-lines.ts';

const replicates = Number(process.argv[2] ?? 200);
const only = process.argv[3];
const first = Number(process.argv[4] ?? 0);
const images = join(import.meta.dirname, '..', 'docs', 'images');
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/** After so many iterations it is looked whether the set was named by then. */
const WHEN = [10, 15, 20, 30, 40];
const LATEST = 40;

const BENCHES: readonly (readonly [string, readonly Bench[]])[] = [
  ['predictive', ['predictive']],
  ['useless', ['useless']],
  ['misleading', ['misleading']],
  ['four, one misleads', ['predictive', 'predictive', 'misleading', 'useless']],
];

if (only === undefined || only === 'forecasts') forecasts();
if (only === 'one-site') forecasts([1]);
if (only === undefined || only === 'sets') sets();
if (only === undefined || only === 'speed') speed();

function forecasts(places: readonly number[] = [1, 5, 50]): void {
  row(
    'bench',
    'sites',
    'iterations',
    'said measured',
    'Brier of these',
    "oracle's",
    'ratio',
    '90% intervals hold',
    'all: ratio',
    'all: hold',
  );
  row('---', '---', '---', '---', '---', '---', '---', '---', '---', '---');
  const drawn = new Map<string, [number, number][]>();
  for (const [name, benches] of BENCHES)
    for (const sites of places)
      for (const iterations of [5, 10, 20, 30, 50, 200, 500]) {
        const runs = Math.max(20, Math.round(replicates / (iterations > 100 || sites > 20 ? 5 : 1)));
        const { told, all, measured } = measureForecasts({ ...ORDINARY_WORLD, benches, sites }, iterations, runs, first);
        row(name, sites, iterations, percent(measured), ...columnsOf(told), ratio(all), percent(all.held / Math.max(1, all.n)));
        if (sites === 5) drawn.set(name, [...(drawn.get(name) ?? []), [iterations, all.brier / all.oracle]]);
      }
  if (!places.includes(5)) return;
  const lines: Line[] = [...drawn].map(([name, points]) => ({ name, points }));
  const axes = { x: 'iterations', y: "Brier score over the oracle's", bound: 1.1 };
  writeFileSync(join(images, 'confidence-brier.svg'), drawLines(lines, axes));
}

function columnsOf(cell: ForecastCell): (string | number)[] {
  if (cell.n === 0) return ['', '', '', ''];
  return [(cell.brier / cell.n).toFixed(3), (cell.oracle / cell.n).toFixed(3), ratio(cell), percent(cell.held / cell.n)];
}

function ratio({ brier, oracle, n }: ForecastCell): string {
  return n === 0 ? '' : (brier / oracle).toFixed(2);
}

function sets(): void {
  row('benches', 'sites', 'misleads: named by 10', 'by 15', 'by 20', 'by 30', 'by 40', 'wrongly named by 20', 'by 40');
  row('---', '---', '---', '---', '---', '---', '---', '---', '---');
  const lines: Line[] = [];
  const worlds: readonly (readonly [number, readonly Bench[]])[] = [
    [1, ['misleading']],
    [5, ['misleading']],
    [5, ['predictive', 'predictive', 'misleading', 'useless']],
    [20, ['predictive', 'misleading']],
    [5, ['useless']],
    [5, ['useless', 'useless', 'useless', 'predictive']],
    [5, ['predictive']],
  ];
  for (const [sites, benches] of worlds) {
    const { named, wrong } = measureNaming({ ...ORDINARY_WORLD, sites, benches }, LATEST, replicates);
    const by = (n: number) => named.filter((at) => at <= n).length / replicates;
    row(
      benches.join(', '),
      sites,
      ...WHEN.map((n) => (benches.includes('misleading') ? percent(by(n)) : '')),
      ...[20, 40].map((n) => percent(wrong.filter((at) => at <= n).length / replicates)),
    );
    if (sites === 1) {
      const told = measureOracle({ ...ORDINARY_WORLD, sites, benches }, LATEST, replicates);
      row('the same, an oracle', 1, ...WHEN.map((n) => percent(told.filter((at) => at <= n).length / replicates)), '', '');
    }
    if (!benches.includes('misleading')) continue;
    const points = Array.from({ length: LATEST - 4 }, (_, at): [number, number] => [at + 5, by(at + 5)]);
    lines.push({
      name: `${benches.length === 1 ? 'one bench' : `${benches.length} benches`}, ${sites} ${sites === 1 ? 'site' : 'sites'}`,
      points,
    });
  }
  const axes = { x: 'iterations', y: 'teams whose misleading set is named', bound: 0.9 };
  writeFileSync(join(images, 'confidence-misleading.svg'), drawLines(lines, axes));
}

function speed(): void {
  row('iterations', 'datasets', 'sites', 'seconds');
  row('---', '---', '---', '---');
  for (const [iterations, datasets, sites] of [
    [100, 4, 5],
    [10_000, 20, 50],
  ] as const) {
    const benches = Array.from({ length: datasets }, (_, at): Bench => (at % 3 === 2 ? 'misleading' : 'predictive'));
    const played = play({ ...ORDINARY_WORLD, benches, sites }, iterations, 1);
    const began = performance.now();
    judgeConfidence(played, { margin: 0.01, unit: 'fraction' });
    row(iterations, datasets, sites, ((performance.now() - began) / 1000).toFixed(2));
  }
}
