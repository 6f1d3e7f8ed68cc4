import type { Ties } from '../metric.ts';
import { isRight, type RankedTrial } from './trial.ts';

/**
 * The trial as it were had the true class come last among those of its score, or first. Of a class that is not listed, where more
 * share the last score than are, the latter is taken to be so: what is not known is not ruled out.
 */
export function settleTies(trial: RankedTrial, ties: Ties): RankedTrial {
  const { ranked, scores, more, truth } = trial;
  const known = ranked.indexOf(truth);
  if (known < 0 && (more === 0 || ties === 'against')) return trial;
  const score = known < 0 ? scores.at(-1) : scores[known];
  const place = ties === 'for' ? scores.indexOf(score ?? Number.NaN) : scores.lastIndexOf(score ?? Number.NaN);
  if (place === known) return trial;
  const others = ranked.filter((index) => index !== truth);
  const settled = [...others.slice(0, place), truth, ...others.slice(place)];
  return { ...trial, ranked: settled.slice(0, ranked.length) };
}

/** Ties are never settled in silence. */
export function tieNotes(trials: readonly RankedTrial[]): string[] {
  const tied = trials.filter(({ scores }) => scores.length > 1 && scores[0] === scores[1]).length;
  if (tied === 0) return [];
  const [worst, best] = (['against', 'for'] as const).map((ties) => trials.filter((trial) => isRight(settleTies(trial, ties))));
  const range = `${worst?.length ?? 0} to ${best?.length ?? 0} of ${trials.length} samples are named right`;
  return [`${tied} samples had a tie for the best class; the lowest index won. By how ties break, ${range}.`];
}
