import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import type { AuditFact } from './audit-facts.ts';
import { lastAudit, type AuditedToday } from './last-audit.ts';
import { appendFacts } from './read-facts.ts';

const [policy, family] = [digestOf('policy'), digestOf('family')];
const made = (at: string): AuditFact => ({
  kind: 'audit',
  model: 'porch',
  head: 'h',
  policy,
  family,
  deployed: releaseOf({ model: policy, runtime: null }),
  chipset: 'edge-box',
  runner: { name: 'process', sandboxed: false },
  seed: 1,
  falseFails: null,
  falsePasses: null,
  caught: null,
  changesCaught: null,
  gates: [],
  changes: [],
  left: [],
  at,
});
const today: AuditedToday = { policy, family, now: new Date('2026-03-20T00:00:00Z'), staleAfter: 30 * 86_400_000 };
const entriesOf = async (...facts: AuditFact[]) => {
  const ledger = new MemoryLedger();
  await appendFacts(ledger, facts);
  return await ledger.entries();
};

describe('the last audit', () => {
  it.each<[string, Partial<AuditedToday>, string | null]>([
    ['of the same gates, model and month', {}, null],
    ['under another policy', { policy: digestOf('other') }, 'gates, datasets or chipsets have changed since'],
    ['of a model of another family', { family: digestOf('other') }, 'model.yaml says something else since'],
    ['of long ago', { now: new Date('2026-05-01T00:00:00Z') }, 'it is 61 days old'],
  ])('%s', async (_, differing, stale) => {
    const entries = await entriesOf(made('2026-01-01T00:00:00Z'), made('2026-03-01T00:00:00Z'));
    expect(lastAudit(entries, 'porch', { ...today, ...differing })).toMatchObject({
      fact: { at: '2026-03-01T00:00:00Z' },
      stale,
    });
  });

  it('is none where the ledger holds none of the model', async () => {
    expect(lastAudit(await entriesOf(made('2026-03-01T00:00:00Z')), 'yard', today)).toBeNull();
  });
});
