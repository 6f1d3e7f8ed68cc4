import { z } from 'zod';
import type { RunningPod } from '../../rollout/judge-pods.ts';
import { absent, metadataSchema, text } from '#kubernetes/adapters';

const stateSchema = z.looseObject({ reason: text, message: text }).nullish();

const containerStatus = z.looseObject({
  name: z.string(),
  imageID: text,
  ready: z.boolean().nullish(),
  restartCount: z.number().nullish(),
  state: z.looseObject({ waiting: stateSchema, terminated: stateSchema }).nullish(),
});
type ContainerStatus = z.output<typeof containerStatus>;

const podSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    containers: z.array(z.looseObject({ image: text })).nullish(),
    initContainers: z.array(z.looseObject({ image: text })).nullish(),
    volumes: z.array(z.looseObject({ image: z.looseObject({ reference: text }).nullish() })).nullish(),
  }),
  status: z
    .looseObject({
      phase: absent(z.string()),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string(), reason: text, message: text })).nullish(),
      containerStatuses: z.array(containerStatus).nullish(),
      initContainerStatuses: z.array(containerStatus).nullish(),
    })
    .prefault({}),
});

/** States that every container passes through on its way: nothing to tell of. */
const PASSING = new Set(['ContainerCreating', 'PodInitializing', '']);

export function readPod(resource: unknown): RunningPod {
  const { metadata, spec, status } = podSchema.parse(resource);
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const ready = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
  const unscheduled = status.conditions?.find(({ type, status: value }) => type === 'PodScheduled' && value === 'False');
  const scheduling = unscheduled === undefined ? null : `${unscheduled.reason}: ${unscheduled.message}`;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    deleting: metadata.deletionTimestamp !== null,
    ended: status.phase === 'Succeeded' || status.phase === 'Failed',
    ready,
    imageIds: statuses.map(({ imageID }) => imageID).filter(Boolean),
    images: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ image }) => image),
    imageVolumes: (spec.volumes ?? []).flatMap(({ image }) => (image?.reference ? [image.reference] : [])),
    trouble: scheduling ?? statuses.map((container) => troubleOf(container)).find((words) => words !== null) ?? null,
  };
}

function troubleOf({ name, ready, restartCount, state }: ContainerStatus): string | null {
  const waiting = state?.waiting;
  if (waiting && !PASSING.has(waiting.reason)) return `container ${name}: ${waiting.reason}: ${waiting.message}`;
  const terminated = state?.terminated;
  if (terminated && terminated.reason !== 'Completed') return `container ${name}: ${terminated.reason}: ${terminated.message}`;
  const restarts = restartCount ?? 0;
  return ready === true || restarts === 0 ? null : `container ${name}: restarted ${restarts} times`;
}
