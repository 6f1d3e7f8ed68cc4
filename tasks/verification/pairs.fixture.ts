import type { PairTrial } from './trial.ts';

/** Of all: a million pairs share them. */
const NONE: readonly string[] = [];
const NO_SLICES: PairTrial['slices'] = {};

/** A pair of pictures that no other pair is of. */
export function pairTrial(index: number, pair: Partial<PairTrial>): PairTrial {
  const { a = `${index} a.jpg`, b = `${index} b.jpg`, same = true } = pair;
  return {
    id: `pair ${index}`,
    a,
    b,
    same,
    fold: null,
    score: 0.5,
    notFound: NONE,
    confused: 0,
    slices: NO_SLICES,
    cluster: same ? `${index}` : [`${index}`, `${index} other`],
    site: null,
    seconds: null,
    ...pair,
  };
}
