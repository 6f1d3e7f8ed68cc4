import type { ReplayDataset, ResearchDataset } from '#datasets';
import { digestOf } from '#kernel';
import type { QualityQuestion } from './compare.ts';
import type { QualityGate } from './gate.ts';
import type { ClipTrial, SampleTrial } from '../tasks/trial.ts';

export const gate: QualityGate = {
  kind: 'quality',
  dataset: 'street',
  metric: 'event-recall',
  margin: 0.05,
  atLeast: null,
  atMost: null,
  guard: [],
  guardMargin: null,
  watch: [],
  watchOnly: false,
};

export const street: ReplayDataset = {
  kind: 'replay',
  name: 'street',
  digest: digestOf('street'),
  classes: ['nothing', 'person'],
  clips: [],
  rule: { labels: { person: [1] }, framesPerSecond: 5, persistence: 2, mergeGap: 1, tolerance: 0.5 },
  cluster: 'clip',
};

export const bench = (samples: number): ResearchDataset => ({
  kind: 'research',
  name: 'bench',
  digest: digestOf('bench'),
  classes: ['cat', 'dog'],
  samples: Array.from({ length: samples }, (_, index) => ({
    id: `${index}.jpg`,
    pin: digestOf(String(index)),
    truth: 0,
    slices: { lens: index % 2 === 0 ? 'wide' : 'tele' },
  })),
});

/** One event of 4 s in 36 s of footage; `found` after so many seconds, or missed; so many false alarms beside it. */
export type ClipAnswer = { found: number | null; falseAlarms?: number; site?: string; light?: string };

export function clipTrial(index: number, { found, falseAlarms = 0, site = 'lobby', light = 'day' }: ClipAnswer): ClipTrial {
  const start = 2;
  const alarms = Array.from({ length: falseAlarms }, (_, alarm) => start + 10 + alarm * 4);
  const detections = [...(found === null ? [] : [start + found]), ...alarms].map((alarm) => ({
    label: 'person',
    start: alarm,
    end: alarm + 1,
    alarm,
    peak: 0.9,
  }));
  return {
    clip: `${index}.mp4`,
    site,
    conditions: { light },
    seconds: 36,
    truth: [{ label: 'person', start, end: start + 4 }],
    detections,
    matches: found === null ? [] : [{ truth: 0, detection: 0, delay: found }],
  };
}

export function sampleTrial(index: number, right: boolean): SampleTrial {
  return { sample: `${index}.jpg`, truth: 0, ranked: right ? [0, 1] : [1, 0], score: { truth: 0.4, best: 0.6 }, tied: false };
}

export const clips = (count: number, answer: (index: number) => ClipAnswer) =>
  Array.from({ length: count }, (_, index) => clipTrial(index, answer(index)));

export const samples = (count: number, right: (index: number) => boolean) =>
  Array.from({ length: count }, (_, index) => sampleTrial(index, right(index)));

export function question(changes: Partial<Omit<QualityQuestion, 'gate'>> & { gate?: Partial<QualityGate> }): QualityQuestion {
  return {
    dataset: street,
    candidate: [],
    reference: [],
    against: 'baseline',
    chipset: 'edge',
    identical: false,
    seed: 1,
    ...changes,
    gate: { ...gate, ...changes.gate },
  };
}
