import { excessOf, fewest, isEnough } from './enough.ts';
import { fitField } from './fit-field.ts';
import { forecastOf, forecastParts, type FieldFit } from './forecast.ts';
import { judgeSets } from './judge-sets.ts';
import { chanceOfMisleading } from './naming-oracle.fixture.ts';
import { trueGains } from './research-gains.ts';
import { ordinaryGain } from './scales.ts';
import { play, type Played, type World } from './worlds.fixture.ts';

/** Sums over forecasts of releases that were not learned from; `held`: how many 90% intervals held the true gain. */
export type ForecastCell = { brier: number; oracle: number; held: number; n: number };

const MARGIN = 0.01;
const SCALE = ordinaryGain('fraction');
const ASKED = 12;
const MOST_SITES = 6;

/**
 * Teams play so many iterations, and the next twelve are foretold site by site. `told`: of sites of which enough is known to say so;
 * `all`: of all; `measured`: the share of the first among the second. Other teams play from another `first`.
 */
export function measureForecasts(
  world: World,
  iterations: number,
  teams: number,
  first = 0,
): { told: ForecastCell; all: ForecastCell; measured: number } {
  const [told, all]: [ForecastCell, ForecastCell] = [empty(), empty()];
  for (let seed = first; seed < first + teams; seed += 1) {
    const played = play(world, iterations + ASKED, 10_000 * iterations + seed);
    const fit = fitField(played.slice(0, iterations), 'fraction');
    const last = fit.design.data.rows.slice(-ASKED).map(({ research }) => research);
    const asked = played.slice(iterations);
    for (let site = 0; site < Math.min(world.sites, MOST_SITES); site += 1) {
      const few = fewest({ places: world.sites, sets: world.benches.length });
      const enough = iterations >= few && isEnough(excessOf(fit, last, MARGIN, site));
      for (const one of asked) {
        const row = scored(fit, one, site);
        add(all, row);
        if (enough) add(told, row);
      }
    }
  }
  return { told, all, measured: told.n / all.n };
}

function scored(fit: FieldFit, one: Played, site: number): ForecastCell {
  const research = trueGains(fit.design.data.research, new Map(one.research.map(({ set, gain }) => [set, gain])));
  const { gain, probability } = forecastOf(forecastParts(fit, research, site), MARGIN, SCALE);
  const truth = one.truth[site] ?? 0;
  const came = Number(truth > -MARGIN);
  return {
    brier: (probability - came) ** 2,
    oracle: ((one.oracle(MARGIN)[site] ?? 0) - came) ** 2,
    held: Number(gain.interval.low <= truth && truth <= gain.interval.high),
    n: 1,
  };
}

/** After how many iterations a misleading set was first named (one for each team where it was), and another (one for each where it was). */
export function measureNaming(world: World, iterations: number, teams: number): { named: number[]; wrong: number[] } {
  const named: number[] = [];
  const wrong: number[] = [];
  for (let seed = 0; seed < teams; seed += 1) {
    const played = play(world, iterations, 70_000 + seed);
    let [first, mistaken] = [0, 0];
    for (let seen = 5; seen <= iterations; seen += 1) {
      const misleading = judgeSets(fitField(played.slice(0, seen), 'fraction')).flatMap(({ verdict }, at) =>
        verdict === 'misleads' ? [world.benches[at]] : [],
      );
      if (first === 0 && misleading.includes('misleading')) first = seen;
      if (mistaken === 0 && misleading.some((bench) => bench !== 'misleading')) mistaken = seen;
    }
    if (first > 0) named.push(first);
    if (mistaken > 0) wrong.push(mistaken);
  }
  return { named, wrong };
}

/** After how many iterations an oracle that knows all but the team names the set, as sure as a verdict has to be. */
export function measureOracle(world: World, iterations: number, teams: number): number[] {
  return Array.from({ length: teams }, (_, seed) => {
    const played = play(world, iterations, 70_000 + seed);
    const seen = Array.from({ length: iterations - 5 }, (_each, at) => at + 6);
    return seen.find((n) => chanceOfMisleading(world, played.slice(0, n)) > 0.95) ?? 0;
  }).filter((first) => first > 0);
}

function empty(): ForecastCell {
  return { brier: 0, oracle: 0, held: 0, n: 0 };
}

function add(cell: ForecastCell, row: ForecastCell): void {
  cell.brier += row.brier;
  cell.oracle += row.oracle;
  cell.held += row.held;
  cell.n += row.n;
}
