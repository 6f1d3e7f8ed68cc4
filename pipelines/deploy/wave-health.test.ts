import { expect, it } from 'vitest';
import type { Rollout } from '#gitops';
import { waveHealth } from './wave-health.ts';

const sites = (...states: Rollout['state'][]) =>
  states.map((state, index) => ({ site: `s${index + 1}`, chipset: 'edge', rollout: { state, reason: `said ${state}` } }));

it.each([
  [['healthy', 'healthy'], false, 'healthy', 'healthy at s1, s2'],
  [['healthy', 'failed'], true, 'failed', 's2 (edge) is failed: said failed'],
  [['unknown', 'failed'], false, 'failed', 's2 (edge) is failed: said failed'],
  [['healthy', 'unknown'], false, 'waiting', 's2 (edge) is unknown: said unknown: unknown is not healthy. Run again'],
  [['healthy', 'unknown'], true, 'healthy', 'healthy at s1; gone past, as asked: s2 (edge) is unknown: said unknown'],
  [['unknown', 'unknown'], true, 'waiting', 'unknown is not healthy'],
  [['healthy', 'progressing'], true, 'waiting', 's2 (edge) is progressing: said progressing: run fieldproof deploy again'],
  [['superseded', 'unknown'], true, 'waiting', 's1 (edge) is superseded'],
] as const)('of sites that are %j (skipping unknown ones: %s) a wave is %s', (states, skipUnknown, kind, reason) => {
  expect(waveHealth(sites(...states), { skipUnknown })).toEqual({ kind, reason: expect.stringContaining(reason) });
});
