import { describe, expect, it } from 'vitest';
import type { Clip, Frame, OpenDataset, ClipDataset, ClassificationDataset, Sample } from '#datasets';
import { digestOf, systemClock, type Clock, type InferRequest } from '#kernel';
import { fakeModelRunner, type FakeModel } from '../../testing/fakes/fake-model-runner.ts';
import type { RunningModel } from '../../runners/model-runner.ts';
import { classification } from '../../tasks/classification/classification.ts';
import type { Ranking } from '../../tasks/classification/answer.ts';
import { events } from '../../tasks/events/events.ts';
import { inFlight } from './in-flight.ts';
import { latencyRequests, pickPictures } from './latency-requests.ts';
import { measureLatency, type LatencyArm, type LatencyArms, type LatencyStarts } from './measure-latency.ts';
import type { LatencyBlock } from '../latency/plan-blocks.ts';
import { readClip } from './ask-clip.ts';
import { askClips } from './ask-clips.ts';
import { askPictures } from './ask-pictures.ts';
import { HERE, nowhere } from '../../testing/fakes/somewhere.ts';

const start = async (model: FakeModel, spend?: (milliseconds: number) => void): Promise<RunningModel> =>
  await fakeModelRunner(() => model, spend === undefined ? {} : { spend }).start(nowhere(), HERE);
/** A picture is one byte: the class that it shows. */
const seer: FakeModel = { classes: 3, threshold: 0.5, score: ([shown = 0]) => [0, 1, 2].map((c) => (c === shown ? 1 : 0)) };
const samples: Sample<number>[] = Array.from({ length: 41 }, (_, index) => ({
  id: `${index}.jpg`,
  pin: digestOf(String(index)),
  truth: index % 3,
  slices: {},
}));
const same = { toDataset: [0, 1, 2], note: null };
const rule = { labels: { person: [1] }, framesPerSecond: 1, persistence: 1, mergeGap: 0, tolerance: 0 };
const clip: Clip = {
  id: 'night.mp4',
  media: { kind: 'video', pin: digestOf('clip') },
  site: 'lobby',
  conditions: { light: 'night' },
  events: [{ label: 'person', start: 5, end: 8 }],
};
const shown = [0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0];
const research: ClassificationDataset = {
  round: 'research',
  medium: 'pictures',
  task: 'classification',
  name: 'bench',
  digest: digestOf('d'),
  classes: ['a', 'b', 'c'],
  samples,
};
const replay: ClipDataset = {
  round: 'replay',
  medium: 'clips',
  task: 'events',
  name: 'street',
  digest: digestOf('r'),
  classes: ['a', 'b', 'c'],
  clips: [clip],
  rule,
  cluster: 'clip',
};

function openFake(dataset: ClassificationDataset | ClipDataset, pictures: readonly number[] = shown): OpenDataset {
  return {
    dataset,
    read: async (sample) => Uint8Array.of(Number(sample.truth)),
    frames: async function* frames() {
      for (const [timestamp, value] of pictures.entries()) {
        yield { timestamp, width: 1, height: 1, pixels: Uint8Array.of(value, 0, 0) } satisfies Frame;
      }
    },
    seconds: async () => pictures.length,
  };
}

const askedAbout = (onAnswers: (lot: readonly Ranking[]) => void) => ({
  task: classification,
  dataset: research,
  classes: same,
  onAnswers: async (lot: readonly Ranking[]) => onAnswers(lot),
});

async function collect(model: RunningModel, list: readonly Sample<number>[] = samples): Promise<Ranking[]> {
  const answers: Ranking[] = [];
  await askPictures(
    model,
    openFake(research),
    list,
    askedAbout((lot) => answers.push(...lot)),
  );
  return answers;
}

function virtual(): { clock: Clock; spend: (milliseconds: number) => void } {
  let now = 0;
  const clock: Clock = { ...systemClock, elapsed: () => now };
  return { clock, spend: (milliseconds) => void (now += milliseconds) };
}

