import { isPrecise, type LatencyBlock, type LatencyGate } from '#eval';

/**
 * How long speed is measured, for the machine that measures and for whoever judges what it brought. It ends by how precisely
 * candidate and control are known, never by what they say; a machine that ended otherwise would have made a choice.
 */

/** Block pairs of one measurement; the protocol asks for 30 at least. A noisy machine is asked for more of them. */
export const PAIRS = 30;
export const MOST_PAIRS = 180;
/** Each order of the arms comes once in so many pairs, and a measurement ends only where it has. */
const SET = 6;

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
  if (!numbered.every((pair) => pair !== undefined && isWhole(pair, arms))) {
    return `its latency is not that of whole pairs of ${arms.join(', ')}`;
  }
  if (!lengthsOf(first).includes(pairs.size))
    return `its latency is that of ${pairs.size} pairs, and the protocol has no such length`;
  const ends = first ? [] : lengthsOf(first).filter((length) => length <= pairs.size && length < MOST_PAIRS);
  const enough = (length: number) =>
    isPrecise(
      blocks.filter(({ pair }) => pair < length),
      gates,
    );
  const end = ends.find((length) => enough(length)) ?? (first ? PAIRS : MOST_PAIRS);
  return end === pairs.size
    ? null
    : `its latency ended after ${pairs.size} pairs, and the protocol ends after ${end === MOST_PAIRS ? 'more' : end}`;
}

/** Ratios are taken within pairs: each pair holds every arm once, with as many requests. */
function isWhole(pair: readonly LatencyBlock[], arms: readonly string[]): boolean {
  const found = pair.map(({ arm }) => arm as string).toSorted((a, b) => (a < b ? -1 : 1));
  return found.join() === arms.join() && new Set(pair.map(({ milliseconds }) => milliseconds.length)).size === 1;
}

function lengthsOf(first: boolean): number[] {
  if (first) return [PAIRS];
  return Array.from({ length: (MOST_PAIRS - PAIRS) / SET + 1 }, (_, index) => PAIRS + index * SET);
}
