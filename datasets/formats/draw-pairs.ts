import { digestOf, hexOf, type Place } from '#kernel';
import type { DeclaredFace, DeclaredPair } from './declared-pairs.ts';

/** `pairs`: how many in all, half of them of one identity, where there are that many. `folds`: parts that share no identity. */
export type Draw = { pairs: number; folds: number; seed: number };

/**
 * Draws pairs from pictures of known identities, as LFW's were: identities are dealt to folds; in each, pairs of one
 * identity are drawn evenly among all that there are, and for pairs of two first the identities, then a picture of each. No pair twice.
 * The same pictures and seed always give the same pairs, whatever else changes on the machine.
 * Source: Huang et al., Labeled Faces in the Wild, UMass Amherst technical report 07-49, section 3 (2007)
 */
export function drawPairs(faces: readonly DeclaredFace[], { pairs, folds, seed }: Draw, at: Place): readonly DeclaredPair[] {
  const random = randomOf(seed);
  const byIdentity = Map.groupBy(
    faces.filter(({ identity }) => identity !== null).toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    ({ identity }) => identity,
  );
  const dealt = shuffled(
    [...byIdentity.values()].map((group) => group.map(({ file }) => file)),
    random,
  );
  const parts = Math.max(1, Math.min(folds, Math.floor(dealt.length / 2)));
  const half = Math.floor(pairs / 2 / parts);
  return Array.from({ length: parts }, (_, fold) => {
    const groups = dealt.filter((__, index) => index % parts === fold);
    const place = { fold: parts > 1 ? fold : null, at };
    return [
      ...drawSame(groups, half, random).map(([a, b]) => ({ a, b, same: true, ...place })),
      ...drawDifferent(groups, half, random).map(([a, b]) => ({ a, b, same: false, ...place })),
    ];
  }).flat();
}

type Random = (below: number) => number;
type Two = readonly [string, string];

/** Whole numbers below a bound, by SHA-256 of the seed and a counter. 48 bits: what rounding prefers is past all counting. */
function randomOf(seed: number): Random {
  let counter = 0;
  return (below) => {
    counter += 1;
    return Math.floor((Number.parseInt(hexOf(digestOf(`pairs ${seed} ${counter}`)).slice(0, 12), 16) / 2 ** 48) * below);
  };
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

function drawSame(groups: readonly (readonly string[])[], wanted: number, random: Random): readonly Two[] {
  const counts = groups.map((group) => (group.length * (group.length - 1)) / 2);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return distinct(Math.min(wanted, total), total, random).map((index) => pairAt(groups, counts, index));
}

/** The pair of a number, where the pairs of all groups are counted one after the other. */
function pairAt(groups: readonly (readonly string[])[], counts: readonly number[], index: number): Two {
  let left = index;
  let group = 0;
  for (; left >= (counts[group] ?? Infinity); group += 1) left -= counts[group] ?? 0;
  const files = groups[group] ?? [];
  let second = 1;
  for (; left >= second; second += 1) left -= second;
  return [files[left] ?? '', files[second] ?? ''];
}

function drawDifferent(groups: readonly (readonly string[])[], wanted: number, random: Random): readonly Two[] {
  const pictures = groups.reduce((sum, group) => sum + group.length, 0);
  const possible = groups.reduce((sum, group) => sum + group.length * (pictures - group.length), 0) / 2;
  const drawn = new Map<string, Two>();
  // Few identities with many pictures in one of them could make the last pairs very rare: then fewer are drawn.
  for (let tries = 0; drawn.size < Math.min(wanted, possible) && tries < 50 * wanted; tries += 1) {
    const first = random(groups.length);
    const second = (first + 1 + random(groups.length - 1)) % groups.length;
    const pick = (group: readonly string[] = []) => group[random(group.length)] ?? '';
    const pair = [pick(groups[first]), pick(groups[second])].toSorted() as [string, string];
    drawn.set(pair.join('\n'), pair);
  }
  return [...drawn.values()];
}

/** So many different whole numbers below a bound, each choice as likely as any other (Floyd's algorithm). */
function distinct(count: number, below: number, random: Random): readonly number[] {
  const chosen = new Set<number>();
  for (let last = below - count; last < below; last += 1) {
    const one = random(last + 1);
    chosen.add(chosen.has(one) ? last : one);
  }
  return [...chosen];
}
