import type { PairTrial } from './trial.ts';

/** Pictures in which nothing was found. */
export function pairNotes(trials: readonly PairTrial[]): string[] {
  const failed = new Set(trials.flatMap(({ notFound }) => notFound)).size;
  if (failed === 0) return [];
  const pairs = trials.filter(({ score }) => score === null).length;
  return [`Nothing was found to compare in ${failed} pictures: their ${pairs} pairs count as rejected, and none was left out.`];
}
