import type { Pair, VerificationDataset } from '#datasets';
import { cosine, directionsOf, type Embedded } from '../embedded.ts';
import type { Answered, Trial } from '../task.ts';
import { shareOfOtherKind } from './confused.ts';
import { identitiesOf } from './identities.ts';

/** A pair of pictures through one model. */
export type PairTrial = Trial &
  Pair & {
    /** How alike they look to the model, as the cosine between them; null where it found nothing in one of them: a failure to enrol. */
    score: number | null;
    /** The pictures of the two in which it found nothing. */
    notFound: readonly string[];
    /** The share of pairs of the other kind that lie on the wrong side of it, ties counted half: what it costs the area under the ROC curve. */
    confused: number;
  };

/** A failed pair is never accepted, whatever the threshold: it counts as rejected, and is never dropped. */
export function scorePairs(
  answered: readonly Answered<VerificationDataset, Embedded>[],
  { pairs, samples }: VerificationDataset,
): PairTrial[] {
  const directions = directionsOf(answered.map(({ answer }) => answer));
  const identity = identitiesOf(samples, pairs);
  const slices = new Map(samples.map((sample) => [sample.id, sample.slices]));
  const scores = pairs.map(({ a, b }) => similarity(directions.get(a) ?? null, directions.get(b) ?? null));
  const confused = shareOfOtherKind(pairs.map(({ same }, index) => ({ same, score: scores[index] ?? null })));
  const names = uniqueNames(pairs);
  return pairs.map((pair, index) => ({
    ...pair,
    id: names[index] ?? '',
    slices: slicesOfBoth(slices.get(pair.a) ?? {}, slices.get(pair.b) ?? {}),
    cluster: clusterOf(identity(pair.a), identity(pair.b)),
    site: null,
    seconds: null,
    score: scores[index] ?? null,
    notFound: notFoundOf([pair.a, pair.b].filter((id) => (directions.get(id) ?? null) === null)),
    confused: confused[index] ?? 0,
  }));
}

/** Of most pairs: a million share them. */
const NONE: readonly string[] = [];
const NO_SLICES: Trial['slices'] = {};

function notFoundOf(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? NONE : ids;
}

function similarity(a: Float64Array | null, b: Float64Array | null): number | null {
  return a === null || b === null ? null : cosine(a, b);
}

function clusterOf(a: string, b: string): Trial['cluster'] {
  return a === b ? a : [a, b];
}

/** Of a pair whose pictures differ in a slice, both values: a pair across day and night is of neither. */
function slicesOfBoth(a: Trial['slices'], b: Trial['slices']): Trial['slices'] {
  const names = Object.keys(a).filter((name) => Object.hasOwn(b, name));
  if (names.length === 0) return NO_SLICES;
  return Object.fromEntries(names.map((name) => [name, [...new Set([a[name] ?? '', b[name] ?? ''])].toSorted().join(' and ')]));
}

/** A list may hold a pair twice, and a trial's name is its own. */
function uniqueNames(pairs: readonly Pair[]): string[] {
  const met = new Map<string, number>();
  return pairs.map(({ a, b }) => {
    const name = `${a} and ${b}`;
    const times = (met.get(name) ?? 0) + 1;
    met.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
