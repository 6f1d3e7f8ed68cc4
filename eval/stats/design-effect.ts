import type { PairedSummary } from './paired-clusters.ts';

/** Counts as a score test of pairs takes them: of how many, in how many only the first was a success, and only the second. */
export type EffectiveCounts = {
  gained: number;
  lost: number;
  of: number;
  /** Of how many it would be, were all clusters of one size. */
  ofAlike: number;
};

/**
 * What the clusters say, in counts of what came at once, for either bound: two numbers that are kept apart.
 *
 * Of how many: the denominator over the design effect (Kish 1965) of what was gained and lost as it would be *if the loss were as
 * large as the bound says*, which is more than was seen. Few lost clusters say little of how large lost clusters are, and the samples in
 * which they happen to be small are just those that look too good. So it is the larger of two: what was seen (sum of squares
 * over sum), and what the sizes of all clusters say at the togetherness that was seen. One imaginary cluster that was wholly
 * lost is added to either, so that it starts from the worst case (a cluster is one observation) and gives way to what is seen.
 *
 * How many differ: so many that their variance is the one that was seen, which is the sum of squared net differences of clusters, or
 * what that would be of clusters that are as large as others. Single events that change either way and cancel out within their cluster
 * are thereby not taken for scenes because a scene might be lost.
 *
 * The lower bound, on which a pass rests, allows for more: that large clusters are lost more often (`lostSize`), and that what is
 * yet unseen comes at once like the large losses that were seen rather than like the average one.
 * @param unit by how much a unit of the denominator may change
 */
export function effectiveCounts(summary: PairedSummary, unit: number): { low: EffectiveCounts; high: EffectiveCounts } {
  return { low: counts(inUnits(summary, unit), 'low'), high: counts(inUnits(summary, unit), 'high') };
}

type Sums = Pick<
  PairedSummary,
  'clusters' | 'gained' | 'lost' | 'net' | 'squares' | 'exposed' | 'cubes' | 'size' | 'lostSize' | 'weight'
>;

function inUnits(summary: PairedSummary, unit: number): Sums {
  const { gained, lost, net, squares, exposed, cubes } = summary;
  return {
    ...summary,
    gained: gained / unit,
    lost: lost / unit,
    net: net / unit,
    squares: squares / unit ** 2,
    exposed: exposed / unit,
    cubes: cubes / unit ** 3,
  };
}

function counts(sums: Sums, bound: 'low' | 'high'): EffectiveCounts {
  const size = bound === 'low' ? sums.lostSize : sums.size;
  const imaginary = size ** 2;
  const unseen = Math.max(
    (sums.squares + imaginary) / (sums.gained + sums.lost + size),
    size * togetherness(sums, bound, imaginary),
  );
  const seen = sums.squares === 0 ? 0 : Math.max(sums.squares, sums.net * size * togetherness(sums, bound, 0));
  const difference = (sums.gained - sums.lost) / unseen;
  const differing = Math.max(seen / unseen ** 2, Math.abs(difference));
  return {
    gained: (differing + difference) / 2,
    lost: (differing - difference) / 2,
    of: sums.weight / unseen,
    ofAlike: (sums.clusters * size) / unseen,
  };
}

/** How much of a cluster differs once any of it does, from 0 to 1. */
function togetherness({ squares, exposed, cubes }: Sums, bound: 'low' | 'high', imaginary: number): number {
  const onAverage = (squares + imaginary) / (exposed + imaginary);
  if (bound === 'high') return onAverage;
  const whereLarge = (cubes + imaginary) / (squares + imaginary);
  return Math.sqrt(onAverage * whereLarge);
}
