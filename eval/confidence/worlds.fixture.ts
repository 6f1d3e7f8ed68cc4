import { random, type Random } from '../stats/rng.ts';
import type { FieldGain, Iteration, MeasuredGain, ResearchGain } from './iteration.ts';

/** How a bench set is related to what a change is worth in the field: its gains rise with it, do not care, or fall. */
export type Bench = 'predictive' | 'useless' | 'misleading';

/** A team whose truth is known: all in fractions, as recall is. */
export type World = {
  benches: readonly Bench[];
  sites: number;
  /** Standard deviation over iterations of what a change is worth. */
  worth: number;
  /** Of one iteration beside that, of one iteration at one site, and of sites: of their offset, and of their slope. */
  iteration: number;
  visit: number;
  offset: number;
  slope: number;
  /** Standard errors of measured gains. */
  researchError: number;
  fieldError: number;
};

export const ORDINARY_WORLD: World = {
  benches: ['predictive'],
  sites: 5,
  worth: 0.04,
  iteration: 0.012,
  visit: 0.012,
  offset: 0.01,
  slope: 0.25,
  researchError: 0.008,
  fieldError: 0.025,
};

/** True gain of each site, and the chance (of whoever knows the world) that it is above minus a margin. */
export type Played = Iteration & { truth: readonly number[]; oracle: (margin: number) => readonly number[] };

export const LOADING = { predictive: 1, useless: 0, misleading: -1 } as const;
/** Of a bench set's own, beside what it shares with the field. */
export const OWN = 0.015;
/** What changes are worth on average: teams do not work for nothing. */
export const PROGRESS = 0.01;

/** Plays so many iterations of a world, one after another; the same seed gives the same team. */
export function play(world: World, iterations: number, seed: number): Played[] {
  const next = normals(random(seed));
  const pool = { offset: 0.01 * next(), slope: 0.8 + 0.2 * next() };
  const sites = Array.from({ length: world.sites }, () => ({
    offset: pool.offset + world.offset * next(),
    slope: pool.slope * (1 + world.slope * next()),
  }));
  return Array.from({ length: iterations }, (_, index) => iterate(world, sites, index, next));
}

function iterate(world: World, sites: readonly { offset: number; slope: number }[], index: number, next: () => number): Played {
  const worth = PROGRESS + world.worth * next();
  const own = world.iteration * next();
  const benches = world.benches.map((bench) => {
    const spread = bench === 'useless' ? world.worth : OWN;
    return { bench, seen: LOADING[bench] * worth + spread * next() + world.researchError * next() };
  });
  const truth = sites.map(({ offset, slope }) => offset + slope * worth + own + world.visit * next());
  const measured = (value: number, error: number): MeasuredGain => ({ value, error });
  const research = benches.map(({ seen }, at): ResearchGain => ({
    set: `bench-${at}`,
    unit: 'fraction',
    gain: measured(seen, world.researchError),
  }));
  const field = truth.map((gain, site): FieldGain => ({
    site: `site-${String(site).padStart(2, '0')}`,
    chipset: 'edge',
    on: 'recorded',
    gain: measured(gain + world.fieldError * next(), world.fieldError),
  }));
  return {
    release: `release-${index}`,
    at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
    shipped: true,
    research,
    predicted: null,
    realised: null,
    field,
    truth,
    oracle: (margin) => oracle(world, sites, benches, margin),
  };
}

/** Worth given all benches (a normal), then the chance at each site. */
function oracle(
  world: World,
  sites: readonly { offset: number; slope: number }[],
  benches: readonly { bench: Bench; seen: number }[],
  margin: number,
): number[] {
  let [precision, pull] = [1 / world.worth ** 2, PROGRESS / world.worth ** 2];
  for (const { bench, seen } of benches) {
    const loading = LOADING[bench];
    const own = 1 / (OWN ** 2 + world.researchError ** 2);
    precision += loading ** 2 * own;
    pull += loading * seen * own;
  }
  const [mean, variance] = [pull / precision, 1 / precision];
  return sites.map(({ offset, slope }) => {
    const sd = Math.sqrt(slope ** 2 * variance + world.iteration ** 2 + world.visit ** 2);
    return cdf((offset + slope * mean + margin) / sd);
  });
}

export function normals(next: Random): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** The standard normal's, by Zelen and Severo's 26.2.17: seven digits, with nothing in common with the code under test. */
function cdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z > 0 ? 1 - tail : tail;
}
