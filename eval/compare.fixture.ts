import type { QualityQuestion } from './compare.ts';
import type { QualityGate } from './gate.ts';
import { metricOn } from '../tasks/registry.ts';
import type { RankedTrial } from '../tasks/classification/trial.ts';
import type { EventTrial } from '../tasks/events/trial.ts';

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

/** One event of 4 s in 36 s of footage; `found` after so many seconds, or missed; so many false alarms beside it. */
export type ClipAnswer = { found: number | null; falseAlarms?: number; site?: string; light?: string };

export function clipTrial(index: number, { found, falseAlarms = 0, site = 'lobby', light = 'day' }: ClipAnswer): EventTrial {
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
    id: `${index}.mp4`,
    cluster: `${index}.mp4`,
    site,
    slices: { light, site },
    seconds: 36,
    truth: [{ label: 'person', start, end: start + 4 }],
    detections,
    matches: found === null ? [] : [{ truth: 0, detection: 0, delay: found }],
    ranked: detections.map(({ peak }, at) => ({ peak, right: found !== null && at === 0 })),
  };
}

export function sampleTrial(index: number, right: boolean, score = 0.6): RankedTrial {
  return {
    id: `${index}.jpg`,
    cluster: `${index}.jpg`,
    site: null,
    seconds: null,
    slices: { lens: index % 2 === 0 ? 'wide' : 'tele' },
    truth: 0,
    ranked: right ? [0, 1] : [1, 0],
    scores: [score, 1 - score],
    confidence: score,
    more: 0,
  };
}

export const clips = (count: number, answer: (index: number) => ClipAnswer) =>
  Array.from({ length: count }, (_, index) => clipTrial(index, answer(index)));

export const samples = (count: number, right: (index: number) => boolean, score?: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => sampleTrial(index, right(index), score?.(index)));

/** On the street where the gate says no other dataset: `bench` holds pictures. */
export function question(
  changes: Partial<Omit<QualityQuestion, 'gate' | 'dataset' | 'metric'>> & {
    gate?: Partial<QualityGate>;
    dataset?: 'bench' | 'street';
  },
): QualityQuestion {
  const { dataset = 'street', ...others } = changes;
  const asked = { ...gate, dataset, ...changes.gate };
  return {
    metric: metricOn({ name: dataset, task: dataset === 'bench' ? 'classification' : 'events' }, asked.metric),
    dataset,
    candidate: [],
    reference: [],
    against: 'baseline',
    chipset: 'edge',
    identical: false,
    seed: 1,
    ...others,
    gate: asked,
  };
}