describe('samples through a model', () => {
  it('give one answer each', async () => {
    const answers = new Map((await collect(await start(seer))).map((answer) => [answer.id, answer]));
    expect([...answers.keys()].toSorted()).toEqual(samples.map(({ id }) => id).toSorted());
    for (const { id, truth } of samples)
      expect(answers.get(id)).toMatchObject({ scores: [1, 0, 0], ranked: expect.arrayContaining([truth]) });
  });

  it('are handed on before a later one fails, and the failure names the pictures', async () => {
    const kept: Ranking[] = [];
    const blind = await start({ ...seer, score: ([first = 0]) => (first === 2 ? [Number.NaN, 0, 0] : [1, 0, 0]) });
    const list = samples.map((sample, index) => ({ ...sample, truth: index < 30 ? 0 : 2 }));
    const run = askPictures(
      blind,
      openFake(research),
      list,
      askedAbout((lot) => kept.push(...lot)),
    );
    await expect(run).rejects.toThrow(/asked about 28\.jpg, 29\.jpg, 30\.jpg, 31\.jpg: output "scores" is NaN at row 2, class 0/);
    expect(kept.length).toBeGreaterThanOrEqual(16);
  });

  it.each([
    ['as many at once as it takes', [-1], [[4], [4], [1]]],
    ['one at a time, where it takes one', [1], Array.from({ length: 9 }, () => [1])],
    [
      'in the shape that it declares',
      [-1, 1],
      [
        [4, 1],
        [4, 1],
        [1, 1],
      ],
    ],
    ['by our name, where it declares nothing', null, [[4], [4], [1]]],
  ])('are asked of a model %s', async (_, declared, expected) => {
    const model = await start(seer);
    const shapes: (readonly number[])[] = [];
    const inputs = declared === null ? [] : [{ name: 'image', datatype: 'BYTES' as const, shape: declared }];
    const watched: RunningModel = {
      ...model,
      metadata: { ...model.metadata, inputs },
      infer: async (request) => {
        shapes.push(request.inputs[0]?.shape ?? []);
        return await model.infer(request);
      },
    };
    const run = { task: classification, dataset: research, classes: same, onAnswers: async () => {}, concurrency: 1 };
    await askPictures(watched, { read: async () => Uint8Array.of(1) }, samples.slice(0, 9), run);
    expect(shapes).toEqual(expected);
  });

  it('are refused by a model that scores other classes', async () => {
    const model = await start({ classes: 2, score: () => [0, 1] });
    await expect(collect(model)).rejects.toThrow(
      /shape \[4, 2\] .* \[4, 3\] was expected\n {2}remedy: name the classes of the model/,
    );
  });

  it('are not asked of a model that takes no encoded images', async () => {
    const model = await start(seer);
    const bare = {
      ...model,
      metadata: { ...model.metadata, inputs: [{ name: 'x', datatype: 'FP32' as const, shape: [1, 3, 224, 224] }] },
    };
    await expect(collect(bare)).rejects.toThrow(/it takes no encoded images .* but "x" FP32 \[1, 3, 224, 224\]/);
  });
});

describe('a clip through a model', () => {
  const run = { task: events, dataset: replay, classes: same, threshold: null };
  const detectionsOf = async (model: RunningModel, threshold: number | null = null) => {
    const read = await readClip(model, openFake(replay), clip, { ...run, threshold });
    return events.conclude(read.readings, clip, replay, read.threshold);
  };

  it('gives the events that its frames show', async () => {
    expect(await detectionsOf(await start(seer))).toEqual({
      id: 'night.mp4',
      detections: [{ label: 'person', start: 5, end: 8, alarm: 5, peak: 1 }],
    });
  });

  it('goes in order, and says where it starts and ends', async () => {
    const model = await start(seer);
    const requests: InferRequest[] = [];
    const watched = { ...model, infer: async (request: InferRequest) => (requests.push(request), await model.infer(request)) };
    await readClip(watched, openFake(replay), clip, { ...run, batch: 4 });
    expect(requests.map(({ inputs, parameters }) => [inputs[0]?.shape[0], parameters])).toEqual([
      [4, { sequence_id: 'night.mp4', sequence_start: true, sequence_end: false, timestamp: 0 }],
      [4, { sequence_id: 'night.mp4', sequence_start: false, sequence_end: false, timestamp: 4 }],
      [3, { sequence_id: 'night.mp4', sequence_start: false, sequence_end: true, timestamp: 8 }],
    ]);
  });

  it('needs a threshold, from the model or from the configuration', async () => {
    const { threshold: _, ...unsure } = seer;
    await expect(detectionsOf(await start(unsure))).rejects.toThrow(/names no threshold/);
    expect((await detectionsOf(await start(unsure), 2)).detections).toEqual([]);
  });

  it('is no clip without events when not one frame could be read', async () => {
    await expect(readClip(await start(seer), openFake(replay, []), clip, run)).rejects.toThrow(/not one frame/);
  });
});

