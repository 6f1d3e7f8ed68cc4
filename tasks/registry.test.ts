import { describe, expect, it } from 'vitest';
import { bench, street } from '../testing/worlds/small-datasets.ts';
import { ALL_TASKS, metricOn, METRICS, taskOf } from './registry.ts';

describe('the tasks that there are', () => {
  it('are told by the dataset, and asked of the medium that it holds', () => {
    for (const dataset of [bench, street]) {
      expect(taskOf(dataset).name).toBe(dataset.task);
      expect(taskOf(dataset).medium).toBe(dataset.medium);
    }
  });

  it('share no name of a task or of a metric: a gate says which it means by that name alone', () => {
    const names = ALL_TASKS.flatMap(({ metrics }) => metrics.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(METRICS.size).toBe(names.length);
    expect(new Set(ALL_TASKS.map(({ name }) => name)).size).toBe(ALL_TASKS.length);
  });

  it('have metrics that need only metrics of the same task', () => {
    const needs = ALL_TASKS.flatMap((task) => task.metrics.map((metric) => ({ task, needed: metric.needs?.metric })));
    for (const { task, needed } of needs.filter((one) => one.needed !== undefined)) {
      expect(task.metrics.map(({ name }) => name)).toContain(needed);
    }
  });
});

describe('the metric of a gate', () => {
  it.each([
    [bench, 'top1', 'fraction', 'more'],
    [bench, 'top5', 'fraction', 'more'],
    [bench, 'auroc', 'fraction', 'more'],
    [street, 'event-recall', 'fraction', 'more'],
    [street, 'false-alarms-per-hour', 'per hour', 'less'],
    [street, 'time-to-detect', 'seconds', 'less'],
  ] as const)('on $name: %s is %s, and %s is better', (dataset, name, unit, better) => {
    expect(metricOn(dataset, name)).toMatchObject({ name, unit, better });
    expect(METRICS.get(name)?.task).toBe(taskOf(dataset));
  });

  it.each([
    [
      bench,
      'event-recall',
      "event-recall can't be measured on bench, which asks for classification",
      'use one of top1, top5, auroc, brier-score, calibration-error there',
    ],
    [
      street,
      'top1',
      "top1 can't be measured on street, which asks for events",
      'use one of event-recall, false-alarms-per-hour, time-to-detect, event-recall-at-1-per-hour, event-recall-at-10-per-hour there',
    ],
    [street, 'constructor', "constructor can't be measured on street, which asks for events", expect.any(String)],
  ] as const)('is a problem of the configuration where the task has no such', (dataset, name, message, remedy) => {
    expect(() => metricOn(dataset, name)).toThrow(
      expect.objectContaining({ problems: [{ file: 'fieldproof.yaml', field: 'gates', message, remedy }] }),
    );
  });
});
