import { describe, expect, it } from 'vitest';
import { memoryCheck, type MemoryCheck } from '../../../testing/worlds/memory-check.ts';
import type { ModelPart } from '../parts/part.ts';
import { judgeModel, predictBeforeReplay } from './judge-model.ts';

async function judge({ planned, context }: MemoryCheck, parts: readonly ModelPart[]) {
  return await judgeModel(planned, await predictBeforeReplay(planned, parts, context), parts, context);
}

async function measured(check: MemoryCheck): Promise<[ModelPart, ModelPart]> {
  return [await check.measure('research'), await check.measure('replay')];
}

type Answers = ModelPart['measured']['answers'][number];

const kindsIn = async ({ ports }: MemoryCheck) => (await ports.ledger.entries()).map(({ record }) => record.fact.kind);

describe('the judgement of a model', () => {
  it.each([
    ['better', { top1: 'pass', 'event-recall': 'pass', 'false-alarms-per-hour': 'pass', 'latency-p50': 'pass' }],
    ['worse', { top1: 'fail', 'event-recall': 'fail', 'false-alarms-per-hour': 'pass', 'latency-p50': 'pass' }],
    ['slow', { top1: 'pass', 'event-recall': 'pass', 'false-alarms-per-hour': 'pass', 'latency-p50': 'fail' }],
  ])('that is %s finds by every gate', async (head, expected) => {
    const check = await memoryCheck({ head });
    const { findings } = await judge(check, await measured(check));
    const whole = findings.filter(({ slice, role }) => slice === null && role === 'decides');
    expect(Object.fromEntries(whole.map(({ metric, outcome }) => [metric, outcome]))).toEqual(expected);
  });

  it('rests on a prediction that is in the ledger before any clip is scored', async () => {
    const check = await memoryCheck();
    await judge(check, await measured(check));
    expect(await kindsIn(check)).toEqual(['evaluation', 'evaluation', 'prediction', 'evaluation', 'evaluation', 'outcome']);
  });

  it('is the same whoever has the parts, and however often it is made', async () => {
    const check = await memoryCheck({ head: 'worse' });
    const parts = await measured(check);
    const once = await judge(check, parts);
    const known = await kindsIn(check);
    expect(await judge(check, parts)).toEqual(once);
    expect(await kindsIn(check)).toEqual(known);
    expect(await judge(await memoryCheck({ head: 'worse' }), parts)).toEqual(once);
  });

  it('is undecided about a chipset one of whose rounds is missing, and names it', async () => {
    const check = await memoryCheck();
    const { findings, latency } = await judge(check, [await check.measure('research')]);
    expect(findings.find(({ metric }) => metric === 'chipset')).toMatchObject({
      outcome: 'inconclusive',
      reason: 'edge was not measured: its replay part never came',
    });
    expect(latency).toEqual([]);
  });

  it('has no prediction of a first release, and decides by bounds alone', async () => {
    const check = await memoryCheck({ base: null });
    const { findings, prediction, exhibits } = await judge(check, await measured(check));
    expect(prediction).toBeNull();
    expect(exhibits).toEqual([]);
    expect(findings.map(({ metric, against, outcome }) => [metric, against, outcome])).toEqual([
      ['top1', 'bound', 'inconclusive'],
      ['event-recall', 'bound', 'inconclusive'],
      ['false-alarms-per-hour', 'bound', 'pass'],
    ]);
  });

  it('shows what was lost and won, and says what was not asked for anew', async () => {
    const check = await memoryCheck({ head: 'worse' });
    await measured(check);
    const { exhibits, notes } = await judge(check, await measured(check));
    expect(exhibits.map(({ change, dataset }) => `${change} on ${dataset}`)).toEqual([
      ...Array.from({ length: 8 }, () => 'lost on street'),
      ...Array.from({ length: 8 }, () => 'lost on bench'),
    ]);
    expect(notes.at(-1)).toBe('240 trials were scored before (same model, runtime, dataset and task version) and reused.');
  });

  it('refuses research answers that cannot be answers to the dataset', async () => {
    const check = await memoryCheck();
    const part = await check.measure('research');
    const cutShort = (set: Answers) => (set.task === 'classification' ? { ...set, answers: set.answers.slice(1) } : set);
    const cut = { ...part, measured: { ...part.measured, answers: part.measured.answers.map(cutShort) } };
    await expect(judge(check, [cut])).rejects.toMatchObject({
      place: { round: 'research', chipset: 'edge' },
      reason: '0.png of bench has no answer',
    });
    expect(await kindsIn(check)).toEqual([]);
  });
});
