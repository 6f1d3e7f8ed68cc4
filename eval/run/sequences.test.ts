import { describe, expect, it } from 'vitest';
import type { ClassificationDataset, OpenDataset, Sample } from '#datasets';
import { digestOf, type InferRequest } from '#kernel';
import { fakeModelRunner, type FakeModel } from '../../testing/fakes/fake-model-runner.ts';
import type { RunningModel } from '../../runners/model-runner.ts';
import { classification } from '../../tasks/classification/classification.ts';
import type { Ranking } from '../../tasks/classification/answer.ts';
import { askPictures } from './ask-pictures.ts';
import { HERE, nowhere } from '../../testing/fakes/somewhere.ts';

const seer: FakeModel = { classes: 3, threshold: 0.5, score: ([shown = 0]) => [0, 1, 2].map((c) => (c === shown ? 1 : 0)) };
const start = async (): Promise<RunningModel> => await fakeModelRunner(() => seer).start(nowhere(), HERE);
const samples = Array.from({ length: 8 }, (_, index): Sample<number> => {
  return { id: `${index}.jpg`, pin: digestOf(String(index)), truth: index % 3, slices: {} };
});
const dataset: ClassificationDataset = {
  round: 'research',
  medium: 'pictures',
  task: 'classification',
  name: 'bench',
  digest: digestOf('d'),
  classes: ['a', 'b', 'c'],
  samples,
};
const open: Pick<OpenDataset, 'read'> = { read: async (sample) => Uint8Array.of(Number(sample.truth)) };
const classes = { toDataset: [0, 1, 2], note: null };
/** 0 to 2 are of one sequence, 3 to 5 of another, the rest of none. */
const sequenceOf = ({ id }: Sample) => ['a', 'b'][Math.floor(Number.parseInt(id, 10) / 3)] ?? null;
const run = (onAnswers: (lot: readonly Ranking[]) => void) => ({
  task: { ...classification, sequenceOf },
  dataset,
  classes,
  onAnswers: async (lot: readonly Ranking[]) => onAnswers(lot),
});

describe('pictures that follow one another', () => {
  /** What the model was shown, in order: the picture's byte and the parameters. */
  const watched = async () => {
    const model = await start();
    const shownTo: [number, InferRequest['parameters']][] = [];
    const infer: RunningModel['infer'] = async (request) => {
      const [input] = request.inputs;
      for (const picture of input?.datatype === 'BYTES' ? input.data : []) shownTo.push([picture[0] ?? -1, request.parameters]);
      return await model.infer(request);
    };
    return { model: { ...model, infer }, shownTo };
  };
  it('are shown one by one, sequence by sequence, with where each begins and ends', async () => {
    const { model, shownTo } = await watched();
    const lots: string[][] = [];
    await askPictures(
      model,
      open,
      samples,
      run((lot) => lots.push(lot.map(({ id }) => id))),
    );
    const ofSequences = shownTo.filter(([, parameters]) => parameters?.['sequence_id'] !== undefined);
    expect(ofSequences).toEqual(
      ['a', 'b'].flatMap((name) =>
        [0, 1, 2].map((at) => [at, { sequence_id: name, sequence_start: at === 0, sequence_end: at === 2 }]),
      ),
    );
    expect(shownTo).toHaveLength(8);
    expect(lots.flat().toSorted()).toEqual(samples.map(({ id }) => id));
  });

  it('are answered whole or not at all: half a sequence would leave a model that remembers without its beginning', async () => {
    const { model } = await watched();
    const kept: string[] = [];
    const spoilt = { read: async ({ id }: Sample) => Uint8Array.of(id === '4.jpg' ? 99 : 1) };
    const infer: RunningModel['infer'] = async (request) => {
      const [input] = request.inputs;
      if (input?.datatype === 'BYTES' && input.data[0]?.[0] === 99) throw new Error('broken off');
      return await model.infer(request);
    };
    const broken = askPictures(
      { ...model, infer },
      spoilt,
      samples.slice(0, 6),
      run((lot) => kept.push(...lot.map(({ id }) => id))),
    );
    await expect(broken).rejects.toThrow('broken off');
    expect(kept).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  });
});
