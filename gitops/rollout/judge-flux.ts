import type { Condition } from '#kubernetes';
import { conditionOf, wordsOf, type Judgement } from './judgement.ts';
import { commitIn, isOurs, type Standings } from './revision.ts';
import type { CommitRelation } from './rollout.ts';

/** What is looked at of a Kustomization (kustomize.toolkit.fluxcd.io/v1). */
export type FluxKustomization = {
  namespace: string;
  name: string;
  generation: number;
  deleting: boolean;
  suspended: boolean;
  source: { kind: string; namespace: string; name: string };
  observedGeneration: number | null;
  lastAppliedRevision: string | null;
  lastAttemptedRevision: string | null;
  /** The Git revision behind an OCI artifact, where its annotations name one. */
  lastAppliedOriginRevision: string | null;
  lastHandledReconcileAt: string | null;
  conditions: readonly Condition[];
};

/** What is looked at of the GitRepository or OCIRepository that a Kustomization reads. */
export type FluxSource = {
  kind: string;
  namespace: string;
  name: string;
  suspended: boolean;
  /** Of the artifact that it serves; null while it has none. */
  revision: string | null;
  originRevision: string | null;
  lastHandledReconcileAt: string | null;
  conditions: readonly Condition[];
};

export type FluxView = { kustomization: FluxKustomization | null; source: FluxSource | null };

/** Reasons with which a Kustomization says that the attempted revision has failed: itself, or what it has been applied to. */
const FAILED = new Map<string, 'failed' | 'unhealthy'>([
  ['BuildFailed', 'failed'],
  ['ReconciliationFailed', 'failed'],
  ['HealthCheckFailed', 'unhealthy'],
  ['PruneFailed', 'failed'],
]);

/**
 * Judges by revision, never by Ready alone: a push bumps no generation, so a Ready that is older than the push looks like one
 * that is not. `lastAppliedRevision` is set only after health checks have passed, `observedGeneration` only when Ready or
 * Stalled. (fluxcd/kustomize-controller, internal/controller/kustomization_controller.go and docs/spec/v1/kustomizations.md)
 */
export function judgeFlux({ kustomization, source }: FluxView, name: string, relations: Standings): Judgement {
  if (kustomization === null) return waiting(`no Kustomization ${name} is there yet`, null, 'unknown');
  const { lastAppliedRevision, lastAttemptedRevision } = kustomization;
  const revision = lastAttemptedRevision ?? lastAppliedRevision;
  if (kustomization.deleting) return waiting(`the Kustomization ${name} is being deleted`, revision, 'unknown');
  const [applied, attempted] = relationsOf({ kustomization, source }, relations);
  const ready = conditionOf(kustomization.conditions, 'Ready');
  if (applied === 'replaces' || attempted === 'replaces') {
    return { state: 'superseded', reason: overtaken(revision, ready), revision };
  }
  if (isOurs(applied) && (attempted === null || isOurs(attempted)) && isReady(kustomization, ready)) return passed(kustomization);
  const stalled = conditionOf(kustomization.conditions, 'Stalled');
  if (stalled?.status === 'True' && isCurrent(stalled, kustomization) && !isBehind(source, relations)) {
    return { state: 'failed', reason: `Stalled: ${wordsOf(stalled)}`, revision };
  }
  if (attempted !== null && isOurs(attempted)) return judgeAttempt(kustomization, ready);
  return notYet({ kustomization, source }, attempted ?? applied, relations);
}

function judgeAttempt(kustomization: FluxKustomization, ready: Condition | undefined): Judgement {
  const revision = kustomization.lastAttemptedRevision;
  const failed = ready?.status === 'False' ? FAILED.get(ready.reason) : undefined;
  if (ready !== undefined && failed !== undefined) return { state: failed, reason: wordsOf(ready), revision };
  const reconciling = conditionOf(kustomization.conditions, 'Reconciling');
  const words = ready?.status === 'True' ? reconciling : (ready ?? reconciling);
  return waiting(suspension(kustomization) + (words ? wordsOf(words) : 'it has begun with this commit'), revision, 'failed');
}

/** The controller has not begun with this commit: why not is mostly its source's to say. */
function notYet({ kustomization, source }: Required<FluxView>, relation: CommitRelation, relations: Standings): Judgement {
  if (kustomization === null) throw new TypeError('there is a Kustomization to judge');
  const revision = kustomization.lastAttemptedRevision ?? kustomization.lastAppliedRevision;
  if (kustomization.suspended) return waiting('the Kustomization is suspended', revision, 'unknown');
  const trouble = sourceTrouble(source);
  if (trouble !== null && !holdsOurs(source, relations)) return waiting(trouble, revision, 'unknown');
  // What has not reached the site has not failed there.
  const overdue = holdsOurs(source, relations) ? 'failed' : 'unknown';
  const ready = conditionOf(kustomization.conditions, 'Ready');
  if (ready !== undefined && ready.status !== 'True') return waiting(wordsOf(ready), revision, overdue);
  if (relation === 'elsewhere') {
    return waiting(`it is at ${revision}, which is not in the history of this commit`, revision, 'unknown');
  }
  if (relation === 'unknown' && revision !== null) {
    return waiting(`it is at ${revision}, of which the fleet repository knows nothing`, revision, 'unknown');
  }
  const fetched = source?.revision ?? null;
  const where = revision === null ? 'it has applied nothing yet' : `it is still at ${revision}`;
  return waiting(fetched === null ? where : `${where}; its source has fetched ${fetched}`, revision, overdue);
}

