import { CouldNotRun } from '#kernel';
import type { Dataset } from '#datasets';
import { classification } from './classification/classification.ts';
import { detection } from './detection/detection.ts';
import { events } from './events/events.ts';
import { search } from './search/search.ts';
import { verification } from './verification/verification.ts';
import type { Metric } from './metric.ts';
import type { Task, Trial } from './task.ts';

/** Every question that a model can be asked. */
const TASKS: { readonly [N in Dataset['task']]: Task & { name: N } } = {
  classification,
  detection,
  verification,
  search,
  events,
};

/** In the order in which people meet them. */
export const ALL_TASKS: readonly Task[] = Object.values(TASKS);

export function taskOf({ task }: Pick<Dataset, 'task'>): Task {
  return TASKS[task];
}

/** Every metric that a gate may name, and the task that it is one of. */
export const METRICS: ReadonlyMap<string, { task: Task; metric: Metric<Trial> }> = new Map(
  ALL_TASKS.flatMap((task) => task.metrics.map((metric) => [metric.name, { task, metric }] as const)),
);

/**
 * The metric of that name, where the dataset's task has it.
 * @throws CouldNotRun naming those that it has
 */
export function metricOn(dataset: Pick<Dataset, 'task' | 'name'>, name: string): Metric<Trial> {
  const { metrics } = taskOf(dataset);
  const metric = metrics.find((known) => known.name === name);
  if (metric !== undefined) return metric;
  throw new CouldNotRun({
    file: 'fieldproof.yaml',
    field: 'gates',
    message: `${name} can't be measured on ${dataset.name}, which asks for ${dataset.task}`,
    remedy: `use one of ${metrics.map((known) => known.name).join(', ')} there`,
  });
}
