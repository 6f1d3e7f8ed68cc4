import { oneLine, type Judgement } from './judgement.ts';
import { isOurs, type Standings } from './revision.ts';
import type { CommitRelation } from './rollout.ts';

/** What is looked at of an Application (argoproj.io/v1alpha1). Of several sources, revisions are in their order. */
export type ArgoApplication = {
  namespace: string;
  name: string;
  deleting: boolean;
  /** Whether Argo CD syncs by itself; else somebody must. */
  automated: boolean;
  /** Whether a refresh has been asked for that the controller has not taken up: it removes the annotation. */
  refreshing: boolean;
  sync: { status: string; revisions: readonly string[] };
  health: { status: string; message: string };
  conditions: readonly { type: string; message: string }[];
  reconciledAt: string | null;
  operation: ArgoOperation | null;
};

/** The last sync, or the one under way; `retryCount` of those that failed before it. */
type ArgoOperation = {
  phase: string;
  message: string;
  revisions: readonly string[];
  finishedAt: string | null;
  retryCount: number;
  hooks: readonly { namespace: string; name: string; phase: string; message: string }[];
};

export type ArgoView = {
  application: ArgoApplication | null;
  /** The health seen before this one in the same watch: what Degraded came from. */
  previousHealth: string | null;
  /** The hook that shows a clip to the release, where there is one. */
  replay?: { namespace: string; name: string } | undefined;
};

/** Argo CD could not read what it was to compare: the release has not been looked at. */
const UNREACHABLE =
  /authentication required|authorization failed|permission denied|repository not found|not accessible|failed to (?:list refs|fetch|clone|get git client)|unable to (?:access|resolve)|dial tcp|connection (?:refused|reset|error)|no such host|i\/o timeout|deadline exceeded|code = Unavailable/i;

/**
 * Sync and health run in loops of their own, so a health may be older than the sync: a pass needs a reconciliation after the
 * operation has finished. (akuity/kargo, pkg/health/checker/builtin/argocd.go)
 */
export function judgeArgo(view: ArgoView, name: string, relations: Standings): Judgement {
  const { application } = view;
  if (application === null) return waiting(`no Application ${name} is there yet`, null, 'unknown');
  const { sync, operation } = application;
  const synced = fleetRevision(sync.revisions, relations);
  const operated = fleetRevision(operation?.revisions ?? [], relations);
  const revision = synced?.revision ?? operated?.revision ?? null;
  if (application.deleting) return waiting(`the Application ${name} is being deleted`, revision, 'unknown');
  if (synced?.relation === 'replaces' || operated?.relation === 'replaces') {
    return { state: 'superseded', reason: `a newer commit has taken its place: ${revision}`, revision };
  }
  const operatesOurs = operated !== null && isOurs(operated.relation);
  if (operatesOurs && operation !== null && /^(?:Failed|Error)$/.test(operation.phase)) {
    const reason = `${operation.phase}: ${oneLine(operation.message)}${retries(operation)}${failedHooks(operation)}`;
    return { state: 'failed', reason, revision, ...(replayPhase(view) === 'Failed' ? { replay: 'fail' } : {}) };
  }
  const error = application.conditions.find(({ type }) => type === 'ComparisonError' || type === 'InvalidSpecError');
  if (error !== undefined) {
    const reason = `${error.type}: ${oneLine(error.message)}`;
    return waiting(reason, revision, UNREACHABLE.test(error.message) ? 'unknown' : 'failed');
  }
  if (synced === null || !isOurs(synced.relation)) return notCompared(application, synced);
  if (operatesOurs) return judgeOperated(view, application, synced.revision);
  return judgeUnchanged(application, synced.revision);
}

