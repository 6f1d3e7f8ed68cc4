import { digestOf, type Digest } from '#kernel';

/**
 * A uniform random sample of the clips that arrived from one site for one night: the `count` whose keyed digests are smallest.
 * Nobody can know it before the clips are pinned, anybody can repeat it afterwards, and every clip is as likely as another.
 * @returns the drawn in the order of their names, and the probability with which each was
 */
export function drawSample<T extends { file: string; pin: Digest }>(
  clips: readonly T[],
  { count, seed, stratum }: { count: number; seed: number; stratum: string },
): { drawn: readonly T[]; probability: number } {
  if (clips.length === 0) return { drawn: [], probability: 0 };
  const keyed = clips.map((clip) => ({ clip, key: digestOf(`${seed}\n${stratum}\n${clip.file}\n${clip.pin}`) }));
  const ordered = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const drawn = ordered.slice(0, count).map(({ clip }) => clip);
  return { drawn: drawn.toSorted((a, b) => (a.file < b.file ? -1 : 1)), probability: drawn.length / clips.length };
}

/**
 * Recall over sampled clips: found events over true ones, each clip weighted by 1 / its probability of having been drawn (the
 * ratio of two Horvitz-Thompson totals, which is Hajek's estimator: Hajek 1971; Sarndal, Swensson and Wretman 1992, 5.6).
 * Null without any event.
 */
export function weightedRecall(clips: readonly { truth: number; found: number; probability: number }[]): number | null {
  let [found, truth] = [0, 0];
  for (const clip of clips) {
    found += clip.found / clip.probability;
    truth += clip.truth / clip.probability;
  }
  return truth > 0 ? found / truth : null;
}
