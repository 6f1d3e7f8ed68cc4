import { describe, expect, it } from 'vitest';
import type { GraphGate } from '#graphs';
import { HYBRID } from '../../report/place.fixture.ts';
import { street } from '../../testing/worlds/small-datasets.ts';
import { judgePlacements, outcomeOf } from './judge-placements.ts';

const bound = (axis: Extract<GraphGate, { kind: 'bound' }>['axis'], atMost: number): GraphGate => ({
  kind: 'bound',
  placement: 'hybrid',
  axis,
  atMost,
});
const judge = (gates: readonly GraphGate[], placement = HYBRID) =>
  judgePlacements(gates, { dataset: street, placements: [placement], runs: new Map(), runsBefore: new Map(), seed: 1 });

describe('the gate of a placement', () => {
  it.each([
    [bound('uplink', 1.6e6), 'pass', 'uplink of a site is 1 Mbit/s [900 kbit/s, 1.1 Mbit/s]: keeps the 1.6 Mbit/s allowed'],
    [bound('uplink', 2e5), 'fail', 'clearly misses the 200 kbit/s allowed'],
    [bound('end-to-end-p95', 300), 'inconclusive', 'too close to the 300 ms allowed to tell'],
    [bound('downlink', 1), 'inconclusive', 'nobody can tell downlink: it was not measured'],
  ] as const)('%j: %s', (gate, outcome, words) => {
    const [finding] = judge([gate]);
    expect(finding).toMatchObject({ outcome, reason: expect.stringContaining(words) });
  });

  it('lets nothing pass over a link that nothing shaped', () => {
    const [finding] = judge([bound('uplink', 1.6e6)], { ...HYBRID, links: [{ link: 'dsl', shapedBy: null }] });
    expect(finding).toMatchObject({ outcome: 'inconclusive', reason: expect.stringContaining('nothing shaped dsl here') });
  });

  it('decides together with the others: every one has to hold', () => {
    expect(outcomeOf(judge([bound('uplink', 1.6e6), bound('cost', 9)]))).toBe('pass');
    expect(outcomeOf(judge([bound('uplink', 1.6e6), bound('end-to-end-p95', 300)]))).toBe('inconclusive');
    expect(outcomeOf(judge([bound('uplink', 2e5), bound('end-to-end-p95', 300)]))).toBe('fail');
    expect(outcomeOf([])).toBeNull();
  });
});
