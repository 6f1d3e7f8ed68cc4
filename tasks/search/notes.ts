import type { QueryTrial } from './trial.ts';

/** Queries that nothing can be said of, those in which nothing was found, and what ties could have made of the first answer. */
export function queryNotes(trials: readonly QueryTrial[]): string[] {
  const empty = trials.filter(({ relevant }) => relevant === 0).length;
  const failed = trials.filter(({ found }) => !found).length;
  const asked = trials.filter(({ relevant }) => relevant > 0);
  const tied = asked.filter((trial) => trial.ties !== null);
  const right = (ties: 'against' | 'for') => asked.filter((trial) => (trial.ties?.[ties] ?? trial).first === 1).length;
  return [
    ...(empty === 0 ? [] : [`${empty} queries have nothing to find in the gallery: they are in no number here.`]),
    ...(failed === 0
      ? []
      : [`Nothing was found to look for in ${failed} queries: they count as unanswered, and none was left out.`]),
    ...(tied.length === 0
      ? []
      : [
          `In ${tied.length} queries right and wrong results are equally alike. By how ties break, ${right('against')} to ${right('for')} of ` +
            `${asked.length} queries are answered right at once; what only a lucky order would bring up is not counted.`,
        ]),
  ];
}
