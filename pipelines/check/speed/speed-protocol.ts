import { isPrecise, PAIRS_PER_START, type LatencyBlock, type LatencyGate } from '#eval';

/**
 * How long speed is measured, for the machine that measures and for whoever judges what it brought. It ends by how precisely
 * candidate and control are known, never by what they say; a machine that ended otherwise would have made a choice.
 */

/** How often the arms are started anew in one measurement; a noisy machine is asked for more. */
export const STARTS = 5;
const MOST_STARTS = 30;

/** A third of a tight margin is less than thirty starts can tell on any machine; so it may take more. */
const TIGHT = { margin: 0.05, most: 90 };

/** @param gates the latency gates of the chipset */
export function mostStarts(gates: readonly Pick<LatencyGate, 'margin'>[]): number {
  return gates.some(({ margin }) => margin < TIGHT.margin) ? TIGHT.most : MOST_STARTS;
}

/**
 * What is wrong with a measurement that somebody brought; null when the protocol could have given it.
 * @param gates the latency gates of the chipset
 */
export function protocolFault(
  blocks: readonly LatencyBlock[],
  gates: readonly LatencyGate[],
  { first }: { first: boolean },
): string | null {
  const arms = first ? ['candidate'] : ['candidate', 'control', 'reference'];
  const pairs = Map.groupBy(blocks, ({ pair }) => pair);
  const numbered = Array.from({ length: pairs.size }, (_, index) => pairs.get(index));
  if (!numbered.every((pair, index) => pair !== undefined && isWhole(pair, index, arms))) {
    return `its latency is not that of whole pairs of ${arms.join(', ')}`;
  }
  const starts = pairs.size / PAIRS_PER_START;
  const most = first ? STARTS : mostStarts(gates);
  if (!Number.isInteger(starts) || starts < STARTS || starts > most)
    return `its latency is that of ${pairs.size} pairs, and the protocol has no such length`;
  const end = Array.from({ length: most }, (_, index) => index + 1).find(
    (length) =>
      length === most ||
      (length >= STARTS &&
        isPrecise(
          blocks.filter(({ start }) => start < length),
          gates,
        )),
  );
  if (end === starts) return null;
  const wanted = end === undefined || end > starts ? 'more' : end;
  return `its latency ended after ${starts} starts, and the protocol ends after ${wanted}`;
}

/** Ratios are taken within pairs: each pair holds every arm of one start once, with as many requests. */
function isWhole(pair: readonly LatencyBlock[], index: number, arms: readonly string[]): boolean {
  const found = pair.map(({ arm }) => arm as string).toSorted((a, b) => (a < b ? -1 : 1));
  return (
    found.join() === arms.join() &&
    pair.every(({ start }) => start === Math.floor(index / PAIRS_PER_START)) &&
    new Set(pair.map(({ milliseconds }) => milliseconds.length)).size === 1
  );
}