describe('clips through a model', () => {
  const clips = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ ...clip, id }));
  const footage = () => openFake({ ...replay, clips });

  it('keep the order of each, and only as many are under way as asked for', async () => {
    const model = await start(seer);
    const asked: InferRequest['parameters'][] = [];
    const underWay = new Set<unknown>();
    let most = 0;
    const infer = async (request: InferRequest) => {
      const { sequence_id: id, sequence_end: isLast } = request.parameters ?? {};
      asked.push(request.parameters);
      underWay.add(id);
      most = Math.max(most, underWay.size);
      const answer = await model.infer(request);
      if (isLast === true) underWay.delete(id);
      return answer;
    };
    const answered: string[] = [];
    const onAnswer = async ({ id }: { id: string }) => void answered.push(id);
    const run = { task: events, dataset: replay, classes: same, threshold: null, batch: 4, atOnce: 2, onAnswer };
    await askClips({ ...model, infer }, footage(), clips, run);
    expect(most).toBe(2);
    expect(answered.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const { id } of clips) {
      const timestamps = asked.flatMap((given) => (given?.['sequence_id'] === id ? [given['timestamp']] : []));
      expect(timestamps).toEqual([0, 4, 8]);
    }
  });

  it('hands on one answer at a time, and stops when one cannot be kept', async () => {
    let handing = 0;
    const kept: string[] = [];
    const onAnswer = async ({ id }: { id: string }) => {
      handing += 1;
      await Promise.resolve();
      expect(handing).toBe(1);
      handing -= 1;
      if (kept.length === 2) throw new Error('the disk is full');
      kept.push(id);
    };
    const run = { task: events, dataset: replay, classes: same, threshold: null, atOnce: 2, onAnswer };
    const running = askClips(await start(seer), footage(), clips, run);
    await expect(running).rejects.toThrow('the disk is full');
    expect(kept).toHaveLength(2);
  });
});

function startsOf(arms: () => Promise<LatencyArms>): LatencyStarts & { started: number; ended: number } {
  const starts = {
    started: 0,
    ended: 0,
    start: async () => ((starts.started += 1), await arms()),
    end: async () => await Promise.resolve(void (starts.ended += 1)),
  };
  return starts;
}

