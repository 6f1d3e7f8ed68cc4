import { describe, expect, it } from 'vitest';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import type { AlarmFact } from '../../history/replay-facts.ts';
import { withdrawnAlarms } from './withdraw-alarms.ts';
import { appendFacts } from '../../history/read-facts.ts';

const alarm = (more: Partial<AlarmFact> = {}): AlarmFact => ({
  kind: 'shift',
  model: 'porch',
  site: 'lobby',
  signal: 'event-rate',
  state: 'raised',
  raised: '2026-03-05',
  started: '2026-03-03',
  ended: null,
  why: null,
  statistic: 'events per hour',
  slice: '',
  before: 10,
  since: 2,
  evidence: 70,
  needed: 60,
  falseAlarmRate: 0.05,
  ...more,
});

async function withdrawn(history: readonly AlarmFact[], current: readonly AlarmFact[], toldOf = history): Promise<AlarmFact[]> {
  const ledger = new MemoryLedger();
  for (const fact of history) {
    const [of] = await appendFacts(ledger, [fact]);
    if (of !== undefined && toldOf.includes(fact)) await appendFacts(ledger, [{ kind: 'told', model: 'porch', of }]);
  }
  return withdrawnAlarms(await ledger.entries(), 'porch', current);
}

describe('an alarm that was told', () => {
  it('is withdrawn when the same nights raise nothing any more', async () => {
    expect(await withdrawn([alarm()], [])).toEqual([alarm()]);
    expect(await withdrawn([alarm()], [alarm({ site: 'yard' })])).toEqual([alarm()]);
  });

  it('stays while it stands, also by other words, and once it has ended', async () => {
    expect(await withdrawn([alarm()], [alarm({ needed: 80 })])).toEqual([]);
    expect(await withdrawn([alarm(), alarm({ state: 'ended', ended: '2026-03-09' })], [])).toEqual([]);
  });

  it('is none when nobody was told', async () => {
    expect(await withdrawn([alarm()], [], [])).toEqual([]);
  });
});
