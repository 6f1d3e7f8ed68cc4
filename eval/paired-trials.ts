import type { Dataset } from '#datasets';
import type { ClipTrial, SampleTrial } from '#tasks';

/** One sample or clip through the candidate, and through the reference where there is one. */
export type PairedTrial<T> = {
  id: string;
  slices: Readonly<Record<string, string>>;
  /** Null for pictures, which stand for themselves. */
  site: string | null;
  /** Length of the footage; null for pictures. */
  seconds: number | null;
  candidate: T;
  reference: T | null;
};

export function pairSamples(
  dataset: Dataset,
  candidate: readonly SampleTrial[],
  reference: readonly SampleTrial[] | null,
): PairedTrial<SampleTrial>[] {
  const samples = dataset.kind === 'research' ? dataset.samples : [];
  const slices = new Map(samples.map((sample) => [sample.id, sample.slices]));
  return pairById(candidate, reference, ({ sample }) => sample).map((pair) => ({
    ...pair,
    slices: slices.get(pair.id) ?? {},
    site: null,
    seconds: null,
  }));
}

export function pairClips(candidate: readonly ClipTrial[], reference: readonly ClipTrial[] | null): PairedTrial<ClipTrial>[] {
  return pairById(candidate, reference, ({ clip }) => clip).map((pair) => {
    const { site, conditions, seconds } = pair.candidate;
    return { ...pair, slices: { ...conditions, site }, site, seconds };
  });
}

/** @throws RangeError when the two sides did not see the same: a comparison of what is left would be a comparison of nothing */
function pairById<T>(candidate: readonly T[], reference: readonly T[] | null, idOf: (trial: T) => string) {
  const before = new Map(reference?.map((trial) => [idOf(trial), trial]));
  const pairs = candidate.map((trial) => ({ id: idOf(trial), candidate: trial, reference: before.get(idOf(trial)) ?? null }));
  const alone = reference === null ? undefined : pairs.find((pair) => pair.reference === null);
  if (alone !== undefined) throw new RangeError(`${alone.id} went through the candidate only: the trials are not paired`);
  if (reference !== null && before.size !== pairs.length) {
    throw new RangeError(`${pairs.length} trials of the candidate, ${before.size} of the reference: they are not paired`);
  }
  return pairs;
}

/** The slices of one name, by value in alphabetical order; trials that say nothing of it are in none. */
export function slicesNamed<T>(trials: readonly PairedTrial<T>[], by: string): { value: string; trials: PairedTrial<T>[] }[] {
  const sliced = Map.groupBy(
    trials.filter(({ slices }) => Object.hasOwn(slices, by)),
    ({ slices }) => slices[by] ?? '',
  );
  return [...sliced].map(([value, members]) => ({ value, trials: members })).toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

/**
 * What is resampled together. Within a single site its clips are the clusters: the question is then about that site, and
 * a site is no sample of itself.
 */
export function clustersOf<T>(trials: readonly PairedTrial<T>[], cluster: 'clip' | 'site'): PairedTrial<T>[][] {
  const sites = new Set(trials.map(({ site }) => site));
  const bySite = cluster === 'site' && sites.size > 1;
  return [...Map.groupBy(trials, ({ id, site }) => (bySite ? (site ?? id) : id)).values()];
}
