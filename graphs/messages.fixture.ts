import type { Message, MessageKind } from './message.ts';

const common = {
  contract: 1,
  camera: 'gate',
  sequence: 3,
  capturedAt: 1_790_000_000_120,
  stamps: [{ stage: 'motion', startedAt: 1_790_000_000_130, endedAt: 1_790_000_000_131.5 }],
} as const;
const floats = (...values: number[]) => new Uint8Array(new Float32Array(values).buffer);

/** One of each kind. */
export const MESSAGES: { readonly [K in MessageKind]: Message & { kind: K } } = {
  frame: {
    ...common,
    kind: 'frame',
    promised: false,
    about: { width: 2, height: 1, encoding: 'rgb24' },
    body: Uint8Array.of(1, 2, 3, 4, 5, 6),
  },
  crop: {
    ...common,
    kind: 'crop',
    promised: false,
    about: { width: 40, height: 80, encoding: 'jpeg', box: [10, 20, 50, 100], class: 'person', score: 0.9 },
    body: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9),
  },
  detections: {
    ...common,
    kind: 'detections',
    promised: false,
    about: { width: 128, height: 72, rows: 1, classes: ['person', 'car'] },
    body: floats(10, 20, 50, 100, 0.75, 0),
  },
  embedding: {
    ...common,
    kind: 'embedding',
    promised: false,
    about: { dimensions: 2, box: [10, 20, 50, 100], class: 'person' },
    body: floats(0.6, 0.8),
  },
  event: {
    ...common,
    kind: 'event',
    promised: true,
    about: {
      label: 'visit',
      start: 1_790_000_000_000,
      end: 1_790_000_002_000,
      alarm: 1_790_000_000_500,
      peak: 0.93,
      subject: null,
    },
    body: new Uint8Array(),
  },
};
