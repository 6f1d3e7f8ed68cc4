import type { OrderOfRuns, PlaceMeasure, PlacementReport } from '#report';

/** What one run of a placement gave, by measure. */
export type RunValues = { placement: string; values: Readonly<Record<string, number | null>> };

/**
 * Whether the runs agree: wherever two placements lie apart on a measure, their intervals over all runs not overlapping, each single run
 * has to have them in the same order. Where they overlap nothing was said.
 * @param runs each over all placements
 */
export function orderOfRuns(
  placements: readonly Pick<PlacementReport, 'placement' | 'measures'>[],
  runs: readonly (readonly RunValues[])[],
): OrderOfRuns {
  const order: OrderOfRuns = { runs: runs.length, apart: 0, otherwise: [] };
  for (const [index, one] of placements.entries())
    for (const other of placements.slice(index + 1))
      for (const measure of one.measures) {
        const against = other.measures.find(({ name }) => name === measure.name);
        const lower = against === undefined ? null : lowerOf([one.placement, measure], [other.placement, against]);
        if (lower === null) continue;
        order.apart += 1;
        const { name, title } = measure;
        const valueIn = (run: readonly RunValues[], placement: string) =>
          run.find((each) => each.placement === placement)?.values[name] ?? null;
        const numbers = runs.flatMap((run, at) => {
          const [low, high] = [valueIn(run, lower.low), valueIn(run, lower.high)];
          return low !== null && high !== null && low >= high ? [at + 1] : [];
        });
        if (numbers.length > 0) order.otherwise.push({ measure: title, ...lower, inRuns: numbers });
      }
  return order;
}

type Placed = readonly [placement: string, measure: PlaceMeasure];

/** Which of two is clearly the lower; null where their intervals overlap, or one has none. */
function lowerOf([first, a]: Placed, [second, b]: Placed): { low: string; high: string } | null {
  if (a.interval === null || b.interval === null) return null;
  if (a.interval.high < b.interval.low) return { low: first, high: second };
  if (b.interval.high < a.interval.low) return { low: second, high: first };
  return null;
}