describe('measuring latency', () => {
  it('gives blocks of the same requests to each arm in turn, of at least 5 requests and 50 ms, with only one arm awake', async () => {
    const { clock, spend } = virtual();
    const asked: { name: string; first: number }[] = [];
    const awake = new Set<string>();
    const arm = async (name: string, milliseconds: number): Promise<LatencyArm> => {
      const model = await start({ ...seer, milliseconds }, spend);
      const infer = async (request: InferRequest) => {
        expect([...awake]).toEqual([name]);
        asked.push({ name, first: Number(request.inputs.flatMap(({ data }) => [...data])[0]) });
        return await model.infer(request);
      };
      const pause = async () => (awake.delete(name), await model.pause());
      const resume = async () => (awake.add(name), await model.resume());
      const requests = latencyRequests(model.metadata, {
        kind: 'image',
        pictures: [0, 1, 2, 3, 4, 5, 6].map((n) => Uint8Array.of(n)),
      });
      return { model: { ...model, infer, pause, resume }, requests };
    };
    const starts = startsOf(async () => ({
      reference: await arm('reference', 4),
      candidate: await arm('candidate', 8),
      control: await arm('control', 4),
    }));
    const blocks = await measureLatency(starts, { starts: 2, seed: 1, clock });

    expect(blocks.map(({ start: index }) => index)).toEqual([...Array(18).fill(0), ...Array(18).fill(1)]);
    expect(starts).toMatchObject({ started: 2, ended: 2 });
    for (const { arm: name, milliseconds } of blocks) {
      expect(milliseconds).toEqual(Array.from({ length: 13 }, () => (name === 'candidate' ? 8 : 4)));
    }
    const orders = Array.from({ length: 6 }, (_, pair) =>
      blocks.filter((block) => block.pair === pair).map((block) => block.arm),
    );
    // The six pairs of a start hold each of the six orders once.
    expect(new Set(orders.map((order) => order.join(' '))).size).toBe(6);
    const picturesOf = (name: string) =>
      asked
        .filter((entry) => entry.name === name)
        .slice(-6 * 15)
        .map(({ first }) => first);
    expect(picturesOf('candidate')).toEqual(picturesOf('reference'));
    expect(awake.size).toBe(0);
  });

  it('draws the same order from the same seed', async () => {
    const { clock, spend } = virtual();
    const requests = latencyRequests((await start(seer)).metadata, await pickPictures(openFake(replay), 3));
    const arm = async () => ({ model: await start({ ...seer, milliseconds: 20 }, spend), requests });
    const starts = startsOf(async () => ({ reference: await arm(), candidate: await arm(), control: await arm() }));
    const order = async (seed: number) =>
      (await measureLatency(starts, { starts: 2, seed, clock })).map((block) => block.arm).join(' ');
    expect(await order(1)).toBe(await order(1));
    expect(await order(1)).not.toBe(await order(2));
  });

  it('starts anew while the blocks are not enough, and no more often than the most', async () => {
    const { clock, spend } = virtual();
    const model = await start({ ...seer, milliseconds: 20 }, spend);
    const requests = latencyRequests(model.metadata, await pickPictures(openFake(replay), 3));
    const pairsUntil = async (wanted: number, most: number) => {
      const enough = (blocks: readonly LatencyBlock[]) => blocks.length >= wanted;
      const starts = startsOf(async () => await Promise.resolve({ candidate: { model, requests } }));
      return (await measureLatency(starts, { starts: 1, seed: 1, clock, longer: { most, enough } })).length;
    };
    expect(await pairsUntil(0, 5)).toBe(6);
    expect(await pairsUntil(13, 5)).toBe(18);
    expect(await pairsUntil(99, 5)).toBe(30);
  });

  it('ends when a model answers each time just in time, and would do so for hours', async () => {
    const { clock, spend } = virtual();
    const model = await start({ ...seer, milliseconds: 29_000 }, spend);
    const requests = latencyRequests(model.metadata, await pickPictures(openFake(replay), 3));
    const starts = startsOf(async () => await Promise.resolve({ candidate: { model, requests } }));
    const measuring = measureLatency(starts, { starts: 5, seed: 1, clock });
    await expect(measuring).rejects.toThrow(/^model model: it answers so slowly that its latency was not measured/);
    expect(clock.elapsed()).toBeLessThan(3_700_000);
  });

  it('picks pictures evenly over a dataset', async () => {
    expect(await pickPictures(openFake(research), 2)).toEqual({ kind: 'image', pictures: [Uint8Array.of(0), Uint8Array.of(2)] });
    expect(await pickPictures(openFake(replay), 5)).toMatchObject({ kind: 'frames', frames: [{ timestamp: 0, width: 1 }] });
  });
});

describe('work in flight', () => {
  it('never exceeds its limit, and begins nothing after a failure', async () => {
    let [now, most, begun] = [0, 0, 0];
    const work = async (item: number) => {
      begun += 1;
      now += 1;
      most = Math.max(most, now);
      await systemClock.sleep(1);
      now -= 1;
      if (item === 5) throw new Error('five');
    };
    await expect(
      inFlight(
        Array.from({ length: 50 }, (_, index) => index),
        3,
        work,
      ),
    ).rejects.toThrow('five');
    expect(most).toBe(3);
    expect(now).toBe(0);
    expect(begun).toBeLessThan(12);
  });
});
