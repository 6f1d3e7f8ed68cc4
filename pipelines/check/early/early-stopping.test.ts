import { describe, expect, it } from 'vitest';
import { factsOf } from '#history';
import { memoryCheck, memoryConfig, memoryPorts, type MemoryCheckOptions } from '../../../testing/worlds/memory-check.ts';
import { ITEMS } from '../../../testing/worlds/small-datasets.ts';
import { checkModelChange } from '../check-model-change.ts';
import { completeStopped } from '../complete-stopped.ts';
import { judgeModel, predictBeforeReplay } from '../judge/judge-model.ts';
import type { ModelPart } from '../parts/part.ts';
import { drawOrder, looksAt } from './draw-order.ts';

const config = memoryConfig('early-stopping: to-fail\n');
const open = async (options: MemoryCheckOptions = {}) => await memoryCheck({ config, head: 'worse', ...options });
/** Right of every picture, and blind to people in clips. */
const blind = { old: { right: 50, found: 50 }, blind: { right: 60, found: 5 } };

type Stopped = ModelPart['measured']['stopped'];
const measuring = (part: ModelPart, measured: Partial<ModelPart['measured']>): ModelPart => ({
  ...part,
  measured: { ...part.measured, ...measured },
});

describe('a check that may end early', () => {
  it('ends as soon as it is sure, with the answers to those that it asked', async () => {
    const { measured } = await (await open()).measure('research');
    const asked = measured.stopped?.asked ?? ITEMS;
    expect(measured.stopped).toEqual({ dataset: 'bench', chipset: 'edge', asked });
    expect(looksAt(ITEMS)).toContain(asked);
    expect(measured.answers.map(({ answers }) => answers.length)).toEqual([asked, asked]);
  });

  it.each<[string, MemoryCheckOptions]>([
    ['what is better', { head: 'better' }],
    ['any, where it is asked as a whole', { request: { whole: true } }],
    ['any, where policy does not say so', { config: memoryConfig() }],
  ])('asks %s to the end', async (_, options) => {
    const { measured } = await (await open(options)).measure('research');
    expect(measured.stopped).toBeUndefined();
    expect(measured.answers.map(({ answers }) => answers.length)).toEqual([ITEMS, ITEMS]);
  });

  it('fails, says so in its record, and leaves no prediction for calibration', async () => {
    const { request, ports } = memoryPorts({ config, head: 'worse' });
    const report = await checkModelChange(request, ports);
    const [model] = report.models;
    expect(model).toMatchObject({ outcome: 'fail', prediction: null, latency: [], stopped: { dataset: 'bench', of: ITEMS } });
    expect(report.headline).toMatch(/on bench, .* fell by more than is allowed: so much was lost in \d+ of 60 drawn at random/);
    const entries = await ports.ledger.entries();
    expect(factsOf(entries, 'verdict').map(({ fact }) => [fact.outcome, fact.stopped?.dataset, fact.earlyStopping])).toEqual([
      ['fail', 'bench', 'last look at 96%'],
    ]);
    expect([...factsOf(entries, 'prediction'), ...factsOf(entries, 'outcome')]).toEqual([]);
  });

  it('ends in the replay too: what research said stands, and the outcome stays open', async () => {
    const { request, ports } = memoryPorts({ config, head: 'blind', skills: blind });
    const report = await checkModelChange(request, ports);
    expect(report.models[0]).toMatchObject({ outcome: 'fail', stopped: { dataset: 'street' } });
    expect(report.models[0]?.findings.map(({ metric, outcome }) => [metric, outcome])).toEqual([
      ['top1', 'pass'],
      ['event-recall', 'fail'],
    ]);
    const entries = await ports.ledger.entries();
    expect([factsOf(entries, 'prediction').length, factsOf(entries, 'outcome').length]).toEqual([1, 0]);
  });

  it('is completed at night: the outcome of its prediction comes, and its verdict stands', async () => {
    const { request, ports } = memoryPorts({ config, head: 'blind', skills: blind });
    await checkModelChange(request, ports);
    const completed = await completeStopped('base', ports);
    expect(completed).toMatchObject([{ model: 'porch', left: null }]);
    const entries = await ports.ledger.entries();
    expect(factsOf(entries, 'completion')).toMatchObject([{ fact: { verdict: completed[0]?.verdict, outcome: 'fail' } }]);
    expect([factsOf(entries, 'prediction').length, factsOf(entries, 'outcome').length]).toEqual([1, 1]);
    expect(factsOf(entries, 'verdict')).toHaveLength(1);
    expect(await completeStopped('base', ports)).toEqual([]);
  });

  it('passes what loses nothing, with the same findings as a check that may not', async () => {
    const findings = async (text: string) => {
      const { request, ports } = memoryPorts({ config: text, head: 'better' });
      return (await checkModelChange(request, ports)).models[0]?.findings;
    };
    expect(await findings(config)).toEqual(await findings(memoryConfig()));
  });

  it('asks nobody twice where everything is asked anew', async () => {
    const check = await open({ head: 'better', request: { fresh: true } });
    await check.measure('research');
    const { measured } = await check.measure('research');
    expect(
      measured.answers.map(({ answers, reused }) => [answers.length, new Set(answers.map(({ id }) => id)).size, reused]),
    ).toEqual([
      [ITEMS, ITEMS, 0],
      [ITEMS, ITEMS, 0],
    ]);
  });

  it('goes on where it was: what was asked is not asked again, and it ends after as many', async () => {
    const check = await open();
    const [once, again] = [await check.measure('research'), await check.measure('research')];
    expect(again.measured.stopped).toEqual(once.measured.stopped);
    expect(again.measured.answers.map(({ reused }) => reused)).toEqual(
      once.measured.answers.map(({ answers }) => answers.length),
    );
  });
});

