/**
 * Which intervals hold where field data are worst: Fieldproof's, those weighed beside it, and physim-gate's, in the same simulated worlds.
 *
 *     node bench/interval-methods.ts [replicates] [world]    one world, or all that were not run yet
 *     node bench/interval-methods.ts tables                  the tables of docs/measurements.md and docs/images/interval-methods.svg
 *
 * Of worlds of more than 200 clips, methods that draw samples are asked in fewer replicates; physim-gate in the first 120. What was run is kept in
 * .fieldproof/interval-methods.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { estimateGain } from '../eval/stats/gain.ts';
import { summarise, type PairedClusters } from '../eval/stats/paired-clusters.ts';
import { random } from '../eval/stats/rng.ts';
import { lossOf, simulateScenes } from '../eval/stats/simulated-scenes.fixture.ts';
import { METHODS, OURS, type Method } from './intervals/methods.ts';
import { pictureOf } from './intervals/picture.ts';
import { pythonWith } from '../testing/python-peers.ts';
import { erring, tallyOf, type Tally, type WorldResult } from './intervals/tally.ts';
import { WORLDS, type NamedWorld } from './intervals/worlds.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.fieldproof', 'interval-methods');
const PEERS = ['physim-gate==0.4.0'];
const [OF_DEAR, OF_PEERS] = [1000, 120];

type Pair = { edge: PairedClusters; none: PairedClusters };

/** @param asked which methods: those that take no time, those that draw samples and physim-gate, or all */
function judge(world: NamedWorld, replicates: number, asked: 'quick' | 'slow'): WorldResult {
  const margin = lossOf(world);
  const next = random(1);
  const pairs = Array.from({ length: asked === 'quick' ? replicates : Math.min(replicates, OF_DEAR) }, () => ({
    edge: simulateScenes(world, true, next),
    none: simulateScenes(world, false, next),
  }));
  const effective = pairs.reduce((sum, { edge }) => sum + effectiveOf(edge), 0) / pairs.length;
  const own = METHODS.filter(({ dear }) => dear === (asked === 'slow')).map((method) => tally(method, margin, pairs));
  const others = asked === 'quick' ? [] : peers(margin, pairs.slice(0, fewer(OF_PEERS, pairs)));
  return { world: world.name, margin, effective, tallies: [...own, ...others] };
}

/** Of large worlds fewer: what draws samples takes time in proportion to the clusters. */
function fewer(most: number, pairs: readonly Pair[]): number {
  return Math.ceil(most * Math.min(1, 200 / (pairs[0]?.edge.weights.length ?? 1)));
}

function effectiveOf(clusters: PairedClusters): number {
  const { weight, size } = summarise(clusters);
  return weight / size;
}

function tally({ name, dear, of }: Method, margin: number, pairs: readonly Pair[]): Tally {
  const asked = dear ? pairs.slice(0, fewer(OF_DEAR, pairs)) : pairs;
  return tallyOf(
    name,
    margin,
    asked.map(({ edge, none }, seed) => ({
      edge: of(edge, seed),
      none: of(none, seed),
      insufficient: name === OURS && isInsufficient(none, margin),
    })),
  );
}

function isInsufficient(clusters: PairedClusters, margin: number): boolean {
  const estimate = estimateGain(clusters, { kind: 'bounded', range: 1 });
  return estimate === null || estimate.interval === null || estimate.agreeing(1).low <= -margin;
}

function peers(margin: number, pairs: readonly Pair[]): Tally[] {
  const ask = pythonWith('bench-intervals', PEERS);
  const line = ({ gained, lost, weights }: PairedClusters) =>
    JSON.stringify({ gained: [...gained], lost: [...lost], weights: [...weights] });
  const answers = ask(
    join(import.meta.dirname, 'intervals/peers.py'),
    [],
    pairs.flatMap(({ edge, none }) => [line(edge), line(none)]),
  ).map((text) => JSON.parse(text) as [[number, number], [number, number]]);
  const intervalOf = (row: number, way: 0 | 1) => {
    const [low, high] = answers[row]?.[way] ?? [Number.NaN, Number.NaN];
    return { low, high };
  };
  return (['physim-gate, an event a trial', 'physim-gate, a clip a trial'] as const).map((name, way) =>
    tallyOf(
      name,
      margin,
      pairs.map((_, index) => ({
        edge: intervalOf(2 * index, way === 0 ? 0 : 1),
        none: intervalOf(2 * index + 1, way === 0 ? 0 : 1),
      })),
    ),
  );
}

const fileOf = (world: NamedWorld, asked: 'quick' | 'slow') =>
  join(folder, `${asked} ${world.name}.json`.replaceAll(/[ ,]+/g, '-'));

function runAll(replicates: number, wanted: string | undefined): void {
  mkdirSync(folder, { recursive: true });
  for (const asked of ['quick', 'slow'] as const) {
    for (const world of WORLDS) {
      if (wanted === undefined ? existsSync(fileOf(world, asked)) : world.name !== wanted) continue;
      const begun = performance.now();
      writeFileSync(fileOf(world, asked), JSON.stringify(judge(world, replicates, asked)));
      console.error(`${world.name}, ${asked}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    }
  }
}

/** What was run of a world: the methods that take no time first. */
function resultOf(world: NamedWorld): WorldResult[] {
  const read = (asked: 'quick' | 'slow') => {
    const file = fileOf(world, asked);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as WorldResult) : null;
  };
  const [quick, slow] = [read('quick'), read('slow')];
  return quick === null ? [] : [{ ...quick, tallies: [...quick.tallies, ...(slow?.tallies ?? [])] }];
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const row = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);

function tables(): void {
  const results = WORLDS.flatMap(resultOf);
  row(
    'world',
    'like so many equal',
    'margin',
    'passes at the margin',
    'fails at the margin',
    'holds',
    'passes, no change',
    'insufficient',
    'best that holds',
  );
  row(...Array.from({ length: 9 }, () => '---'));
  for (const { world, margin, effective, tallies } of results) {
    const [ours, ...others] = tallies;
    if (ours === undefined) continue;
    const best = others.filter((other) => !erring(other)).toSorted((a, b) => b.power - a.power)[0];
    const beside = best === undefined ? 'none' : `${percent(best.power)} (${best.method})`;
    row(
      world,
      effective.toFixed(0),
      percent(margin),
      percent(ours.falsePass),
      percent(ours.falseFail),
      percent(ours.holds),
      percent(ours.power),
      percent(ours.insufficient),
      beside,
    );
  }
  console.log('\nPasses at the margin / passes without a change; in bold what errs more often than in 5%.\n');
  const names = [...new Set(results.flatMap(({ tallies }) => tallies.map(({ method }) => method)))];
  const of = ({ tallies }: WorldResult, name: string) => tallies.find(({ method }) => method === name);
  row('world', ...names);
  row(...Array.from({ length: names.length + 1 }, () => '---'));
  for (const result of results) row(result.world, ...names.map((name) => cellOf(of(result, name))));
  const counted = names.map((name) => results.flatMap((result) => of(result, name) ?? []));
  row('worlds in which it errs', ...counted.map((own) => `${own.filter(erring).length} of ${own.length}`));
  writeFileSync(join(root, 'docs', 'images', 'interval-methods.svg'), pictureOf(results));
}

function cellOf(told: Tally | undefined): string {
  if (told === undefined) return '';
  const passes = percent(told.falsePass);
  return `${erring(told) ? `**${passes}**` : passes} / ${percent(told.power)}`;
}

const [first = '4000', second] = process.argv.slice(2);
if (first === 'tables') tables();
else runAll(Number(first), second);
