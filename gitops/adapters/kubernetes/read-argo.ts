import { z } from 'zod';
import type { ArgoApplication } from '../../rollout/judge-argo.ts';
import { absent, metadataSchema, text } from '#kubernetes/adapters';

/** What asks Argo CD to look again; the controller removes it when it has. */
export const REFRESH = 'argocd.argoproj.io/refresh';

const revisioned = { revision: text, revisions: z.array(z.string()).nullish() };

/** What an operation has dealt with. Only hooks have a type; all have a phase. */
const taskSchema = z.looseObject({ namespace: text, name: text, hookType: text, hookPhase: text, message: text });

const operationSchema = z.looseObject({
  phase: z.string(),
  message: text,
  finishedAt: absent(z.string()),
  retryCount: z.number().nullish(),
  /** What was asked for; of a sync that came to nothing there is no result. */
  operation: z.looseObject({ sync: z.looseObject(revisioned).nullish() }).nullish(),
  syncResult: z.looseObject({ ...revisioned, resources: z.array(taskSchema).nullish() }).nullish(),
});

const applicationSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    syncPolicy: z.looseObject({ automated: z.looseObject({ enabled: z.boolean().nullish() }).nullish() }).nullish(),
  }),
  status: z
    .looseObject({
      sync: z.looseObject({ status: text, ...revisioned }).nullish(),
      health: z.looseObject({ status: text, message: text }).nullish(),
      conditions: z.array(z.looseObject({ type: z.string(), message: text })).nullish(),
      reconciledAt: absent(z.string()),
      operationState: operationSchema.nullish(),
    })
    .prefault({}),
});

export function readApplication(resource: unknown): ArgoApplication {
  const { metadata, spec, status } = applicationSchema.parse(resource);
  const { sync, health, conditions, reconciledAt, operationState } = status;
  const automated = spec.syncPolicy?.automated;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    deleting: metadata.deletionTimestamp !== null,
    automated: automated != null && automated.enabled !== false,
    refreshing: metadata.annotations?.[REFRESH] !== undefined,
    sync: { status: sync?.status || 'Unknown', revisions: revisionsOf(sync) },
    health: { status: health?.status || 'Unknown', message: health?.message ?? '' },
    conditions: (conditions ?? []).map(({ type, message }) => ({ type, message })),
    reconciledAt,
    operation: operationState ? readOperation(operationState) : null,
  };
}

function readOperation(state: z.output<typeof operationSchema>): ArgoApplication['operation'] {
  const { phase, message, finishedAt, retryCount, operation, syncResult } = state;
  const result = revisionsOf(syncResult);
  const revisions = result.length > 0 ? result : revisionsOf(operation?.sync);
  const hooks = (syncResult?.resources ?? [])
    .filter(({ hookType }) => hookType !== '')
    .map(({ namespace, name, hookPhase, message: words }) => ({ namespace, name, phase: hookPhase, message: words }));
  return { phase, message, finishedAt, retryCount: retryCount ?? 0, revisions, hooks };
}

/** An application of several sources has their revisions in order, and no single one. */
function revisionsOf(of: { revision: string; revisions?: readonly string[] | null | undefined } | null | undefined): string[] {
  const several = of?.revisions ?? [];
  return (several.length > 0 ? [...several] : [of?.revision ?? '']).filter(Boolean);
}
