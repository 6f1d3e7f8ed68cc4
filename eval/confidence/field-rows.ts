import type { FieldPlace, Iteration } from './iteration.ts';
import { learnResearch, trueGains, type ResearchModel, type TrueGains } from './research-gains.ts';

/** One iteration as the field model reads it, in ordinary gains. `place`: index of each gain's place. */
export type FieldRows = {
  research: TrueGains;
  place: Int32Array;
  gains: Float64Array;
  variances: Float64Array;
};

/** All that is learned from. */
export type FieldData = {
  research: ResearchModel;
  places: readonly FieldPlace[];
  scale: number;
  rows: readonly FieldRows[];
};

/** More is not read: what a team did long ago says little of its next change, and the answer should come at once. */
const MOST_ITERATIONS = 500;
const MOST_GAINS = 4000;
/** So many are read though hundreds of places answer each: fewer would never be enough to tell several research sets apart. */
const LEAST_ITERATIONS = 40;

/** @param scale an ordinary gain of the field metric */
export function fieldData(iterations: readonly Iteration[], scale: number): FieldData {
  const recent = latest(iterations);
  const research = learnResearch(recent);
  const places = new Map(recent.flatMap(({ field }) => field.map((place) => [placeName(place), place] as const)));
  const names = [...places.keys()].toSorted();
  const index = new Map(names.map((name, at) => [name, at]));
  const rows = recent.map((iteration): FieldRows => {
    const seen = atEachPlace(iteration, index, scale);
    return {
      research: trueGains(research, new Map(iteration.research.map(({ set, gain }) => [set, gain]))),
      place: Int32Array.from(seen, ({ at }) => at),
      gains: Float64Array.from(seen, ({ gain }) => gain),
      variances: Float64Array.from(seen, ({ variance }) => variance),
    };
  });
  const asPlace = (name: string): FieldPlace[] => {
    const found = places.get(name);
    return found === undefined ? [] : [{ site: found.site, chipset: found.chipset }];
  };
  return { research, places: names.flatMap(asPlace), scale, rows };
}

export function placeName({ site, chipset }: FieldPlace): string {
  return JSON.stringify([site, chipset]);
}

/** Those that the field has answered, and of the others their research alone; oldest first. */
function latest(iterations: readonly Iteration[]): readonly Iteration[] {
  let [gains, answered] = [0, 0];
  const first = iterations.findLastIndex(({ field }, at) => {
    gains += field.length;
    answered += Number(field.length > 0);
    return iterations.length - at > MOST_ITERATIONS || (gains > MOST_GAINS && answered > LEAST_ITERATIONS);
  });
  return iterations.slice(first + 1);
}

/** What recorded and arrived footage of one place say of one iteration, each weighted by how sure it is. */
function atEachPlace({ field }: Iteration, index: ReadonlyMap<string, number>, scale: number) {
  const byPlace = Map.groupBy(field, placeName);
  return [...byPlace].map(([name, gains]) => {
    let [weight, sum] = [0, 0];
    for (const { gain } of gains) {
      const precision = 1 / ((gain.error / scale) ** 2 + 1e-6);
      weight += precision;
      sum += (precision * gain.value) / scale;
    }
    return { at: index.get(name) ?? 0, gain: sum / weight, variance: 1 / weight };
  });
}
