import { digestOf, releaseOf, type Digest } from '#kernel';
import type { VerdictFact } from './check-facts.ts';
import type { AnyFact } from './read-facts.ts';

/** Facts of one change to one model, of which a test says what is particular. */
export const model = 'porch';
export const fleetCommit = 'f1'.repeat(20);
export const now = new Date('2026-03-31T00:00:00Z');
export const day = (of: number, time = '12:00:00.400') => `2026-03-${String(of).padStart(2, '0')}T${time}Z`;
export const release = (word: string) => releaseOf({ model: digestOf(word), runtime: null });
export const place = (site: string) => ({ model, site, chipset: 'edge', fleetCommit });

export const verdict = (more: Partial<VerdictFact> = {}): VerdictFact => ({
  kind: 'verdict',
  model,
  base: 'b',
  head: 'h',
  tree: 't',
  policy: digestOf('policy'),
  candidate: release('new'),
  references: [{ release: release('old'), role: 'baseline' }],
  history: 'change',
  outcome: 'pass',
  superior: true,
  seed: 1,
  runner: { name: 'process', sandboxed: false },
  findings: [],
  at: day(6),
  ...more,
});
export const rollout = (
  site: string,
  state: 'progressing' | 'unknown' | 'healthy',
  at: string,
  revision: string | null = `main@sha1:${fleetCommit}`,
) => ({ kind: 'rollout', ...place(site), state, reason: '', revision, at }) as const;
export const deployment = (id: Digest, wave: number, of: number, sites: readonly string[], at: string): AnyFact => ({
  kind: 'deployment',
  model,
  candidate: release('new'),
  superior: true,
  verdict: id,
  proposal: 'p',
  branch: 'main',
  fleetCommit,
  wave: { number: wave, of, places: sites.map((site) => ({ site, chipset: 'edge' })) },
  at,
});
