import { CouldNotRun, type Clock, type Digest } from '#kernel';
import type { Entry, Ledger } from '#ledger';
import { contradicted, factsOf, type WaiverFact, appendFacts } from '#history';

export type Acceptance = { record: string; by: string; why: string; until: string };

/** Writes down that somebody answers for a record: an inconclusive verdict, or a release that is held. Said again, it changes nothing. */
export async function acceptRecord(
  acceptance: Acceptance,
  { ledger, clock }: { ledger: Ledger; clock: Clock },
): Promise<{ fact: WaiverFact; what: string }> {
  const { by, why, until } = acceptance;
  const now = clock.now();
  const { id, model, what } = findRecord(await ledger.entries(), acceptance.record);
  const problems = [
    ...(by.trim() === '' ? [problem('--by', 'names nobody', 'say who answers for it')] : []),
    ...(why.trim() === '' ? [problem('--why', 'gives no reason', 'say why it may go on without a pass')] : []),
    ...dateProblems(until, now),
  ];
  if (problems.length > 0) throw new CouldNotRun(problems);
  const fact: WaiverFact = { kind: 'waiver', model, record: id, by, why, until, at: now.toISOString() };
  const said = factsOf(await ledger.entries(), 'waiver').find(({ fact: other }) => sameWords(other, fact));
  if (said === undefined) await appendFacts(ledger, [fact]);
  return { fact: said?.fact ?? fact, what };
}

function sameWords(one: WaiverFact, other: WaiverFact): boolean {
  return (['record', 'by', 'why', 'until'] as const).every((key) => one[key] === other[key]);
}

const problem = (field: string, message: string, remedy: string) => ({ file: 'fieldproof accept', field, message, remedy });

function dateProblems(until: string, now: Date) {
  const isDay =
    /^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(Date.parse(until)) && new Date(until).toISOString().startsWith(until);
  if (!isDay)
    return [problem('--until', `${until} is no day`, 'write it as 2026-12-31; it holds until the end of that day (UTC)')];
  if (until >= now.toISOString().slice(0, 10)) return [];
  return [problem('--until', `${until} is over`, 'name a day to come')];
}

/** Letters of a record's id that are enough to name it. */
const SHORTEST = 8;

function findRecord(entries: readonly Entry[], named: string): { id: Digest; model: string; what: string } {
  const hex = named.replace(/^sha256:/, '');
  const found = hex.length < SHORTEST ? [] : entries.filter(({ record }) => record.id.startsWith(`sha256:${hex}`));
  const [entry] = found;
  if (entry === undefined || found.length > 1) {
    const message = entry === undefined ? `the ledger has no record ${named}` : `${named} begins the ids of several records`;
    throw new CouldNotRun(problem('--record', message, 'give an id as fieldproof ledger, the report or the refusal shows it'));
  }
  const hold = factsOf([entry], 'hold')[0];
  if (hold !== undefined) return { id: hold.id, model: hold.fact.model, what: 'the hold on its release' };
  const verdict = factsOf([entry], 'verdict')[0];
  if (verdict?.fact.outcome === 'inconclusive')
    return { id: verdict.id, model: verdict.fact.model, what: 'its inconclusive verdict' };
  const [passed] = factsOf(entries, 'verdict').filter(({ id }) => id === entry.record.id);
  if (passed !== undefined && contradicted(entries, passed) !== null)
    return { id: passed.id, model: passed.fact.model, what: 'its pass, after a fail of the same' };
  throw new CouldNotRun(
    problem(
      '--record',
      refusal(verdict?.fact.outcome),
      'name an inconclusive verdict, a pass after a fail of the same, or a hold',
    ),
  );
}

function refusal(outcome: string | undefined): string {
  if (outcome === 'fail')
    return 'its verdict is fail, and a fail cannot be waived: change the gate in fieldproof.yaml, for all to see';
  return outcome === 'pass' ? 'its verdict is a pass, which needs nobody to answer for it' : 'it is neither a verdict nor a hold';
}
