import { itemsOf, type Dataset } from '#datasets';
import { taskOf } from './registry.ts';
import type { Answer, Answered, Trial } from './task.ts';

/** Every answer held against the truth, or why they cannot be answers to this dataset. */
export type ScoredAnswers = { kind: 'scored'; trials: readonly Trial[] } | { kind: 'refused'; reason: string };

/**
 * Compares answers with the ground truth. Whoever brought them may have lied in them, but about nothing else.
 * @param secondsOf length of each clip, as this machine measured it; nothing for pictures
 */
export function scoreAnswers(
  dataset: Dataset,
  answers: readonly Answer[],
  secondsOf: ReadonlyMap<string, number>,
): ScoredAnswers {
  const items = itemsOf(dataset);
  const given = new Map(answers.map((answer) => [answer.id, answer]));
  const unanswered = items.find(({ id }) => !given.has(id));
  if (unanswered !== undefined) return refused(`${unanswered.id} of ${dataset.name} has no answer`);
  if (answers.length !== items.length) {
    return refused(`it holds ${answers.length} answers for the ${items.length} questions of ${dataset.name}`);
  }
  const task = taskOf(dataset);
  const answered: Answered<Dataset, Answer>[] = [];
  for (const item of items) {
    const answer = given.get(item.id);
    if (answer === undefined) continue;
    const asked = { dataset, item, seconds: secondsOf.get(item.id) ?? null };
    const fault = task.fault(answer, asked);
    if (fault !== null) return refused(`${item.id} of ${dataset.name} ${fault}`);
    answered.push({ ...asked, answer });
  }
  return { kind: 'scored', trials: task.score(answered, dataset) };
}

function refused(reason: string): ScoredAnswers {
  return { kind: 'refused', reason };
}