function passed({ lastAppliedRevision: revision, conditions }: FluxKustomization): Judgement {
  const reason = wordsOf(conditionOf(conditions, 'Ready') ?? { reason: 'Ready', message: '' });
  // Without wait or healthChecks the controller removes this condition: then Ready means that it was applied, no more.
  const healthy = conditionOf(conditions, 'Healthy');
  if (healthy?.status === 'True') return { state: 'healthy', reason, revision };
  if (healthy === undefined) return { state: 'applied', reason: `${reason} (applied, without a health check)`, revision };
  return waiting(wordsOf(healthy), revision, 'failed');
}

function relationsOf({ kustomization, source }: FluxView, relations: Standings): [CommitRelation, CommitRelation | null] {
  const { lastAppliedRevision = null, lastAppliedOriginRevision = null, lastAttemptedRevision = null } = kustomization ?? {};
  const of = (revision: string | null, origin: string | null): CommitRelation => {
    const commit = commitIn(revision) ?? commitIn(origin);
    return commit === null ? 'unknown' : relations(commit);
  };
  // An attempt names no origin of its own; its source does while it serves that very artifact.
  const attemptedOrigin =
    lastAttemptedRevision === lastAppliedRevision
      ? lastAppliedOriginRevision
      : source?.revision === lastAttemptedRevision
        ? (source?.originRevision ?? null)
        : null;
  const attempted = lastAttemptedRevision === null ? null : of(lastAttemptedRevision, attemptedOrigin);
  return [of(lastAppliedRevision, lastAppliedOriginRevision), attempted];
}

/** Every commit that the two speak of: what Git must be asked about before they can be judged. */
export function commitsOfFlux({ kustomization, source }: FluxView): string[] {
  const revisions = [
    kustomization?.lastAppliedRevision,
    kustomization?.lastAttemptedRevision,
    kustomization?.lastAppliedOriginRevision,
    source?.revision,
    source?.originRevision,
  ];
  return [...new Set(revisions.flatMap((revision) => commitIn(revision ?? null) ?? []))];
}

function isReady({ observedGeneration, generation }: FluxKustomization, ready: Condition | undefined): boolean {
  return ready?.status === 'True' && observedGeneration === generation;
}

function isCurrent({ observedGeneration }: Condition, { generation }: FluxKustomization): boolean {
  return observedGeneration === null || observedGeneration === generation;
}

/** Whether the source serves this release; one that nobody can see is taken at the controller's word. */
export function holdsOurs(source: FluxSource | null, relations: Standings): boolean {
  if (source === null) return true;
  const commit = commitIn(source.revision) ?? commitIn(source.originRevision);
  return commit !== null && isOurs(relations(commit));
}

/** Whether the source serves another commit still: this one may be what mends a spec that is stalled. */
function isBehind(source: FluxSource | null, relations: Standings): boolean {
  return source !== null && source.revision !== null && !holdsOurs(source, relations);
}

/** FetchFailed, GitOperationFailed, AuthenticationFailed and their like. */
function sourceTrouble(source: FluxSource | null): string | null {
  if (source === null) return null;
  const name = `${source.kind} ${source.namespace}/${source.name}`;
  if (source.suspended) return `${name} is suspended`;
  const failed = ['FetchFailed', 'StorageOperationFailed', 'Stalled']
    .map((type) => conditionOf(source.conditions, type))
    .find((condition) => condition?.status === 'True');
  const ready = conditionOf(source.conditions, 'Ready');
  const trouble = failed ?? (ready?.status === 'False' ? ready : undefined);
  return trouble === undefined ? null : `${name}: ${wordsOf(trouble)}`;
}

function overtaken(revision: string | null, ready: Condition | undefined): string {
  return `a newer commit has taken its place: ${revision}${ready === undefined ? '' : ` (${wordsOf(ready)})`}`;
}

const suspension = ({ suspended }: FluxKustomization): string => (suspended ? 'suspended; ' : '');

function waiting(reason: string, revision: string | null, overdue: 'failed' | 'unknown'): Judgement {
  return { state: 'progressing', reason, revision, overdue };
}
