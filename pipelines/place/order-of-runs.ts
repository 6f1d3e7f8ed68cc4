import type { OrderOfRuns, PlaceMeasure, PlacementReport } from '#report';

/** The placements as one run alone measured them. */
type Run = readonly Pick<PlacementReport, 'placement' | 'measures'>[];

/**
 * Whether the runs agree: wherever a run has two placements clearly apart on a measure, its own intervals not overlapping, no other run may
 * have them clearly the other way round. Where they overlap nothing was said.
 */
export function orderOfRuns(runs: readonly Run[]): OrderOfRuns {
  const order: OrderOfRuns = { runs: runs.length, apart: 0, otherwise: [] };
  for (const { pair, measure } of pairsOf(runs[0] ?? [])) {
    const said = runs.map((run) => lowerIn(run, pair, measure.name));
    const [low, high] = pair.toSorted((a, b) => timesOf(said, b) - timesOf(said, a));
    if (said.every((lower) => lower === null) || low === undefined || high === undefined) continue;
    order.apart += 1;
    const inRuns = said.flatMap((lower, index) => (lower === high ? [index + 1] : []));
    if (inRuns.length > 0) order.otherwise.push({ measure: measure.title, low, high, inRuns });
  }
  return order;
}

function pairsOf(run: Run): { pair: readonly [string, string]; measure: PlaceMeasure }[] {
  return run.flatMap((one, index) =>
    run
      .slice(index + 1)
      .flatMap((other) => one.measures.map((measure) => ({ pair: [one.placement, other.placement] as const, measure }))),
  );
}

const timesOf = (said: readonly (string | null)[], placement: string) => said.filter((lower) => lower === placement).length;

/** Which of two is clearly the lower in a run; null where their intervals overlap, or one has none. */
function lowerIn(run: Run, [first, second]: readonly [string, string], name: string): string | null {
  const intervalOf = (placement: string) =>
    run.find((one) => one.placement === placement)?.measures.find((measure) => measure.name === name)?.interval ?? null;
  const [a, b] = [intervalOf(first), intervalOf(second)];
  if (a === null || b === null) return null;
  if (a.high < b.low) return first;
  return b.high < a.low ? second : null;
}