/** An operation has brought this commit, or is about to. */
function judgeOperated(view: ArgoView, application: ArgoApplication, revision: string): Judgement {
  const { previousHealth } = view;
  const { sync, health, operation } = application;
  if (operation?.phase !== 'Succeeded')
    return waiting(`${operation?.phase}: ${oneLine(operation?.message ?? '')}`, revision, 'failed');
  if (!isFresh(application)) return waiting('synced; its health has not been looked at since', revision, 'failed');
  if (health.status === 'Degraded') {
    const turned = previousHealth !== null && previousHealth !== 'Degraded' && previousHealth !== 'Unknown';
    const reason = turned ? `${healthWords(application)} (after ${previousHealth})` : healthWords(application);
    return turned ? { state: 'unhealthy', reason, revision } : waiting(reason, revision, 'failed');
  }
  if (health.status === 'Suspended')
    return waiting(`${healthWords(application)}: paused, and goes on when somebody lets it`, revision, 'unknown');
  if (sync.status !== 'Synced')
    return waiting(`${sync.status} again after its sync; ${healthWords(application)}`, revision, 'failed');
  if (health.status !== 'Healthy') return waiting(healthWords(application), revision, 'failed');
  const answered = replayPhase(view) === 'Succeeded';
  const reason = `Synced, ${healthWords(application)}${answered ? '; it answers its clip as judged' : ''}`;
  return { state: 'healthy', reason, revision, ...(answered ? { replay: 'pass' } : {}) };
}

/**
 * A commit that leaves this application as it is starts no operation: what runs must say that it is the release. Until one
 * of the two is seen, a commit that has not been synced yet looks the same but for OutOfSync.
 */
function judgeUnchanged(application: ArgoApplication, revision: string): Judgement {
  const { sync, health, automated } = application;
  if (sync.status !== 'Synced') {
    return automated
      ? waiting(`${sync.status}: no sync of this commit has begun; ${healthWords(application)}`, revision, 'failed')
      : waiting(`${sync.status}: Argo CD does not sync it by itself; somebody must`, revision, 'unknown');
  }
  if (health.status === 'Suspended') return waiting(`${healthWords(application)}: paused`, revision, 'unknown');
  if (health.status !== 'Healthy' || !isFresh(application)) return waiting(healthWords(application), revision, 'failed');
  return { state: 'applied', reason: 'Synced, Healthy (this commit changes nothing here)', revision };
}

function notCompared(application: ArgoApplication, synced: { revision: string; relation: CommitRelation } | null): Judgement {
  if (synced === null) return waiting('Argo CD has compared no revision yet', null, 'failed');
  const { revision, relation } = synced;
  if (relation === 'older') return waiting(`${application.sync.status} at ${revision}, which is older`, revision, 'failed');
  const words = relation === 'elsewhere' ? 'is not in the history of this commit' : 'is unknown to the fleet repository';
  return waiting(`it is at ${revision}, which ${words}`, revision, 'unknown');
}

/** Of the revisions of all sources, the one that is a commit of the fleet repository. */
function fleetRevision(
  revisions: readonly string[],
  relations: Standings,
): { revision: string; relation: CommitRelation } | null {
  const all = revisions.filter(Boolean).map((revision) => ({ revision, relation: relations(revision) }));
  return all.find(({ relation }) => relation !== 'unknown') ?? all[0] ?? null;
}

/** Every commit that it speaks of: what Git must be asked about before it can be judged. */
export function commitsOfArgo(application: ArgoApplication | null): string[] {
  const revisions = [...(application?.sync.revisions ?? []), ...(application?.operation?.revisions ?? [])];
  return [...new Set(revisions.filter((revision) => /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(revision)))];
}

function isFresh({ reconciledAt, operation }: ArgoApplication): boolean {
  if (reconciledAt === null) return false;
  return operation?.finishedAt == null || Date.parse(reconciledAt) >= Date.parse(operation.finishedAt);
}

function healthWords({ health }: ArgoApplication): string {
  return health.message === '' ? health.status : `${health.status}: ${oneLine(health.message)}`;
}

/** Of the last operation; Argo CD ends one as Succeeded only when all of its hooks have. */
function replayPhase({ application, replay }: ArgoView): string | undefined {
  if (replay === undefined) return undefined;
  return application?.operation?.hooks.find(({ namespace, name }) => namespace === replay.namespace && name === replay.name)
    ?.phase;
}

/** The operation's own words say that something has failed, and not what. */
function failedHooks({ hooks }: ArgoOperation): string {
  const failed = hooks.filter(({ phase }) => phase === 'Failed' || phase === 'Error');
  return failed.map(({ name, message }) => `; hook ${name}: ${oneLine(message, 200)}`).join('');
}

function retries({ retryCount }: ArgoOperation): string {
  return retryCount === 0 ? '' : ` (after ${retryCount} ${retryCount === 1 ? 'retry' : 'retries'})`;
}

function waiting(reason: string, revision: string | null, overdue: 'failed' | 'unknown'): Judgement {
  return { state: 'progressing', reason, revision, overdue };
}
