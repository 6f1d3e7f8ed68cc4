import { CouldNotRun, type Clock } from '#kernel';
import type { CodeHost, PullRequestComment } from '#codehost';
import { contradicted, factsOf, type WaiverFact } from '#history';
import type { Entry, Ledger } from '#ledger';
import { acceptRecord } from '../accept-record.ts';
import { parseAcceptCommand, USAGE } from './parse-command.ts';

/** What became of a comment. `ignored`: it asks for nothing. */
export type Acknowledgement =
  | { kind: 'ignored' }
  | { kind: 'refused'; pullRequest: number; author: string; reason: string }
  | { kind: 'accepted'; pullRequest: number; author: string; accepted: readonly { fact: WaiverFact; what: string }[] };

export type CommentPorts = {
  codeHost: Pick<CodeHost, 'comments' | 'collaborators' | 'pullRequests'>;
  ledger: Ledger;
  clock: Clock;
};

/**
 * Writes down that the author of a comment answers for what is undecided on its pull request. Only who may write to the
 * repository can, which the code host says and the comment does not; and only for what had been found when it was written.
 */
export async function acceptComment(id: number, ports: CommentPorts): Promise<Acknowledgement> {
  const { codeHost, ledger, clock } = ports;
  const comment = await codeHost.comments.get(id);
  const command = comment === null ? null : parseAcceptCommand(comment.body);
  if (comment === null || command === null || command.kind === 'other') return { kind: 'ignored' };
  const refused = (reason: string): Acknowledgement => ({ kind: 'refused', ...about(comment), reason });
  if (!(await codeHost.collaborators.mayWrite(comment.author)))
    return refused('only somebody with write access may answer for a verdict');
  if (command.kind === 'unclear') return refused(`it is written otherwise: ${USAGE}, on the first line`);
  const { head } = await codeHost.pullRequests.get(comment.pullRequest);
  const records = command.record === null ? undecided(await ledger.entries(), head, comment.createdAt) : [command.record];
  if (records.length === 0) return refused(`when it was written, no verdict on ${head.slice(0, 12)} was undecided`);
  const words = { by: comment.author, why: command.why, until: command.until };
  try {
    const accepted = [];
    for (const record of records) accepted.push(await acceptRecord({ ...words, record }, { ledger, clock }));
    return { kind: 'accepted', ...about(comment), accepted };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return refused(thrown.problems.map(({ message, remedy }) => `${message}; ${remedy}`).join('; '));
  }
}

function about({ pullRequest, author }: PullRequestComment): { pullRequest: number; author: string } {
  return { pullRequest, author };
}

/** Of each model the last verdict on a commit, if somebody has to answer for it and it was there to be read. */
function undecided(entries: readonly Entry[], head: string, before: string): string[] {
  const verdicts = factsOf(entries, 'verdict').filter(
    ({ fact }) => fact.head === head && Date.parse(fact.at) <= Date.parse(before),
  );
  const last = new Map(verdicts.map((verdict) => [verdict.fact.model, verdict]));
  return [...last.values()]
    .filter((verdict) => verdict.fact.outcome === 'inconclusive' || contradicted(entries, verdict) !== null)
    .map(({ id }) => id);
}
