import { describe, expect, it } from 'vitest';
import { detectEvents } from '#tasks';
import { detectionsMessage, type Box } from './boxes.ts';
import { InputQueue } from './input-queue.ts';
import type { Message, MessageOf } from './message.ts';
import { modelStage } from './model-stage.ts';
import { Numbering, SequenceWatch } from './sequence-watch.ts';
import type { Made, StageProgram } from './stage-program.ts';
import type { StreamedRule } from './stock/events.ts';
import { stockProgram } from './stock/stock-program.ts';
import type { StockSettings } from './stock-stages.ts';

const RULE: StreamedRule = {
  framesPerSecond: 5,
  persistence: 2,
  mergeGap: 1,
  threshold: 0.5,
  minimumArea: 0.01,
  labels: { visit: ['person'] },
};
const SIZE = { width: 64, height: 48 };

function said(made: Made, seconds: number, camera = 'gate'): Message {
  return { contract: 1, camera, sequence: 0, capturedAt: 1e12 + seconds * 1000, stamps: [], ...made };
}
function grey(level: number, seconds: number, spot?: Box): MessageOf<'frame'> {
  const body = new Uint8Array(SIZE.width * SIZE.height * 3).fill(level);
  if (spot !== undefined)
    for (let y = spot.y1; y < spot.y2; y += 1)
      for (let x = spot.x1; x < spot.x2; x += 1) body.fill(250, (y * SIZE.width + x) * 3, (y * SIZE.width + x) * 3 + 3);
  return said({ kind: 'frame', promised: false, about: { ...SIZE, encoding: 'rgb24' }, body }, seconds) as MessageOf<'frame'>;
}
const person = (score: number, x1 = 8): Box => ({ x1, y1: 10, x2: x1 + 12, y2: 34, score, class: 'person' });
const found = (seconds: number, ...boxes: Box[]) => said(detectionsMessage(SIZE, boxes, ['car', 'person']), seconds);

function stage(settings: StockSettings): StageProgram {
  return stockProgram(settings, RULE);
}
async function through(program: StageProgram, messages: readonly Message[]): Promise<Made[]> {
  const made: Made[] = [];
  for (const message of messages) made.push(...(await program.take(message)));
  return made;
}

describe('sample', () => {
  it('lets frames through at even distances, each camera by itself', async () => {
    const at = Array.from({ length: 20 }, (_, index) => index / 10);
    const both = at.flatMap((seconds) => [grey(0, seconds), { ...grey(0, seconds), camera: 'yard' }]);
    expect(await through(stage({ stock: 'sample', framesPerSecond: 2.5 }), both)).toHaveLength(10);
  });
});

describe('motion', () => {
  it('lets the first frame through, those with something new, and those of a while after', async () => {
    const program = stage({ stock: 'motion', area: 0.01, hold: 400 });
    const frames = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6].map((seconds) =>
      grey(90, seconds, seconds === 1 ? person(1) : undefined),
    );
    const passed = (await through(program, frames)) as MessageOf<'frame'>[];
    expect(passed.map(({ capturedAt }) => (capturedAt - 1e12) / 1000)).toEqual([0, 0.2, 0.4, 1, 1.2, 1.4]);
  });
});

describe('crop', () => {
  const settings = { stock: 'crop', classes: ['person'], score: 0.3, most: 1 } as const;

  it('cuts the surest of its classes out of the frame that it was found in', async () => {
    const made = await through(stage(settings), [
      grey(90, 0, person(1, 30)),
      grey(90, 1),
      found(0, person(0.6), person(0.9, 30), { ...person(1), class: 'car' }),
    ]);
    expect(made).toMatchObject([{ kind: 'crop', about: { width: 12, height: 24, box: [30, 10, 42, 34], class: 'person' } }]);
    expect(made[0]?.body.every((value) => value === 250)).toBe(true);
  });

  it.each([
    ['a frame that is gone', [found(0, person(0.9))]],
    ['a box outside the picture', [grey(90, 0), found(0, person(0.9, 100))]],
    ['nothing that is sure enough', [grey(90, 0), found(0, person(0.1))]],
  ])('makes nothing of %s', async (_what, messages) => {
    expect(await through(stage(settings), messages)).toEqual([]);
  });
});

describe('draw', () => {
  it('outlines what was found, and leaves the frame that others use alone', async () => {
    const frame = grey(90, 0);
    const [drawn] = await through(stage({ stock: 'draw' }), [frame, found(0, person(0.9))]);
    expect(drawn?.body.subarray((10 * SIZE.width + 8) * 3, (10 * SIZE.width + 8) * 3 + 3)).toEqual(Uint8Array.of(255, 96, 0));
    expect(frame.body.every((value) => value === 90)).toBe(true);
  });
});

