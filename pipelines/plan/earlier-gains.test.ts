import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import { appendFacts, type EvaluationFact, type VerdictFact } from '#history';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import { earlierGains } from './earlier-gains.ts';

const [one, at] = [digestOf('one'), '2026-03-01T12:00:00.000Z'];
const release = releaseOf({ model: one, runtime: null });

function evaluation(head: string, trials: number): EvaluationFact {
  const kept = { release, datasetDigest: one, chipsetKey: one, trialsDigest: one };
  const fixed = { variant: 'default', threshold: null, task: 'events', taskVersion: 1 };
  return { kind: 'evaluation', model: 'porch', head, dataset: 'street', trials, ...kept, ...fixed };
}

function verdict(
  head: string,
  changes: Partial<VerdictFact['findings'][number]>,
  history: VerdictFact['history'] = 'change',
): VerdictFact {
  const finding = {
    metric: 'event-recall',
    where: 'street edge-box baseline',
    outcome: 'pass',
    low: -0.02,
    value: 0,
    high: 0.02,
  };
  return {
    kind: 'verdict',
    model: 'porch',
    base: 'b',
    head,
    tree: 't',
    policy: one,
    candidate: release,
    references: [],
    history,
    outcome: 'pass',
    superior: false,
    seed: 1,
    runner: { name: 'process', sandboxed: false },
    findings: [{ ...finding, method: 'Tango', ...changes }],
    at,
  };
}

const asked = { model: 'porch', dataset: 'street', chipsets: 'edge-box', metric: 'event-recall' };

describe('earlier gains on the same gate', () => {
  it('are the widths of its intervals, each with the trials that it rested on', async () => {
    const ledger = new MemoryLedger();
    await appendFacts(ledger, [evaluation('a', 100), verdict('a', {}), evaluation('b', 150), verdict('b', { low: -0.01 })]);
    expect(earlierGains(await ledger.entries(), asked)).toEqual([
      { halfWidth: 0.02, trials: 100 },
      { halfWidth: 0.015, trials: 150 },
    ]);
  });

  it.each<[string, VerdictFact]>([
    ['on another chipset', verdict('a', { where: 'street farm-cam baseline' })],
    ['of a slice', verdict('a', { where: 'street edge-box night baseline' })],
    ['of another metric', verdict('a', { metric: 'time-to-detect' })],
    ['of nothing measured', verdict('a', { low: null, high: null })],
    ['by identity', verdict('a', { low: 0, high: 0 })],
    ['of a first release', verdict('a', {}, 'first')],
    ['of which nobody knows the trials', verdict('elsewhere', {})],
  ])('are none %s', async (_, fact) => {
    const ledger = new MemoryLedger();
    await appendFacts(ledger, [evaluation('a', 100), fact]);
    expect(earlierGains(await ledger.entries(), asked)).toEqual([]);
  });
});
