import type { PooledMetric } from '../../tasks/metric.ts';
import type { PairTrial } from '../../tasks/verification/trial.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import type { Pooled } from './pooled.ts';
import type { Random } from './rng.ts';

/** Pairs of identities, some of whom are easier to mistake than others. */
export type PairWorld = {
  identities: number;
  /** Pairs of one identity, for each; and pairs of two, drawn at random, so many for each. */
  same: number;
  different: number;
  /** The share of the scores' variance that an identity's pairs have in common. */
  together: number;
  /** How far apart the scores of same and different pairs lie on average, in standard deviations, for each of two models. */
  apart: { candidate: number; reference: number };
};

/** The true accept rate at a rate of false ones, of two normal distributions that lie so far apart. */
export const acceptedOf = (apart: number, far: number) => normalCdf(apart + normalQuantile(far));

type Side = 'candidate' | 'reference';

/** Two models over the same pairs; half of what identities and pairs have in common, they have in both. */
export function simulatePairs(
  { identities, same, different, together, apart }: PairWorld,
  metric: PooledMetric<PairTrial>,
  next: Random,
): Pooled {
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const both = (): Record<Side, number> => {
    const common = normal();
    const own = () => Math.SQRT1_2 * (common + normal());
    return { candidate: own(), reference: own() };
  };
  const people = Array.from({ length: identities }, () => ({ ease: both(), likeness: both() }));
  const names = people.flatMap((_, index) => [
    ...Array.from({ length: same }, () => [index, index] as const),
    ...Array.from(
      { length: different },
      () => [index, (index + 1 + Math.floor(next() * (identities - 1))) % identities] as const,
    ),
  ]);
  const pairs = names.map(([a, b]) => {
    const [first, second, rest] = [people[a], people[b], both()];
    const score = (side: Side) => {
      const shared =
        a === b ? (first?.ease[side] ?? 0) : Math.SQRT1_2 * ((first?.likeness[side] ?? 0) + (second?.likeness[side] ?? 0));
      return (a === b ? apart[side] : 0) + Math.sqrt(together) * shared + Math.sqrt(1 - together) * rest[side];
    };
    return { a, b, candidate: score('candidate'), reference: score('reference') };
  });
  const of = (side: Side) => metric.prepare(pairs.map((pair, index) => trialOf(pair, index, pair[side])));
  const [candidate, reference] = [of('candidate'), of('reference')];
  const clusters = people.map((_, index) => pairs.flatMap(({ a, b }, at) => (a === index || b === index ? [at] : [])));
  return {
    statistic: (weights) => {
      const [ofCandidate, ofReference] = [candidate.value(weights), reference.value(weights)];
      return ofCandidate === null || ofReference === null ? null : ofCandidate - ofReference;
    },
    clusters,
    unit: 'identities',
    support: candidate.support,
    ...(candidate.shareOf === undefined ? {} : { shareOf: candidate.shareOf }),
    counted: metric.counted,
  };
}

/** The same, as if every pair stood for itself. */
export function withoutIdentities(pooled: Pooled): Pooled {
  const pairs = Math.max(...pooled.clusters.flat()) + 1;
  return { ...pooled, clusters: Array.from({ length: pairs }, (_, index) => [index]) };
}

function trialOf({ a, b }: { a: number; b: number }, index: number, score: number): PairTrial {
  const [first, second] = [`${a}`, `${b}`];
  const cluster = a === b ? first : ([first, second] as const);
  const pair = { a: `${index} a`, b: `${index} b`, same: a === b, fold: null };
  return { ...pair, id: `${index}`, cluster, score, notFound: [], confused: 0, slices: {}, site: null, seconds: null };
}
