import { z } from 'zod';
import type { FluxKustomization, FluxSource } from '../../rollout/judge-flux.ts';
import { absent, conditions, metadataSchema } from '#kubernetes/adapters';

const kustomizationSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    suspend: z.boolean().nullish(),
    sourceRef: z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().nullish() }),
  }),
  status: z
    .looseObject({
      observedGeneration: absent(z.number()),
      lastAppliedRevision: absent(z.string()),
      lastAttemptedRevision: absent(z.string()),
      lastAppliedOriginRevision: absent(z.string()),
      lastHandledReconcileAt: absent(z.string()),
      conditions,
    })
    .prefault({}),
});

export function readKustomization(resource: unknown): FluxKustomization {
  const { metadata, spec, status } = kustomizationSchema.parse(resource);
  const { kind, name, namespace } = spec.sourceRef;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    generation: metadata.generation,
    deleting: metadata.deletionTimestamp !== null,
    suspended: spec.suspend === true,
    source: { kind, name, namespace: namespace ?? metadata.namespace },
    observedGeneration: status.observedGeneration,
    lastAppliedRevision: status.lastAppliedRevision,
    lastAttemptedRevision: status.lastAttemptedRevision,
    lastAppliedOriginRevision: status.lastAppliedOriginRevision,
    lastHandledReconcileAt: status.lastHandledReconcileAt,
    conditions: status.conditions,
  };
}

/** What `flux push artifact --revision` writes into an artifact. */
const ORIGIN = 'org.opencontainers.image.revision';

const sourceSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({ suspend: z.boolean().nullish() }).prefault({}),
  status: z
    .looseObject({
      artifact: z.looseObject({ revision: absent(z.string()), metadata: z.record(z.string(), z.string()).nullish() }).nullish(),
      lastHandledReconcileAt: absent(z.string()),
      conditions,
    })
    .prefault({}),
});

export function readSource(kind: string): (resource: unknown) => FluxSource {
  return (resource) => {
    const { metadata, spec, status } = sourceSchema.parse(resource);
    return {
      kind,
      namespace: metadata.namespace,
      name: metadata.name,
      suspended: spec.suspend === true,
      revision: status.artifact?.revision ?? null,
      originRevision: status.artifact?.metadata?.[ORIGIN] ?? null,
      lastHandledReconcileAt: status.lastHandledReconcileAt,
      conditions: status.conditions,
    };
  };
}
