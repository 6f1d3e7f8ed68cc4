import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { renderShip, type ShipView } from './ship-view.ts';

const about = {
  graph: 'door',
  placement: 'hybrid',
  stages: [
    { stage: 'look', site: 'lobby', chipset: 'edge', digest: digestOf('stages'), runtime: null },
    { stage: 'find', site: 'cloud', chipset: 'x86', digest: digestOf('yard'), runtime: digestOf('stages') },
  ],
};
const seen = (stage: string, site: string, chipset: string, state: string, reason: string) => ({
  stage,
  site,
  chipset,
  rollout: { state, reason },
});
const rollouts = [seen('look', 'lobby', 'edge', 'healthy', 'ready'), seen('find', 'cloud', 'x86', 'failed', 'CrashLoopBackOff')];
const commit = 'c'.repeat(40);
const shown = (view: ShipView) => renderShip(view, { colour: false, columns: 140 });

describe('what came of shipping a graph', () => {
  it.each<[string, ShipView, RegExp]>([
    ['unchanged', { ...about, state: 'unchanged' }, /^unchanged +door as hybrid: the branch deploys it already\n/],
    ['landed', { ...about, state: 'landed', commit }, /^landed +.*the branch is at cccccccccccc; nobody has watched/],
    ['healthy', { ...about, state: 'healthy', commit, rollouts: [] }, /every stage is healthy at cccccccccccc/],
    [
      'unknown',
      { ...about, state: 'unknown', commit, rollouts },
      /some stages have not said that they are healthy; it stays there/,
    ],
    ['nothing to do', { ...about, state: 'planned', changes: [] }, /nothing would change/],
    [
      'a file to write',
      { ...about, state: 'planned', changes: [{ path: 'a.yaml', change: 'added' }] },
      /it would be one commit: 1 file, 1 added\n[\s\S]*\n {2}added {4}a\.yaml\n/,
    ],
    [
      'stays',
      { ...about, state: 'stays', commit, reason: 'find has failed; edited', rollouts },
      /could not be taken back: find has failed; edited/,
    ],
    [
      'refused',
      {
        ...about,
        stages: [],
        state: 'not shipped',
        refusals: [{ stage: 'find', state: 'refused', reason: 'its verdict is fail' }],
      },
      /nothing was written\n\n {2}refused +find: its verdict is fail\n$/,
    ],
  ])('is said in plain words: %s', (_, view, words) => {
    expect(shown(view)).toMatch(words);
  });

  it('says of a release that went back why, where, and how what ran before is', () => {
    const back = {
      ...about,
      state: 'reverted' as const,
      commit,
      reason: 'find at cloud is failed',
      revertedBy: 'd'.repeat(40),
      rollouts,
    };
    const text = shown({ ...back, after: [seen('find', 'cloud', 'x86', 'healthy', '')] });
    expect(text).toMatch(
      /^reverted +door as hybrid: find at cloud is failed; all of it was taken back by dddddddddddd, and is held: what ran before is healthy\s+again/,
    );
    expect(text).toMatch(/\n {2}find +cloud +x86 +sha256:\w{12} on sha256:\w{12} +failed +CrashLoopBackOff\n/);
    expect(shown({ ...back, after: rollouts })).toMatch(/not healthy: find at cloud is failed: CrashLoopBackOff/);
    expect(shown({ ...back, after: [] })).toMatch(/was not watched/);
  });

  it('shows what a controller says as words, whatever it holds', () => {
    const hostile = [seen('look', 'lobby', 'edge', 'failed', '\u001B[31mred\n::error::')];
    const text = shown({ ...about, state: 'unknown', commit, rollouts: hostile });
    for (const line of ['\u001B', '\n::error']) expect(text).not.toContain(line);
  });
});
