import type { Judgement } from './judgement.ts';
import type { PodsJudgement } from './judge-pods.ts';

/** What the controller says and what runs, as one. Healthy takes both, wherever both can be looked at. */
export function combine(controller: Judgement, pods: PodsJudgement | null): Judgement {
  const { state, reason, revision } = controller;
  const waiting = (words: string, overdue: 'failed' | 'unknown'): Judgement => ({
    state: 'progressing',
    reason: words,
    revision,
    overdue,
  });
  if (state === 'superseded') return controller;
  if (state === 'unhealthy') {
    const words = pods === null || pods.running === 'ours' || pods.running === 'unseen' ? reason : `${reason}; ${pods.reason}`;
    const itself = pods === null || pods.running === 'unseen' || pods.fails;
    return itself ? { state: 'failed', reason: words, revision } : waiting(words, 'failed');
  }
  const troubled = pods !== null && pods.running !== 'ours' && pods.running !== 'unseen';
  if (state === 'failed' || state === 'progressing')
    return troubled ? { ...controller, reason: `${reason}; ${pods.reason}` } : controller;
  if (pods === null) {
    const alone = `${reason}; its pods can't be looked at from here`;
    return state === 'healthy' ? { ...controller, reason: alone } : waiting(alone, 'unknown');
  }
  if (pods.running === 'ours') return { ...controller, state: 'healthy', reason: `${reason}; ${pods.reason} ready, and run it` };
  if (pods.running === 'unseen') return waiting(`${reason}; its pods can't be seen: ${pods.reason}`, 'unknown');
  return waiting(`${reason}; but ${pods.reason}`, 'failed');
}

/** A release that is healthy otherwise, and what shows it a clip, by a Kustomization of its own. */
export function withReplay(release: Judgement, replay: Judgement): Judgement {
  const { reason, revision } = release;
  if (replay.state === 'healthy') {
    return { state: 'healthy', reason: `${reason}; it answers its clip as judged`, revision, replay: 'pass' };
  }
  if (replay.state === 'superseded') return replay;
  const words = `the replay of its clip: ${replay.reason}`;
  if (replay.state === 'progressing' || replay.state === 'applied') {
    const overdue = replay.state === 'progressing' ? replay.overdue : 'unknown';
    return { state: 'progressing', reason: `${reason}; ${words}`, revision, overdue };
  }
  return { state: 'failed', reason: words, revision, replay: 'fail' };
}
