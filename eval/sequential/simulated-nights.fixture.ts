import { nightRecall, nightValues, SHIFT_SIGNALS, type ClipOfNight, type LabelledClip } from '../replay/night-values.ts';
import type { Random } from '../stats/rng.ts';
import type { Step } from './follow.ts';
import type { NightRecall } from './recall-watch.ts';
import type { NightValues } from './shift-watch.ts';

/** Nights of several sites in which the truth is known. Nights differ from each other (weather, traffic), clips within them less. */
export type NightWorld = {
  sites: number;
  nights: number;
  clipsPerNight: number;
  labelledPerNight: number;
  /** True recall at every site; the site of index 0 has `recallAfter` from night `changeAt` on. */
  recall: number;
  recallAfter: number;
  /** By how much a night's recall differs from the site's (standard deviation). */
  recallBetweenNights: number;
  /** Factor on the event rate, and points off the mean score, at site 0 from night `changeAt` on. */
  rateAfter: number;
  scoreDrop: number;
  changeAt: number;
};

export const quietWorld: NightWorld = {
  sites: 4,
  nights: 120,
  clipsPerNight: 24,
  labelledPerNight: 10,
  recall: 0.9,
  recallAfter: 0.9,
  recallBetweenNights: 0.03,
  rateAfter: 1,
  scoreDrop: 0,
  changeAt: Number.POSITIVE_INFINITY,
};

export type SimulatedNights = { units: string[]; sites: string[]; shift: Step<NightValues>[]; recall: Step<NightRecall>[] };

export function simulateNights(world: NightWorld, next: Random): SimulatedNights {
  const sites = Array.from({ length: world.sites }, (_, index) => `site-${index + 1}`);
  const nights: SimulatedNights = {
    units: sites.flatMap((site) => SHIFT_SIGNALS.map((signal) => `${site} ${signal}`)),
    sites,
    shift: [],
    recall: [],
  };
  for (let index = 0; index < world.nights; index += 1) {
    for (const [number, site] of sites.entries()) {
      const changed = number === 0 && index >= world.changeAt;
      const { clips, labelled } = simulateNight(world, changed, next);
      const step = { night: String(index), release: 'one' };
      for (const signal of SHIFT_SIGNALS)
        nights.shift.push({ ...step, unit: `${site} ${signal}`, values: nightValues(signal, clips) });
      const values = nightRecall(labelled);
      if (values.size > 0) nights.recall.push({ ...step, unit: site, values });
    }
  }
  return nights;
}

function simulateNight(world: NightWorld, changed: boolean, next: Random): { clips: ClipOfNight[]; labelled: LabelledClip[] } {
  // Events are negative binomial (a gamma rate a night): nights vary more than a Poisson count would.
  const rate = gamma(4, next) * (changed ? world.rateAfter : 1) * 0.5;
  const recall = bounded((changed ? world.recallAfter : world.recall) + world.recallBetweenNights * normal(next));
  const weather = 0.05 * normal(next);
  const clips = Array.from({ length: world.clipsPerNight }, (): ClipOfNight & { truth: number } => {
    const truth = poisson(rate, next);
    const top = bounded(0.6 + weather + 0.15 * normal(next) - (changed ? world.scoreDrop : 0));
    const conditions = { light: next() < 0.4 ? 'night' : 'day' };
    const events = binomial(truth, recall, next);
    return { conditions, seconds: 60, truth, events, top, margin: Math.abs(top - 0.5), disagreement: next() < 0.1 ? next() : 0 };
  });
  const labelled = clips.slice(0, world.labelledPerNight);
  const probability = world.labelledPerNight / world.clipsPerNight;
  return {
    clips,
    labelled: labelled.map(({ conditions, truth, events }) => ({ conditions, truth, found: events, probability })),
  };
}

function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

function bounded(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Of whole shape and mean 1 x shape / shape: a sum of exponentials, scaled to mean 1. */
function gamma(shape: number, next: Random): number {
  let sum = 0;
  for (let part = 0; part < shape; part += 1) sum -= Math.log(1 - next());
  return (sum / shape) * 2;
}

function poisson(mean: number, next: Random): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > floor; product *= next()) count += 1;
  return count;
}

function binomial(trials: number, chance: number, next: Random): number {
  let hits = 0;
  for (let trial = 0; trial < trials; trial += 1) hits += Number(next() < chance);
  return hits;
}
