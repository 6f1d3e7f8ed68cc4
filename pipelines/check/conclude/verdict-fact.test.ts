import { describe, expect, it } from 'vitest';
import { bench, falseAlarms, finding } from '../../../testing/reports/report-findings.ts';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import type { Finding, ModelReport } from '#report';
import { judgedByIdentity } from './judged-by-identity.ts';
import { verdictFact } from './verdict-fact.ts';

const { planned, modelChange, context } = await memoryCheck();
const runner = { name: 'process', sandboxed: false };
const [better, level] = [
  finding({ gain: 0.02, half: 0.01, candidate: 0.92, reference: 0.9 }),
  finding({ gain: 0, half: 0.01, candidate: 0.9, reference: 0.9 }),
];

function factOf(findings: readonly Finding[], more: Partial<ModelReport> = {}) {
  const report = { ...judgedByIdentity(planned), history: 'change' as const, findings: [...findings], ...more };
  return verdictFact({ report, modelChange, planned, runner }, context);
}

describe('a verdict, as the ledger keeps it', () => {
  it('says what was judged by what, and when', () => {
    expect(factOf([level])).toMatchObject({
      kind: 'verdict',
      model: 'porch',
      base: 'base',
      head: 'head',
      tree: modelChange.trees.head,
      policy: expect.stringMatching(/^sha256:/),
      candidate: releaseNamed('better'),
      references: [{ release: releaseNamed('old'), role: 'baseline' }],
      outcome: 'pass',
      seed: 1,
      runner,
      at: '2026-03-02T00:00:00.000Z',
    });
  });

  it('keeps the numbers of what decided and guarded, not of what was only watched', () => {
    const guarded = { ...better, role: 'guards' as const, slice: { by: 'light', value: 'night' }, chipset: 'edge' };
    expect(factOf([bench, guarded, { ...falseAlarms, role: 'watches' }]).findings).toEqual([
      {
        metric: 'top1',
        where: 'bench baseline',
        outcome: 'pass',
        low: bench.gain.interval?.low,
        value: 0.021,
        high: bench.gain.interval?.high,
        method: bench.gain.method,
      },
      expect.objectContaining({ metric: 'event-recall', where: 'street edge night baseline' }),
    ]);
  });

  it('keeps what was not measured as such', () => {
    expect(factOf([finding(null)]).findings).toMatchObject([{ low: null, value: null, high: null }]);
  });

  it.each<[string, readonly Finding[], Partial<ModelReport>, boolean]>([
    ['a gain beyond doubt', [level, better], {}, true],
    ['no gain beyond doubt', [level], {}, false],
    ['a gain, and a failure elsewhere', [better], { outcome: 'fail' }, false],
    ['a gain, and a doubt elsewhere', [better], { outcome: 'inconclusive' }, false],
    ['a gain in a slice alone', [level, { ...better, slice: { by: 'light', value: 'day' } }], {}, false],
    ['a gain that is only watched', [level, { ...better, role: 'watches' }], {}, false],
    ['a gain over the anchor alone', [level, { ...better, against: 'anchor' }], {}, false],
    ['a bound that holds', [{ ...better, against: 'bound' }], {}, false],
    ['speed alone', [level, { ...better, unit: 'ratio' }], {}, false],
    ['a first release that passes', [], { history: 'first' }, true],
    ['a first release that does not', [], { history: 'first', outcome: 'inconclusive' }, false],
  ])('is superior, and fit to be the next anchor, or not: %s', (_, findings, more, superior) => {
    expect(factOf(findings, more).superior).toBe(superior);
  });
});