describe('events', () => {
  const settings = { stock: 'events', threshold: null } as const;
  const scores = [0, 0.9, 0.9, 0, 0.9, 0.9, 0, 0, 0, 0, 0, 0, 0, 0.4, 0.9, 0.9, 0.9, 0, 0.9];
  const readings = scores.map((score, index) => ({ timestamp: index / 5, scores: { visit: score } }));
  const messages = readings.map(({ timestamp, scores: { visit } }) => found(timestamp, ...(visit > 0 ? [person(visit)] : [])));

  it('raises the alarms that the same rule raises of a whole clip, at the moment that they are due', async () => {
    const told = (await through(stage(settings), messages)) as MessageOf<'event'>[];
    const whole = detectEvents(readings, { ...RULE, labels: { visit: [1] }, tolerance: 0 }, 0.5);
    const seconds = (moment: number) => Math.round((moment - 1e12) / 10) / 100;
    expect(told.map(({ about }) => [seconds(about.start), seconds(about.alarm)])).toEqual(
      whole.map(({ start, alarm }) => [start, alarm]),
    );
    expect(told.every(({ promised }) => promised)).toBe(true);
  });

  it('takes a frame that nobody answered for one in which nothing was seen', async () => {
    expect(await through(stage(settings), [found(0, person(0.9)), found(0.4, person(0.9))])).toEqual([]);
  });

  it('does not look at boxes that are too small', async () => {
    const speck = (seconds: number) => found(seconds, { ...person(0.9), x2: 9, y2: 12 });
    expect(await through(stage(settings), [speck(0), speck(0.2)])).toEqual([]);
  });

  it('may be given a threshold of its own', async () => {
    expect(await through(stage({ ...settings, threshold: 0.95 }), messages)).toEqual([]);
  });
});

describe('index', () => {
  const embedding = (seconds: number, ...values: number[]) =>
    said(
      {
        kind: 'embedding',
        promised: false,
        about: { dimensions: values.length, box: null, class: null },
        body: new Uint8Array(new Float32Array(values).buffer),
      },
      seconds,
    );
  it('names who is new, says nothing of who is still there, and tells who comes back', async () => {
    const program = stage({ stock: 'index', label: 'visitor', similarity: 0.8, again: 10_000, most: 2 });
    const made = await through(program, [embedding(0, 1, 0), embedding(1, 2, 0.1), embedding(2, 0, 3), embedding(20, 1, 0)]);
    expect(made.map(({ about }) => 'subject' in about && about.subject)).toEqual(['visitor 1', 'visitor 2', 'visitor 1']);
  });

  it('forgets whom it has not seen for the longest time', async () => {
    const program = stage({ stock: 'index', label: 'visitor', similarity: 0.8, again: 0, most: 1 });
    const made = await through(program, [embedding(0, 1, 0), embedding(1, 0, 1), embedding(2, 1, 0)]);
    expect(made.map(({ about }) => 'subject' in about && about.subject)).toEqual(['visitor 1', 'visitor 2', 'visitor 3']);
  });
});

describe('a model as a stage', () => {
  const answering = (outputs: { name: string; shape: number[]; values: number[] }) => ({
    metadata: { name: 'yard', labels: ['car', 'person'] },
    infer: async () => ({
      modelName: 'yard',
      outputs: [
        {
          name: outputs.name,
          datatype: 'FP32' as const,
          shape: outputs.shape,
          data: new Uint8Array(new Float32Array(outputs.values).buffer),
        },
      ],
    }),
  });

  it.each([
    [
      'detection',
      { name: 'detections', shape: [2, 7], values: [0, 1, 2, 30, 40, 0.75, 1, 0, 1, 2, 3, 4, 0.01, 0] },
      { rows: 1, ...SIZE },
    ],
    ['classification', { name: 'scores', shape: [1, 2], values: [0.25, 0.75] }, { rows: 2, ...SIZE }],
    ['embedding', { name: 'embeddings', shape: [1, 2], values: [0.6, 0.8] }, { dimensions: 2 }],
  ] as const)('says what it found: %s', async (task, outputs, about) => {
    const made = await through(
      modelStage(answering({ ...outputs, shape: [...outputs.shape], values: [...outputs.values] }), task),
      [grey(90, 0)],
    );
    expect(made).toMatchObject([{ about }]);
  });
});

describe('an edge', () => {
  it('is numbered without gaps, and whoever receives sees what is missing, comes again or comes late', () => {
    const numbering = new Numbering();
    expect([numbering.next('gate'), numbering.next('gate'), numbering.next('yard')]).toEqual([0, 1, 0]);
    const watch = new SequenceWatch();
    const arrivals = [0, 1, 4, 4, 2, 2, 5].map((sequence) => watch.arrived({ camera: 'gate', sequence }).kind);
    expect(arrivals).toEqual(['next', 'next', 'gap', 'again', 'late', 'again', 'next']);
  });

  it('lets the oldest frame go when too many wait, and what is promised never', () => {
    const queue = new InputQueue<{ name: string; promised: boolean }>(2);
    const add = (name: string, promised = false) => queue.add({ name, promised })?.name ?? null;
    expect([add('a'), add('event', true), add('b'), add('c')]).toEqual([null, null, null, 'a']);
    expect([queue.take()?.name, queue.take()?.name, queue.take()?.name, queue.take()]).toEqual(['event', 'b', 'c', undefined]);
  });
});
