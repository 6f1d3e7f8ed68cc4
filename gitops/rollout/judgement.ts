import type { Condition } from '#kubernetes';
import type { Rollout } from './rollout.ts';

/**
 * What one witness makes of a target so far. `applied` is short of healthy: the release is in the cluster, and this witness
 * does not know whether it works. `unhealthy` is short of failed: its health checks say no, and they may speak of what ran
 * before: a Deployment that has exceeded its progress deadline goes on saying so until a rollback is complete (kubernetes,
 * pkg/controller/deployment/progress.go), and both controllers take it at its word. `overdue` is what a target is whose time is
 * over while it stands so: `failed` where it is the release that has not come about, `unknown` where something else stood in its
 * way. `replay`: what came of the clip that it was shown on site.
 */
export type Judgement =
  | {
      state: 'healthy' | 'applied' | 'unhealthy' | 'failed' | 'superseded';
      reason: string;
      revision: string | null;
      replay?: 'pass' | 'fail';
    }
  | { state: 'progressing'; reason: string; revision: string | null; overdue: 'failed' | 'unknown' };

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** `HealthCheckFailed: timeout waiting for ...`, in one line. */
export function wordsOf({ reason, message }: { reason: string; message: string }): string {
  const words = oneLine(message);
  return words === '' ? reason : `${reason}: ${words}`;
}

/** Controllers quote whole build logs; the first words hold the cause. */
export function oneLine(text: string, most = 600): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Whether somebody who must act was asked to, and has shown since that it is there. */
export type Contact = { who: string; asked: boolean; answered: boolean };

/** What the target is when its time is over, in a time given in words. */
export function atDeadline(judgement: Judgement, contacts: readonly Contact[], time: string): Rollout {
  const { reason, revision } = judgement;
  if (hasEnded(judgement)) return soFar(judgement);
  const silent = contacts.find(({ answered }) => !answered);
  if (silent !== undefined) {
    const asked = silent.asked ? 'has not answered the request to reconcile' : 'has changed nothing';
    return { state: 'unknown', reason: `${silent.who} ${asked} in ${time}: does it run? (${reason})`, revision };
  }
  return {
    state: judgement.state === 'progressing' ? judgement.overdue : 'unknown',
    reason: `not healthy after ${time}: ${reason}`,
    revision,
  };
}

/** What the target is while its time is not over. */
export function soFar(judgement: Judgement): Rollout {
  const { state, reason, revision } = judgement;
  if (state === 'progressing' || state === 'applied' || state === 'unhealthy') return { state: 'progressing', reason, revision };
  const { replay } = judgement;
  return { state, reason, revision, ...(replay === undefined ? {} : { replay }) };
}

export function hasEnded({ state }: Judgement): boolean {
  return state === 'healthy' || state === 'failed' || state === 'superseded';
}
