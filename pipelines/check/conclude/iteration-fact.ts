import type { Digest } from '#kernel';
import type { ModelRepository } from '#git';
import { factsOf, type IterationFact } from '#history';
import type { Entry } from '#ledger';
import type { CheckContext } from '../check-context.ts';
import type { ModelChange } from '../plan/gather-change.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** Commits of a change that are looked at. */
const MOST = 100;

type Commit = { message: string; date: Date };

/** What an iteration was before its verdict, from Git and from the check itself. */
export async function iterationFact(
  { model, verdict, built }: { model: ModelChange['model']; verdict: Digest; built: PlannedModel['built'] },
  { change, request, began, ports }: Pick<CheckContext, 'change' | 'request' | 'began' | 'ports'>,
): Promise<IterationFact> {
  const commits = await commitsOf(ports.repository, model.build, change);
  const entries = await ports.ledger.entries();
  const dates = commits.map(({ date }) => date.toISOString()).toSorted();
  const [first, last] = [dates[0], dates.at(-1)];
  return {
    kind: 'iteration',
    model: model.name,
    verdict,
    head: change.head,
    commits: first === undefined || last === undefined ? null : { count: commits.length, first, last },
    queued: request.asked?.toISOString() ?? null,
    began: beganAt(entries, model.name, change.head, began.at),
    built,
    answers: answersOf(entries, model.name, commits),
  };
}

/** Those that changed something in the model's folder since the base; the head alone where none did. */
async function commitsOf(repository: ModelRepository, folder: string, { base, head }: CheckContext['change']): Promise<Commit[]> {
  const [there, here] = [await repository.history(base, folder, MOST), await repository.history(head, folder, MOST)];
  const old = new Set(there);
  const own = here.filter((commit) => !old.has(commit));
  const described = await Promise.all((own.length > 0 ? own : [head]).map((commit) => repository.describe(commit)));
  return described.map(({ subject, body, date }) => ({ message: `${subject}\n${body}`, date }));
}

/** Whoever joins what others measured begins late: the check had begun when it predicted. */
function beganAt(entries: readonly Entry[], model: string, head: string, joined: Date): string {
  const predicted = factsOf(entries, 'prediction').find(({ fact }) => fact.model === model && fact.head === head)?.fact.at;
  const own = joined.toISOString();
  return predicted !== undefined && predicted < own ? predicted : own;
}

/** `Fieldproof-Answers: 0123abcd4567` in a commit: the alarm whose record begins so. Eight digits at least, so that it names one. */
function answersOf(entries: readonly Entry[], model: string, commits: readonly Commit[]): Digest[] {
  const named = commits.flatMap(({ message }) =>
    [...message.matchAll(/^Fieldproof-Answers:\s*(?:sha256:)?([0-9a-f]{8,64})\s*$/gim)].map(([, record = '']) => record),
  );
  const alarms = [...factsOf(entries, 'shift'), ...factsOf(entries, 'drift')];
  const answered = alarms.filter(
    ({ id, fact }) =>
      fact.model === model && fact.state === 'raised' && named.some((record) => id.startsWith(`sha256:${record.toLowerCase()}`)),
  );
  return [...new Set(answered.map(({ id }) => id))];
}
