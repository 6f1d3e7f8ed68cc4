import { describe, expect, it } from 'vitest';
import { factsOf } from '#history';
import { memoryCheck, type MemoryCheck } from '../../../testing/worlds/memory-check.ts';
import type { ModelPart } from '../parts/part.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import { gatherTrials } from './gather-trials.ts';

async function gather({ planned, context }: MemoryCheck, parts: readonly ModelPart[], twice = false) {
  const { comparisons } = planComparisons(planned, parts);
  return await gatherTrials(planned, twice ? [...comparisons, ...comparisons] : comparisons, parts, context);
}

type Answers = ModelPart['measured']['answers'];

function withAnswers(part: ModelPart, change: (answers: Answers) => Answers): ModelPart {
  return { ...part, measured: { ...part.measured, answers: change(part.measured.answers) } };
}

describe('trials from parts', () => {
  it('are of both sides, held against the truth', async () => {
    const check = await memoryCheck();
    const [scored] = await gather(check, [await check.measure('research')]);
    const right = (trials: readonly object[] = []) =>
      trials.filter((one) => 'truth' in one && 'ranked' in one && Array.isArray(one.ranked) && one.ranked[0] === one.truth)
        .length;
    expect([right(scored?.candidate.trials), right(scored?.reference?.trials)]).toEqual([60, 50]);
  });

  it('are in the ledger, by digest, before anything follows from them', async () => {
    const check = await memoryCheck();
    const research = await gather(check, [await check.measure('research')]);
    const scored = [...research, ...(await gather(check, [await check.measure('replay')]))];
    expect(scored.map(({ open }) => open.dataset.name)).toEqual(['bench', 'street']);
    const facts = factsOf(await check.ports.ledger.entries(), 'evaluation').map(({ fact }) => [
      fact.dataset,
      fact.task,
      fact.trials,
    ]);
    expect(facts).toEqual([
      ['bench', 'classification', 60],
      ['bench', 'classification', 60],
      ['street', 'events', 60],
      ['street', 'events', 60],
    ]);
  });

  it('are gathered once of a subject that is compared twice', async () => {
    const check = await memoryCheck();
    const [first, second] = await gather(check, [await check.measure('research')], true);
    expect(first?.candidate).toBe(second?.candidate);
    expect(await check.ports.ledger.entries()).toHaveLength(2);
  });

  it('say how many of them were answered before', async () => {
    const check = await memoryCheck();
    await check.measure('research');
    const [scored] = await gather(check, [await check.measure('research')]);
    expect([scored?.candidate.reused, scored?.reference?.reused]).toEqual([60, 60]);
  });

  it.each<[string, (answers: Answers) => Answers, RegExp]>([
    [
      'no answers of a subject',
      (answers) => answers.slice(1),
      /^it holds no answers of the default weights to bench as it is pinned$/,
    ],
    [
      'those of another task version',
      (answers) => answers.map((set) => ({ ...set, key: { ...set.key, taskVersion: 1 } })),
      /no answers of the default/,
    ],
    [
      'those of other weights',
      (answers) => answers.map((set) => ({ ...set, key: { ...set.key, variant: 'int8' } })),
      /no answers of the default/,
    ],
    [
      'too few',
      (answers) => answers.map((set) => (set.task === 'classification' ? { ...set, answers: set.answers.slice(1) } : set)),
      /0\.png of bench has no answer/,
    ],
  ])('are refused with the part that holds %s, and nothing of it is recorded', async (_, change, reason) => {
    const check = await memoryCheck();
    const part = withAnswers(await check.measure('research'), change);
    await expect(gather(check, [part])).rejects.toMatchObject({
      place: { round: 'research', chipset: 'edge' },
      reason: expect.stringMatching(reason),
    });
    expect(await check.ports.ledger.entries()).toEqual([]);
  });
});