describe('a part that says it ended early', () => {
  it.each<[string, (part: ModelPart) => ModelPart, RegExp, MemoryCheckOptions?]>([
    [
      'where its answers are no reason to',
      (part) =>
        measuring(part, {
          answers: part.measured.answers.map((set) => ({ ...set, answers: part.measured.answers[1]?.answers ?? [] })) as never,
        }),
      /ended early, and its \d+ answers are no reason to/,
    ],
    [
      'where nobody looks',
      (part) => measuring(part, { stopped: { ...(part.measured.stopped as NonNullable<Stopped>), asked: 17 } }),
      /ended after 17 of 60, and nobody looks there/,
    ],
    [
      'with answers left out',
      (part) =>
        measuring(part, { answers: part.measured.answers.map((set) => ({ ...set, answers: set.answers.slice(1) })) as never }),
      /has no answer/,
    ],
    [
      'of nothing that is compared',
      (part) => measuring(part, { stopped: { dataset: 'attic', chipset: 'edge', asked: 18 } }),
      /where nothing is compared/,
    ],
    ['where policy lets nothing end', (part) => part, /policy says that nothing does/, { config: memoryConfig() }],
  ])('is refused %s', async (_, forge, expected, judging = {}) => {
    const part = forge(await (await open()).measure('research'));
    const { planned, context } = await open(judging);
    const before = await predictBeforeReplay(planned, [part], context);
    await expect(judgeModel(planned, before, [part], context)).rejects.toThrow(expected);
  });
});

describe('the order in which a dataset is asked', () => {
  it('is drawn by the seed and the dataset, and holds each once', async () => {
    const dataset = (await open()).planned.datasets.research[0]?.dataset;
    if (dataset === undefined) throw new Error('there is a bench');
    const order = drawOrder(dataset, 1);
    expect(new Set(order).size).toBe(ITEMS);
    expect(drawOrder(dataset, 1)).toEqual(order);
    expect(drawOrder(dataset, 2)).not.toEqual(order);
    expect(drawOrder({ ...dataset, digest: `sha256:${'1'.repeat(64)}` }, 1)).not.toEqual(order);
  });

  it.each([
    [10, []],
    [60, [18, 24, 30, 36]],
    [1000, [30, 60, 90, 120, 150, 200, 250, 300, 400, 500, 600]],
  ])('of %i is looked at after %j', (count, looks) => {
    expect(looksAt(count)).toEqual(looks);
  });
});
