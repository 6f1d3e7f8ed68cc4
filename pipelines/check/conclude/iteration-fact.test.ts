import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { appendFacts, type AlarmFact } from '#history';
import { COMMITTED } from '../../../testing/fakes/memory-models.ts';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { iterationFact } from './iteration-fact.ts';

const verdict = digestOf('verdict');
const BUILT = { from: '2026-02-03T08:00:00.000Z', to: '2026-02-03T08:02:00.000Z' };
const alarm: AlarmFact = {
  kind: 'drift',
  model: 'porch',
  site: 'lobby',
  signal: 'recall',
  state: 'raised',
  raised: '2026-02-01',
  started: '2026-01-30',
  ended: null,
  why: null,
  statistic: 'recall of events',
  slice: '',
  before: 0.9,
  since: 0.7,
  evidence: 50,
  needed: 40,
  falseAlarmRate: 0.05,
};

/** The fact of a change whose one commit says this. */
async function factOf(message: (alarmed: string) => string, more: { model?: string } = {}) {
  const { ports, context, modelChange } = await memoryCheck();
  const [id = digestOf('')] = await appendFacts(ports.ledger, [{ ...alarm, ...more }]);
  const describeCommit = async () => ({ author: 'A', subject: 'Train on rain', body: message(id), date: COMMITTED });
  const repository = { ...ports.repository, describe: describeCommit };
  const given = { ...context, ports: { ...context.ports, repository } };
  return { id, fact: await iterationFact({ model: modelChange.model, built: BUILT, verdict }, given) };
}

describe('what an iteration was before its verdict', () => {
  it('is its commits, and when it was asked for and begun', async () => {
    const { fact } = await factOf(() => '');
    const at = COMMITTED.toISOString();
    expect(fact).toMatchObject({
      kind: 'iteration',
      model: 'porch',
      verdict,
      head: 'head',
      queued: null,
      built: BUILT,
      answers: [],
    });
    expect(fact.commits).toEqual({ count: 1, first: at, last: at });
    expect(Date.parse(fact.began)).not.toBeNaN();
  });

  it.each<[string, (id: string) => string]>([
    ['whole', (id) => `Fieldproof-Answers: ${id}`],
    [
      'by its first digits',
      (id) => `More rain.\n\nFieldproof-Answers: ${id.slice(7, 19)}\nSigned-off-by: A Person <a@example.com>`,
    ],
  ])('names the alarm that a commit says it answers, %s', async (_, message) => {
    const { id, fact } = await factOf(message);
    expect(fact.answers).toEqual([id]);
  });

  it.each<[string, (id: string) => string, { model?: string }]>([
    ['too few digits', (id) => `Fieldproof-Answers: ${id.slice(7, 12)}`, {}],
    ['another record', () => `Fieldproof-Answers: ${'ab'.repeat(8)}`, {}],
    ['an alarm of another model', (id) => `Fieldproof-Answers: ${id}`, { model: 'door' }],
    ['a word in a sentence', (id) => `see Fieldproof-Answers: ${id}`, {}],
  ])('answers nothing by %s', async (_, message, more) => {
    expect((await factOf(message, more)).fact.answers).toEqual([]);
  });
});
