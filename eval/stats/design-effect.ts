import type { PairedSummary } from './paired-clusters.ts';

/** How many units of the denominator are lost at once, for either bound: counts are divided by it. */
export type DesignEffect = { low: number; high: number };

/**
 * The design effect (Kish 1965) of what was gained and lost, as a score test needs it: what it would be if the loss were as large as
 * the bound says, which is more than was seen. Few lost clusters say little of how large lost clusters are, and the samples in
 * which they happen to be small are just those that look too good. So it is the larger of two: what was seen (sum of squares over
 * sum), and what the sizes of all clusters say at the togetherness that was seen. One imaginary cluster that was wholly
 * lost is added to either, so that it starts from the worst case (a cluster is one observation) and gives way to what is seen.
 *
 * The lower bound, on which a pass rests, allows for more: that large clusters are lost more often (`lostSize`), and that what is
 * yet unseen comes at once like the large losses that were seen rather than like the average one.
 * @param unit by how much a unit of the denominator may change
 */
export function designEffect(summary: PairedSummary, unit: number): DesignEffect {
  return { low: effect(summary, unit, summary.lostSize, 'as large losses'), high: effect(summary, unit, summary.size, 'as all') };
}

function effect(summary: PairedSummary, unit: number, size: number, comesAtOnce: 'as all' | 'as large losses'): number {
  const [squares, exposed, cubes] = [summary.squares / unit ** 2, summary.exposed / unit, summary.cubes / unit ** 3];
  const changed = (summary.gained + summary.lost) / unit;
  const asAll = (squares + size ** 2) / (exposed + size ** 2);
  const asLarge = (cubes + size ** 2) / (squares + size ** 2);
  const together = comesAtOnce === 'as all' ? asAll : Math.sqrt(asAll * asLarge);
  return Math.max((squares + size ** 2) / (changed + size), size * together);
}
