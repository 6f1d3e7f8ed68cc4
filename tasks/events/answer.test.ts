import { describe, expect, it } from 'vitest';
import type { InferResponse } from '#kernel';
import { street } from '../../testing/worlds/small-datasets.ts';
import { detectionsFault, detectionsSchema, readFrames, type Detection } from './answer.ts';

const [item] = street.clips;
if (item === undefined) throw new Error('there is a clip');
const event = (more: Partial<Detection> = {}): Detection => ({
  label: 'person',
  start: 1,
  end: 2,
  alarm: 1.5,
  peak: 0.9,
  ...more,
});
const faultOf = (detections: readonly Detection[], seconds: number | null = 5) =>
  detectionsFault({ id: '0.mp4', detections }, { dataset: street, item, seconds });

describe('the events that a model says there are', () => {
  it.each<[string, Detection, boolean]>([
    ['within the footage', event(), true],
    ['from its first frame to the end of its last', event({ start: 0, end: 6, alarm: 0 }), true],
    ['of no length', event({ start: 1, end: 1, alarm: 1 }), true],
    ['with an alarm after its end, as persistence may ask for', event({ end: 1.2, alarm: 1.5 }), true],
    ['before it begins', event({ start: -0.1 }), false],
    ['after it ends', event({ end: 6.1 }), false],
    ['that ends before it begins', event({ start: 3, end: 2, alarm: 3 }), false],
    ['whose alarm comes before it', event({ alarm: 0.5 }), false],
    ['of a label that there is not', event({ label: 'car' }), false],
    ['of a label that every object has', event({ label: 'constructor' }), false],
  ])('can be in a clip of five seconds, or not: %s', (_, detection, isPossible) => {
    expect(faultOf([event(), detection])).toBe(isPossible ? null : 'is answered with an event that cannot be in it');
  });

  it('may be none', () => {
    expect(faultOf([])).toBeNull();
  });

  it('cannot be where nobody knows how long the footage is', () => {
    expect(faultOf([event()], null)).not.toBeNull();
  });

  it.each<[string, object, boolean]>([
    ['as they are', { id: '0.mp4', detections: [event()] }, true],
    ['with a match beside them', { id: '0.mp4', detections: [event()], matches: [] }, false],
    ['at a time that is none', { id: '0.mp4', detections: [event({ start: Number.NaN })] }, false],
    ['without end', { id: '0.mp4', detections: Array.from({ length: 100_001 }, () => event()) }, false],
  ])('come in a part %s, or not at all', (_, given, isOne) => {
    expect(detectionsSchema.safeParse(given).success).toBe(isOne);
  });

  const tensor = (name: string, shape: number[], values: readonly number[]): InferResponse => ({
    modelName: 'model',
    outputs: [{ name, datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(values).buffer) }],
  });
  const frames = [0, 0.5].map((timestamp) => ({ timestamp, width: 100, height: 50 }));
  const read = (response: InferResponse, toDataset: readonly (number | null)[] = [0, 1, 2]) =>
    readFrames(response, { site: 'lobby', frames }, street, { toDataset });

  it('follow from one reading for each frame', () => {
    expect(read(tensor('scores', [2, 3], [0, 0.5, 0.25, 1, 0, 0]))).toEqual([
      { timestamp: 0, scores: { person: 0.5 } },
      { timestamp: 0.5, scores: { person: 0 } },
    ]);
    expect(() => read(tensor('scores', [1, 3], [0, 0, 1]))).toThrow(/scores/);
  });

  it('follow from boxes as well, of the classes that the dataset has', () => {
    const rows = [
      [1, 0, 0, 10, 10, 0.5, 0],
      [1, 0, 0, 10, 10, 0.75, 2],
      [0, 0, 0, 10, 10, 0.25, 1],
    ];
    expect(read(tensor('detections', [3, 7], rows.flat()), [1, null, 1])).toEqual([
      { timestamp: 0, scores: { person: 0 }, boxes: [] },
      {
        timestamp: 0.5,
        scores: { person: 0.75 },
        boxes: [
          [0, 0, 10, 10, 0.5, 1],
          [0, 0, 10, 10, 0.75, 1],
        ],
      },
    ]);
    expect(read(tensor('detections', [0, 7], []))).toMatchObject([{ scores: { person: 0 } }, { scores: { person: 0 } }]);
  });
});
