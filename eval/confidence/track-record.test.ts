import { describe, expect, it } from 'vitest';
import { demoGap } from './demo-gap.ts';
import type { Iteration } from './iteration.ts';
import { kendallTau, rankAgreement } from './rank-agreement.ts';
import { trackRecord } from './track-record.ts';

const gain = (value: number, error = 0.01) => ({ value, error });
const one = (research: number, predicted: number, realised: number | null, error = 0.02): Iteration => ({
  release: `r ${research} ${realised}`,
  at: '2026-01-01T00:00:00.000Z',
  shipped: true,
  research: [{ set: 'bench', unit: 'fraction', gain: gain(research) }],
  predicted: gain(predicted, error),
  realised: realised === null ? null : gain(realised),
  field: [],
});
const right = (count: number, of: number) =>
  Array.from({ length: of }, (_, index) => one(0.02, 0.015, index < count ? 0.02 : -0.06));

describe('how predictions fared', () => {
  it('is told of two at least, and of those alone that were answered', () => {
    expect(trackRecord([one(0.02, 0.01, 0.02), one(0.02, 0.01, null)], 0, 'bench')).toBeNull();
    expect(trackRecord(right(2, 2), 0, 'bench')?.iterations).toBe(2);
  });

  it('is agreement in sign, coverage and Brier score, each against what came', () => {
    // Wilson 90% of 16 of 20, and Phi(.015 / hypot(.02, .01)) = .7488325, from SciPy 1.17.1 and statsmodels 0.15.0.
    const share = { value: 0.8, low: expect.closeTo(0.6216233, 6), high: expect.closeTo(0.906882, 6), n: 20 };
    const record = trackRecord(right(16, 20), 0, 'bench');
    expect(record).toMatchObject({ signAgreement: share, coverage: share, alwaysShip: 0.2, shipBenchGains: 0.2 });
    expect(record?.brier.score).toBeCloseTo(0.8 * (1 - 0.7488325) ** 2 + 0.2 * 0.7488325 ** 2, 4);
  });

  it('takes the Brier score apart: reliability - resolution + uncertainty', () => {
    // Ten stated at Phi(1) and ten at Phi(-1), right in 8 and wrong in 9 of them: worked by hand.
    const rows = [
      ...Array.from({ length: 10 }, (_, index) => one(0.01, 0.0223606798, index < 8 ? 0.02 : -0.02)),
      ...Array.from({ length: 10 }, (_, index) => one(-0.01, -0.0223606798, index < 9 ? -0.02 : 0.02)),
    ];
    const { brier, calibration } = trackRecord(rows, 0, 'bench') ?? { brier: null, calibration: [] };
    expect(brier?.uncertainty).toBeCloseTo(0.45 * 0.55, 10);
    expect(brier?.score).toBeCloseTo((brier?.reliability ?? 0) - (brier?.resolution ?? 0) + (brier?.uncertainty ?? 0), 12);
    expect(calibration[0]?.stated).toBeCloseTo(0.1586553, 6);
    expect(calibration.at(-1)?.stated).toBeCloseTo(0.8413447, 6);
    expect(calibration).toHaveLength(4);
  });

  it('says of shipping what gains on the bench how often that was wrong', () => {
    const rows = [one(0.02, 0, 0.03), one(0.02, 0, -0.03), one(-0.02, 0, 0.03), one(-0.02, 0, -0.03)];
    expect(trackRecord(rows, 0, 'bench')).toMatchObject({ shipBenchGains: 0.5, alwaysShip: 0.5 });
    expect(trackRecord(rows, 0, null)).toMatchObject({ shipBenchGains: null, signAgreement: null, tau: null });
  });
});

describe("Kendall's tau-b", () => {
  // SciPy 1.17.1, stats.kendalltau.
  it.each<[string, readonly (readonly [number, number])[], number | null]>([
    [
      'of a run that rises',
      [
        [1, 1],
        [2, 2],
        [3, 4],
        [4, 3],
      ],
      0.666666666667,
    ],
    [
      'with ties on both sides',
      [
        [12, 1],
        [2, 4],
        [1, 7],
        [12, 1],
        [2, 0],
      ],
      -0.471404520791,
    ],
    [
      'of one side that never varies',
      [
        [1, 1],
        [1, 2],
        [1, 3],
      ],
      null,
    ],
  ])('%s', (_, pairs, tau) => {
    const found = kendallTau(pairs);
    expect(found === null ? null : Number(found.toFixed(12))).toBe(tau);
  });

  it('has an interval, from five pairs on', () => {
    const pairs = Array.from({ length: 12 }, (_, at) => [at, at + (at % 3)] as const);
    const agreement = rankAgreement(pairs);
    expect(agreement?.interval.low).toBeLessThan(agreement?.value ?? 0);
    expect(rankAgreement(pairs.slice(0, 4))).toBeNull();
  });
});

describe('the gap between demo and field', () => {
  const over = (gapAt: (at: number) => number) =>
    Array.from({ length: 30 }, (_, at) => one(0.05 + (at % 2) * 0.01, 0, 0.05 + (at % 2) * 0.01 - gapAt(at)));
  it.each<[string, (at: number) => number, string, number]>([
    ['that shrinks', (at) => 0.1 - at * 0.003, 'closing', 0.013],
    ['that grows', (at) => 0.01 + at * 0.003, 'widening', 0.097],
    ['from the other side that shrinks', (at) => -0.1 + at * 0.003, 'closing', -0.013],
    ['that is as it was', () => 0.03, 'steady', 0.03],
  ])('%s is %s', (_, gapAt, verdict, today) => {
    const found = demoGap(over(gapAt), 'fraction');
    expect(found?.verdict).toBe(verdict);
    expect(found?.gap.value).toBeCloseTo(today, 2);
  });

  it('is not told of few, nor of sets that count otherwise', () => {
    expect(demoGap(over(() => 0.03).slice(0, 4), 'fraction')).toBeNull();
    expect(
      demoGap(
        over(() => 0.03),
        'seconds',
      ),
    ).toBeNull();
  });
});
