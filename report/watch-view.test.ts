import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import type { WatchedRollout, WatchReport } from './documents/watch-report.ts';
import { renderWatch } from './watch-view.ts';

const rollout = (site: string, state: WatchedRollout['state'], reason: string): WatchedRollout => ({
  model: 'porch',
  site,
  chipset: 'edge-box',
  digest: state === 'unknown' ? null : digestOf('porch'),
  runtime: null,
  state,
  reason,
  revision: `main@sha1:${'a'.repeat(40)}`,
  since: state === 'unknown' ? null : '2026-09-14T08:31:07.000Z',
});

const report: WatchReport = {
  version: 1,
  controller: 'flux',
  branch: 'main',
  commit: 'a'.repeat(40),
  rollouts: [
    rollout('gate-oslo', 'healthy', 'ReconciliationSucceeded: Applied revision'),
    rollout(
      'lobby-berlin',
      'failed',
      "HealthCheckFailed: timeout waiting for: [Deployment/porch/porch-edge-box status: 'InProgress']; pod porch-1: ImagePullBackOff",
    ),
    rollout('cloud-eu', 'progressing', 'Progressing: Running health checks\u001B[31m with colours of its own'),
    rollout('barn-bergen', 'superseded', 'a newer commit has taken its place'),
    rollout('pier-bodø', 'unknown', 'https://10.0.0.7 does not answer: connect ETIMEDOUT'),
  ],
};

describe('what runs where, in a terminal', () => {
  it('is a table within 80 columns, and under it why something is not healthy', async () => {
    const text = renderWatch(report, { colour: false, columns: 80 });
    await expect(text).toMatchFileSnapshot('__golden__/watch.txt');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(text).not.toContain('\u001B');
  });
});
