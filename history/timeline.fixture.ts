import { digestOf, releaseOf, type Digest } from '#kernel';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import type { VerdictFact } from './check-facts.ts';
import { appendFacts, type AnyFact } from './read-facts.ts';

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

/** A ledger with one verdict, and what `after` makes of its record. */
export async function ledgerOf(judged: VerdictFact, after: (id: Digest) => readonly AnyFact[]) {
  const ledger = new MemoryLedger();
  const [id = digestOf('')] = await appendFacts(ledger, [judged]);
  await appendFacts(ledger, after(id));
  return { id, entries: await ledger.entries() };
}

export const iteration = (id: Digest, more: object = {}): AnyFact => ({
  kind: 'iteration',
  model,
  verdict: id,
  head: 'h',
  commits: { count: 2, first: day(1), last: day(3) },
  queued: day(3, '12:00:00'),
  began: day(4),
  built: { from: day(4), to: day(5) },
  answers: [],
  ...more,
});
export const whole = (id: Digest): AnyFact[] => [
  iteration(id),
  {
    kind: 'stamped',
    model,
    verdict: id,
    by: 'code host',
    steps: [
      { step: 'approved', at: day(8) },
      { step: 'deploy began', at: day(10) },
    ],
  },
  { kind: 'merge', model, verdict: id, tree: 't', commit: 'c', at: day(9) },
  deployment(id, 1, 2, ['canary'], day(11)),
  rollout('canary', 'progressing', day(12)),
  rollout('canary', 'healthy', day(13)),
  { kind: 'verified', ...place('canary'), outcome: 'pass', reason: '', at: day(14) },
  deployment(id, 2, 2, ['lobby', 'yard'], day(15)),
  rollout('lobby', 'healthy', day(16)),
  { kind: 'verified', ...place('lobby'), outcome: 'pass', reason: '', at: day(16, '13:00:00') },
  rollout('yard', 'unknown', day(17), null),
  rollout('yard', 'progressing', day(19)),
  rollout('yard', 'healthy', day(20)),
  { kind: 'verified', ...place('yard'), outcome: 'pass', reason: '', at: day(21) },
];
