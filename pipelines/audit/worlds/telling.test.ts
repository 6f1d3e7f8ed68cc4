import { describe, expect, it } from 'vitest';
import type { Finding, QualityGate } from '#eval';
import { insufficiency, tellsIn } from './telling.ts';

const gate = { kind: 'quality', dataset: 'bench', metric: 'top1', margin: 0.02 } as QualityGate & { margin: number };

/** What was found of 600 pictures, of which so many were lost: about as wide as a normal interval of that share. */
function found(lost: number, of: number): Finding[] {
  const half = 1.645 * Math.sqrt((lost * (1 - lost)) / of);
  const gain = { value: -lost, interval: { low: -lost - half, high: -lost + half }, method: 'm', clusters: of, n: of };
  return [{ metric: 'top1', dataset: 'bench', against: 'baseline', slice: null, margin: 0.02, gain } as Finding];
}

describe('what the data of a gate can tell', () => {
  it('is the loss at which a normal test of the margin fails nine times in ten', () => {
    // (1.645 + 1.282) standard errors beyond the margin; a standard error of 4% of 600 is 0.8 points.
    expect(tellsIn(gate, found(0.04, 600))).toEqual({ loss: expect.closeTo(1 + (2.9265 * 0.008) / 0.02, 2), clusters: 600 });
  });

  it('is unknown where there is no interval', () => {
    const [whole] = found(0.04, 600) as [Finding];
    expect(tellsIn(gate, [{ ...whole, gain: { ...whole.gain, interval: null } }])).toBeNull();
    expect(tellsIn(gate, [])).toBeNull();
  });
});

describe('a gate whose data cannot tell twice its margin', () => {
  it('is told so, and how many more would', () => {
    const { loss, clusters } = tellsIn(gate, found(0.04, 600)) ?? { loss: 0, clusters: 0 };
    const said = insufficiency({ loss, clusters, unit: 'samples' }, 2);
    expect(said).toMatch(
      /^600 samples tell a loss of 2\.17 margins from the margin nine times in ten, and not one of 2; about 22\d more would$/,
    );
    const more = Number(/about (\d+) more/.exec(said ?? '')?.[1]);
    expect(tellsIn(gate, found(0.04, 600 + more))?.loss).toBeLessThanOrEqual(2);
    expect(tellsIn(gate, found(0.04, 600 + more - 10))?.loss).toBeGreaterThan(2);
  });

  it('is no gate whose data can', () => expect(insufficiency({ loss: 2, clusters: 600, unit: 'samples' }, 2)).toBeNull());
});
