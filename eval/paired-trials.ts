import type { Trial } from '#tasks';

/** One sample or clip through the candidate, and through the reference where there is one. */
export type PairedTrial<T extends Trial = Trial> = { candidate: T; reference: T | null };

/**
 * Trials of both sides by sample or clip, in the candidate's order.
 * @throws RangeError when the two sides did not see the same: a comparison of what is left would be a comparison of nothing
 */
export function pairTrials<T extends Trial>(candidate: readonly T[], reference: readonly T[] | null): PairedTrial<T>[] {
  // As both come from one dataset they mostly stand in one order: a million need no map then.
  if (reference?.length === candidate.length && candidate.every(({ id }, at) => reference[at]?.id === id))
    return candidate.map((trial, at) => ({ candidate: trial, reference: reference[at] ?? null }));
  const before = new Map(reference?.map((trial) => [trial.id, trial]));
  const pairs = candidate.map((trial) => ({ candidate: trial, reference: before.get(trial.id) ?? null }));
  const alone = reference === null ? undefined : pairs.find((pair) => pair.reference === null);
  if (alone !== undefined) {
    throw new RangeError(`${alone.candidate.id} went through the candidate only: the trials are not paired`);
  }
  if (reference !== null && before.size !== pairs.length) {
    throw new RangeError(`${pairs.length} trials of the candidate, ${before.size} of the reference: they are not paired`);
  }
  return pairs;
}

/** The slices of one name, by value in alphabetical order; trials that say nothing of it are in none. */
export function slicesNamed<T extends Trial>(
  trials: readonly PairedTrial<T>[],
  by: string,
): { value: string; trials: PairedTrial<T>[] }[] {
  const sliced = Map.groupBy(
    trials.filter(({ candidate }) => Object.hasOwn(candidate.slices, by)),
    ({ candidate }) => candidate.slices[by] ?? '',
  );
  return [...sliced].map(([value, members]) => ({ value, trials: members })).toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

/**
 * What is resampled together; a trial of two clusters is in both. Where all are of one cluster, such as one site's clips, each
 * stands for itself: the question is then about that site, and a site is no sample of itself.
 */
export function clustersOf<T extends Trial>(trials: readonly PairedTrial<T>[]): PairedTrial<T>[][] {
  return placesOfClusters(trials).map((places) => places.flatMap((at) => trials[at] ?? []));
}

/** The same, as places in the list. */
export function placesOfClusters(trials: readonly PairedTrial[]): number[][] {
  const clusters = new Map<string, number[]>();
  for (const [at, { candidate }] of trials.entries()) {
    const { cluster } = candidate;
    for (const name of typeof cluster === 'string' ? [cluster] : new Set(cluster)) {
      const places = clusters.get(name);
      if (places === undefined) clusters.set(name, [at]);
      else places.push(at);
    }
  }
  return clusters.size > 1 ? [...clusters.values()] : trials.map((_, at) => [at]);
}
