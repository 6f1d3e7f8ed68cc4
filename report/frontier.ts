import type { PlaceMeasure, PlacementReport } from './documents/place-report.ts';

/**
 * Differences that are none in practice. An event lasts for many frames: what a few of a hundred more are lost says nothing against a
 * placement that finds as much.
 */
const IMMATERIAL: Readonly<Record<string, number>> = { dropped: 0.05 };

type Measured = Pick<PlacementReport, 'placement' | 'measures'>;

/**
 * By placement: which others are clearly better in something and clearly worse in nothing. What overlaps is not told apart, and between
 * placements that were measured nothing is interpolated.
 */
export function dominated(placements: readonly Measured[], axes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    placements.map((one) => [
      one.placement,
      placements.filter((other) => other !== one && dominates(other, one, axes)).map(({ placement }) => placement),
    ]),
  );
}

function dominates(one: Measured, other: Measured, axes: readonly string[]): boolean {
  const compared = axes.map((axis) => clearly(find(one, axis), find(other, axis)));
  return compared.includes('better') && !compared.includes('worse');
}

function find({ measures }: Measured, name: string): PlaceMeasure | undefined {
  return measures.find((measure) => measure.name === name);
}

/** Whether one is better or worse than another beyond what their intervals leave open; null where nobody can tell, or it is the same in practice. */
export function clearly(one: PlaceMeasure | undefined, other: PlaceMeasure | undefined): 'better' | 'worse' | null {
  const [a, b] = [boundsOf(one), boundsOf(other)];
  if (one === undefined || a === null || b === null) return null;
  const apart = IMMATERIAL[one.name] ?? 0;
  const less = a.high + apart < b.low;
  const more = a.low > b.high + apart;
  if (!less && !more) return null;
  return less === (one.better === 'less') ? 'better' : 'worse';
}

function boundsOf(measure: PlaceMeasure | undefined): { low: number; high: number } | null {
  return measure?.interval ?? null;
}
