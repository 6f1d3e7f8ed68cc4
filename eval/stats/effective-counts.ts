import type { PairedSummary } from './paired-clusters.ts';

/** Counts as a score test of pairs takes them: of how many, in how many only the first was a success, and only the second. */
export type EffectiveCounts = {
  gained: number;
  lost: number;
  of: number;
  /** `of`, were all clusters as large as the one in which a lost unit finds itself: what exact limits count. */
  ofAlike: number;
};

export type Bound = 'low' | 'high';

/**
 * What the clusters say, in counts of what came at once. Two numbers are kept apart.
 *
 * *Of how many*: the denominator over how many of its units are lost at once (a design effect, Kish 1965), as it would be if the loss were as
 * large as the bound says, which is more than was seen. Few lost clusters say little of how large lost clusters are, and the samples in
 * which they happen to be small are just those that look too good. So it is the larger of two: what was seen (sum of squares over
 * sum), and what the sizes of all clusters say at the togetherness that was seen; to either, one imaginary cluster that was
 * wholly lost is added.
 *
 * *How many differ*: so many that their variance, over the square of the denominator, is the one that was seen: the sum of the squared net
 * differences of clusters, or what that would be of clusters that are as large as others. They are at least as many as their difference.
 *
 * The lower bound, on which a pass rests, allows for more: that large clusters are lost more often (`lostSize`), and that what is
 * yet unseen comes at once like the large losses that were seen rather than like the average one.
 * @param unit by how much a unit of the denominator may change
 */
export function effectiveCounts(summary: PairedSummary, unit: number, bound: Bound): EffectiveCounts {
  const sums = sumsOf(summary, unit);
  const size = bound === 'low' ? summary.lostSize : summary.size;
  const expecting = withOneLost(sums, size);
  const atOnce = Math.max(expecting.squares / expecting.changed, size * togetherness(expecting, bound));
  const squares = Math.max(sums.squares, sums.net * size * togetherness(sums, bound));
  const difference = (summary.gained - summary.lost) / unit / atOnce;
  const differing = Math.max(squares / atOnce ** 2, Math.abs(difference));
  return {
    gained: (differing + difference) / 2,
    lost: (differing - difference) / 2,
    of: summary.weight / atOnce,
    ofAlike: (summary.clusters * size) / atOnce,
  };
}

type Sums = { changed: number; net: number; squares: number; exposed: number; cubes: number };

function sumsOf({ gained, lost, net, squares, exposed, cubes }: PairedSummary, unit: number): Sums {
  return {
    changed: (gained + lost) / unit,
    net: net / unit,
    squares: squares / unit ** 2,
    exposed: exposed / unit,
    cubes: cubes / unit ** 3,
  };
}

function withOneLost({ changed, net, squares, exposed, cubes }: Sums, size: number): Sums {
  return {
    changed: changed + size,
    net: net + size,
    squares: squares + size ** 2,
    exposed: exposed + size ** 2,
    cubes: cubes + size ** 2,
  };
}

/** How much of a cluster differs once any of it does, from 0 to 1; 0 where none does. */
function togetherness({ squares, exposed, cubes }: Sums, bound: Bound): number {
  if (squares === 0) return 0;
  return bound === 'high' ? squares / exposed : Math.sqrt((squares / exposed) * (cubes / squares));
}
