import { describe, expect, it } from 'vitest';
import { compareQuality } from '#eval';
import { detectionTrial, foundBox, trueBox, yard } from '../testing/worlds/boxes.ts';
import { bench, street } from '../testing/worlds/small-datasets.ts';
import { detection } from './detection/detection.ts';
import { metricOn, taskOf } from './registry.ts';
import { scoreAnswers } from './score-answers.ts';
import type { Trial } from './task.ts';

const gate = {
  kind: 'quality',
  dataset: 'yard',
  metric: 'recall-at-threshold',
  margin: 0.05,
  atLeast: null,
  atMost: null,
  guard: ['class'],
  guardMargin: null,
  watch: [],
  watchOnly: false,
} as const;

describe('each class by itself', () => {
  it('is of a detector its boxes in all pictures: a loss of one is seen behind a gain of another', () => {
    const truth = [trueBox(0), trueBox(100, { class: 1 })];
    const dataset = yard(Array.from({ length: 60 }, () => truth));
    const [person, car] = [foundBox(0), foundBox(100, 0.9, { named: 1 })];
    const trials = (boxesOf: (at: number) => readonly (typeof person)[]) =>
      Array.from({ length: 60 }, (_, at) => detectionTrial(truth, boxesOf(at), { id: `${at}.png` }));
    const question = {
      gate,
      metric: metricOn(dataset, gate.metric),
      dataset: 'yard',
      candidate: trials(() => [person]),
      reference: trials((at) => (at % 2 === 0 ? [car] : [])),
      byClass: (of: readonly Trial[]) => detection.byClass?.(of as never, dataset) ?? [],
      against: 'baseline',
      chipset: null,
      identical: false,
      seed: 1,
    } as const;
    const told = compareQuality(question).map(({ slice, role, outcome, candidate, reference }) => {
      return [slice?.value ?? 'whole', role, outcome, candidate, reference];
    });
    expect(told).toEqual([
      ['whole', 'decides', 'pass', 0.5, 0.25],
      ['car', 'guards', 'fail', 0, 0.5],
      ['person', 'guards', 'pass', 1, 0],
    ]);
  });

  it('is of a detector what is right and wrong of it alone', () => {
    const trial = detectionTrial([trueBox(0), trueBox(100, { class: 1 })], [foundBox(0), foundBox(300, 0.9, { named: 1 })]);
    const parts = detection.byClass?.([trial], yard([])) ?? [];
    const precision = (value: string) => {
      const metric = metricOn(yard([]), 'precision-at-threshold');
      const trials = parts.find((one) => one.value === value)?.trials ?? [];
      return metric.kind === 'pooled' ? metric.prepare(trials).value(Float64Array.of(1)) : null;
    };
    expect(parts.map(({ value }) => value)).toEqual(['person', 'car']);
    expect([precision('person'), precision('car')]).toEqual([1, 0]);
  });

  it('is of a classifier its pictures, of clips the events of a label', () => {
    const rankings = bench.samples.map(({ id, truth }) => ({
      id,
      ranked: [truth, (truth + 1) % 3, (truth + 2) % 3],
      scores: [0.6, 0.3, 0.1],
      more: 0,
    }));
    const clips = street.clips.map(({ id }) => ({
      id,
      detections: [{ label: 'person', start: 1, end: 2, alarm: 1, peak: 0.9 }],
    }));
    const seconds = new Map(street.clips.map(({ id }) => [id, 5]));
    const told = (
      [
        [bench, rankings],
        [street, clips],
      ] as const
    ).map(([dataset, answers]) => {
      const scored = scoreAnswers(dataset, answers, seconds);
      if (scored.kind === 'refused') throw new Error(scored.reason);
      return taskOf(dataset)
        .byClass?.(scored.trials, dataset)
        .map(({ value, trials }) => [value, trials.length]);
    });
    expect(told).toEqual([
      [
        ['nobody', 20],
        ['person', 20],
        ['parcel', 20],
      ],
      [['person', 60]],
    ]);
  });
});
