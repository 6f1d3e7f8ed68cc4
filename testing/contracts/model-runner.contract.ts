import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Chipset, ModelRunner, RunningModel, Servable, StartOptions } from '#runners';
import { CouldNotRun, float32Of, type InferRequest } from '#kernel';

export type Behaviour =
  | 'good'
  | 'never-ready'
  | 'dies-at-once'
  | 'unfit-model'
  | 'bad-metadata'
  | 'crashes'
  | 'garbage'
  | 'truncated'
  | 'short-tensor'
  | 'endless'
  | 'silent'
  | 'error'
  | 'json-only'
  | 'eats-memory'
  | 'floods';

export type Setup = {
  runner: ModelRunner;
  /** A servable of testing/model-servers/scripted.ts, or of what behaves as it does. */
  servable(behaviour: Behaviour): Promise<Servable>;
  chipset: Chipset;
};

const picture = (first: number): InferRequest => ({
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(first, 1, 2, 3)] }],
});

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const thrown: unknown = await promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(CouldNotRun);
  return (thrown as CouldNotRun).message;
}

type Start = (behaviour: Behaviour, options?: StartOptions) => Promise<RunningModel>;

/** Starts models, and stops them after each test. */
function starter(prepare: () => Promise<Setup>): Start {
  const running: RunningModel[] = [];
  afterEach(async () => {
    for (const model of running.splice(0)) await model.stop();
  });
  return async (behaviour, options = {}) => {
    const setup = await prepare();
    const model = await setup.runner.start(await setup.servable(behaviour), setup.chipset, { answerWithin: 2000, ...options });
    running.push(model);
    return model;
  };
}

/** What every model runner must do with a good model. */
export function describeModelRunner(name: string, prepare: () => Promise<Setup>): void {
  describe(`a model runner: ${name}`, () => {
    const start = starter(prepare);

    it('serves a model: describes it and answers with its tensors', async () => {
      const model = await start('good');
      expect(model.metadata).toMatchObject({ name: 'model', outputs: [{ name: 'scores' }] });
      const { outputs } = await model.infer(picture(7));
      expect(outputs.map(({ shape }) => shape)).toEqual([[1, 3]]);
      expect(outputs.flatMap((output) => [...float32Of(output)])).toEqual([1, 1, 3]);
    });

    it('answers several requests in flight, each with its own', async () => {
      const model = await start('good');
      const answers = await Promise.all(Array.from({ length: 12 }, async (_, first) => await model.infer(picture(first))));
      const scores = answers.map(({ outputs }) => outputs.flatMap((output) => [...float32Of(output)]));
      expect(scores).toEqual(Array.from({ length: 12 }, (_, first) => [first % 2, first % 3, first % 4]));
    });

    it('answers nothing while paused, and goes on when resumed', async () => {
      const model = await start('good');
      await model.infer(picture(1));
      await model.resume();
      await model.pause();
      await model.pause();
      let answered = false;
      const late = model.infer(picture(2)).then(() => (answered = true));
      await sleep(300);
      expect(answered).toBe(false);
      await model.resume();
      await late;
      expect(answered).toBe(true);
    });

    it('knows the most memory that the model has held', async () => {
      const model = await start('good');
      const peak = await model.peakMemory();
      expect(peak ?? Number.POSITIVE_INFINITY).toBeGreaterThan(1024 * 1024);
    });

    it('can be stopped twice, and while paused', async () => {
      const model = await start('good');
      await model.pause();
      await model.stop();
      await model.stop();
      expect(await messageOf(model.infer(picture(1)))).toMatch(/remedy: /);
    });

    it('starts nothing for whoever has already given up', async () => {
      await expect(start('good', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    });
  });
}

/** What a runner of real model servers must do with bad ones. */
export function describeBadModels(name: string, prepare: () => Promise<Setup>): void {
  describe(`bad models in a model runner: ${name}`, () => {
    const start = starter(prepare);

    it('says what a model printed that dies before it is ready', async () => {
      const message = await messageOf(start('dies-at-once'));
      expect(message).toMatch(/the model crashed: exit code 1/);
      expect(message).toMatch(/no such operator: Frobnicate/);
    });

    it("passes on what our runtime finds wrong with a model, at the model's own line", async () => {
      expect(await messageOf(start('unfit-model'))).toBe('model.yaml:7: no such kernel\n  remedy: use lanczos3');
    });

    it('gives up on a model that is never ready', async () => {
      expect(await messageOf(start('never-ready', { readyWithin: 700 }))).toMatch(/it was not ready within 0\.7 s/);
    });

    it('refuses metadata that is none', async () => {
      expect(await messageOf(start('bad-metadata'))).toMatch(/outputs/);
    });

    it('tells at once that a model crashed in the middle, with its exit code and the end of its log', async () => {
      const model = await start('crashes', { answerWithin: 20_000 });
      await model.infer(picture(1));
      await model.infer(picture(1));
      const begun = performance.now();
      const message = await messageOf(model.infer(picture(1)));
      expect(message).toMatch(/the model crashed: exit code 3/);
      expect(message).toMatch(/\nSegmentation fault in layer 7\n/);
      expect(performance.now() - begun).toBeLessThan(5000);
      await model.pause();
      await model.resume();
      expect(await messageOf(model.infer(picture(1)))).toMatch(/exit code 3/);
    });

    it.each([
      ['garbage', /not as the inference protocol has it: .*<html>certainly no tensors/],
      ['truncated', /\/infer failed: /],
      ['short-tensor', /tensor "scores": 2 elements where its shape holds 3/],
      ['error', /status 500: .*CUDA out of luck/],
    ] as const)('says what came back when the answer is %s', async (behaviour, expected) => {
      const model = await start(behaviour);
      expect(await messageOf(model.infer(picture(1)))).toMatch(expected);
    });

    it.each(['endless', 'silent'] as const)('ends a wait that is %s at its deadline', async (behaviour) => {
      const model = await start(behaviour, { answerWithin: 500 });
      const begun = performance.now();
      expect(await messageOf(model.infer(picture(1)))).toMatch(/not answered within 500 ms/);
      expect(performance.now() - begun).toBeLessThan(3000);
    });

    it('ends a model that takes more memory than its chipset has, and says so', async () => {
      const model = await start('eats-memory', { answerWithin: 30_000 });
      expect(await messageOf(model.infer(picture(1)))).toMatch(/memory.*\n?.*limits\.memory/s);
    });

    it('is not drowned by a model that prints without end', async () => {
      const model = await start('floods');
      expect((await model.infer(picture(3))).outputs).toHaveLength(1);
    });

    it('speaks JSON to a server that has no binary tensors, and says so', async () => {
      const model = await start('json-only');
      expect(model.manner()).toBeNull();
      for (const first of [5, 6]) {
        const { outputs } = await model.infer(picture(first));
        expect(outputs.flatMap((output) => [...float32Of(output)])).toEqual([first % 2, first % 3, first % 4]);
      }
      expect(model.manner()).toMatch(/no binary tensors/);
    });

    it('stops waiting when it is told to', async () => {
      const signal = AbortSignal.timeout(400);
      const begun = performance.now();
      await expect(start('never-ready', { signal })).rejects.toThrow(/abort|timeout/i);
      expect(performance.now() - begun).toBeLessThan(5000);
    });
  });
}
