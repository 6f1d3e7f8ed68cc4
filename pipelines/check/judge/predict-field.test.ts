import { describe, expect, it } from 'vitest';
import { factsOf } from '#history';
import { memoryCheck, memoryConfig, type MemoryCheck } from '../../../testing/worlds/memory-check.ts';
import { bench, falseAlarms, finding } from '../../../testing/reports/report-findings.ts';
import { predictField, recordOutcome } from './predict-field.ts';

const predict = ({ planned, context }: MemoryCheck, prediction: 'may be new' | 'must stand' = 'may be new', research = [bench]) =>
  predictField(planned, research, context, prediction);

const factsIn = async <K extends 'prediction' | 'outcome'>({ ports }: MemoryCheck, kind: K) =>
  factsOf(await ports.ledger.entries(), kind).map(({ fact }) => fact);

const marginOf = (line: string) => (line.includes('hour') ? '200' : line.includes('time') ? '1s' : '20%');
const gates = (...lines: string[]) =>
  memoryConfig().replace(
    /gates:[^]*/,
    `gates:\n  porch:\n${lines.map((line) => `    - { ${line}, margin: ${marginOf(line)} }\n`).join('')}`,
  );
const [ofBench, ofStreet] = ['dataset: bench, metric: top1', 'dataset: street, metric: event-recall'];
const [alarms, delay] = ['dataset: street, metric: false-alarms-per-hour', 'dataset: street, metric: time-to-detect'];

describe('what is predicted of the field', () => {
  it('says what was asked, what research found of it, and when', async () => {
    const check = await memoryCheck();
    const prediction = await predict(check);
    expect(await factsIn(check, 'prediction')).toEqual([
      {
        kind: 'prediction',
        model: 'porch',
        head: 'head',
        candidate: check.planned.candidate.release,
        reference: check.planned.references[0]?.resolved.release,
        dataset: 'street',
        datasetDigest: expect.stringMatching(/^sha256:/),
        metric: 'event-recall',
        research: bench.gain,
        field: prediction?.shown.gain,
        basis: 'the prior alone: no earlier release has shown how research gains fared',
        at: '2026-03-02T00:00:00.000Z',
        benches: [{ dataset: 'bench', metric: 'top1', gain: bench.gain }],
      },
    ]);
  });

  it.each<[string, string, string | null]>([
    ['the metric that its task is about', gates(ofBench, alarms, ofStreet), 'event-recall'],
    ['else the first that a gate names', gates(ofBench, delay), 'time-to-detect'],
    ['and nothing where no gate is on a replay', gates(ofBench), null],
  ])('is %s', async (_, config, metric) => {
    const prediction = await predict(await memoryCheck({ config }));
    expect(prediction?.shown.metric ?? null).toBe(metric);
  });

  it('is nothing of a first release', async () => {
    const check = await memoryCheck({ base: null });
    expect(await predict(check)).toBeNull();
    expect(await factsIn(check, 'prediction')).toEqual([]);
  });

  it.each([
    [
      'a slice',
      finding({ gain: 0.1, half: 0.1, candidate: 1, reference: 1 }, { ...bench, slice: { by: 'light', value: 'day' } }),
    ],
    ['an anchor', { ...bench, against: 'anchor' as const }],
    ['another metric', { ...bench, metric: 'top5' }],
  ])('rests on no research gain of %s', async (_, research) => {
    const check = await memoryCheck();
    await predict(check, 'may be new', [research]);
    expect(await factsIn(check, 'prediction')).toMatchObject([{ research: null }]);
  });

  it('stands once it is said: the replay may have been seen since', async () => {
    const check = await memoryCheck();
    const first = await predict(check);
    expect(await predict(check, 'must stand', [])).toEqual(first);
    expect(await predict(check, 'may be new', [])).toEqual(first);
    expect(await factsIn(check, 'prediction')).toHaveLength(1);
  });

  it('is not said for the first time where it must stand', async () => {
    const check = await memoryCheck();
    await expect(predict(check, 'must stand')).rejects.toThrow(/nothing was predicted of porch on street before it was replayed/);
    expect(await check.ports.ledger.entries()).toEqual([]);
  });

  it('is said anew of another release', async () => {
    const check = await memoryCheck();
    const other = await memoryCheck({ head: 'worse', ports: { ledger: check.ports.ledger } });
    const records = [await predict(check), await predict(other)].map((prediction) => prediction?.record);
    expect(new Set(records).size).toBe(2);
  });
});

describe('what the field then showed', () => {
  const shown = finding({ gain: 0.1, half: 0.05, candidate: 0.9, reference: 0.8 });

  it('answers the prediction, once', async () => {
    const check = await memoryCheck();
    const prediction = await predict(check);
    if (prediction === null) throw new Error('it is predicted');
    await recordOutcome(prediction, [falseAlarms, shown], check.ports);
    await recordOutcome(prediction, [falseAlarms, shown], check.ports);
    expect(await factsIn(check, 'outcome')).toEqual([
      {
        kind: 'outcome',
        prediction: prediction.record,
        model: 'porch',
        dataset: 'street',
        metric: 'event-recall',
        field: shown.gain,
        places: [],
      },
    ]);
  });

  it('is told for each site where the gate looks at sites', async () => {
    const check = await memoryCheck();
    const prediction = await predict(check);
    if (prediction === null) throw new Error('it is predicted');
    const lobby = { ...shown, chipset: 'edge', slice: { by: 'site', value: 'lobby' } };
    await recordOutcome(prediction, [shown, lobby, { ...lobby, slice: { by: 'light', value: 'day' } }], check.ports);
    expect(await factsIn(check, 'outcome')).toMatchObject([{ places: [{ site: 'lobby', chipset: 'edge', field: shown.gain }] }]);
  });

  it.each([
    ['a slice of it', { ...shown, slice: { by: 'light', value: 'day' } }],
    ['a bound', { ...shown, against: 'bound' as const }],
    ['another metric', falseAlarms],
    ['another dataset', { ...shown, dataset: 'garden' }],
  ])('is not what is found of %s', async (_, other) => {
    const check = await memoryCheck();
    const prediction = await predict(check);
    if (prediction === null) throw new Error('it is predicted');
    await recordOutcome(prediction, [other], check.ports);
    expect(await factsIn(check, 'outcome')).toEqual([]);
  });
});
