import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { judgePredictions, type HistoryRow } from './confidence.ts';
import type { Estimate } from './gate.ts';
import { predictFieldGain } from './predict-field-gain.ts';
import { Z } from './stats/level.ts';
import { random } from './stats/rng.ts';

function estimate(value: number, error: number): Estimate {
  return { value, interval: { low: value - Z * error, high: value + Z * error }, method: 'given', clusters: 30, n: 60 };
}

function row(
  release: number,
  research: [number, number] | null,
  realised: [number, number],
  predicted = estimate(0, 1),
): HistoryRow {
  return {
    release: digestOf(String(release)),
    research: research === null ? null : estimate(...research),
    predicted,
    realised: estimate(...realised),
  };
}

const four = [
  row(1, [0.04, 0.01], [0.03, 0.02]),
  row(2, [0.01, 0.01], [-0.02, 0.03]),
  row(3, [-0.02, 0.02], [-0.05, 0.02]),
  row(4, [0.06, 0.015], [0.05, 0.025]),
];

describe('the predicted field gain', () => {
  // The same model in NumPy 2.4.6 and SciPy 1.17.1: batch normal equations, multivariate normal evidence, brentq on the mixture.
  it('agrees with NumPy and SciPy on four releases', () => {
    const { gain, basis } = predictFieldGain(four, estimate(0.03, 0.01));
    expect(gain.value).toBeCloseTo(0.01785980552603825, 10);
    expect(gain.interval).toEqual({ low: expect.closeTo(-0.044595723481960045, 9), high: expect.closeTo(0.0812153009899984, 9) });
    expect(gain.clusters).toBe(4);
    expect(basis).toBe('4 earlier iterations of 4 releases, and the prior');
  });

  it('is the prior alone, and says so, without history', () => {
    const { gain, basis } = predictFieldGain([], estimate(0.03, 0.01));
    expect(gain.value).toBeCloseTo(0.021634615384615384, 10);
    expect(gain.interval).toEqual({ low: expect.closeTo(-0.10213233662502356, 9), high: expect.closeTo(0.14540156739425403, 9) });
    expect(basis).toBe('the prior alone: no earlier release has shown how research gains fared');
  });

  it('is nothing in particular without a research gain', () => {
    const { gain } = predictFieldGain([], null);
    expect(gain.value).toBeCloseTo(0, 12);
    expect(gain.interval?.high).toBeCloseTo(0.14131013265358672, 9);
  });

  it('trusts a noisy research gain less', () => {
    const [clear, vague] = [predictFieldGain([], estimate(0.05, 0.005)), predictFieldGain([], estimate(0.05, 0.1))];
    expect(vague.gain.value).toBeLessThan((clear.gain.value ?? 0) / 3);
  });

  it('learns that research gains do not survive', () => {
    const history = Array.from({ length: 20 }, (_, index) => row(index, [0.005 * index, 0.005], [0, 0.005]));
    const { gain } = predictFieldGain(history, estimate(0.08, 0.005));
    expect(gain.value).toBeCloseTo(0, 1.5);
    expect(gain.interval?.high).toBeLessThan(0.04);
  });

  it('leaves out what was never measured', () => {
    const unmeasured = row(5, null, [0.5, 0.01]);
    const unknown: HistoryRow = { ...row(6, [0.5, 0.01], [0, 1]), realised: { ...estimate(0, 1), value: null, interval: null } };
    expect(predictFieldGain([...four, unmeasured, unknown], estimate(0.03, 0.01))).toEqual(
      predictFieldGain(four, estimate(0.03, 0.01)),
    );
  });

  it('holds the true gain in about nine of ten worlds like its prior', () => {
    const next = random(1);
    const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const held = Array.from({ length: 300 }, () => {
      const [offset, slope] = [0.02 * normal(), 0.75 + 0.5 * normal()];
      const world = () => {
        const truth = 0.05 * normal();
        return { research: [truth + 0.02 * normal(), 0.02] as [number, number], field: offset + slope * truth + 0.05 * normal() };
      };
      const history = Array.from({ length: 8 }, (_, index) => {
        const { research, field } = world();
        return row(index, research, [field + 0.03 * normal(), 0.03]);
      });
      const { research, field } = world();
      const { interval } = predictFieldGain(history, estimate(...research)).gain;
      return interval !== null && interval.low <= field && field <= interval.high;
    }).filter(Boolean).length;
    expect(held / 300).toBeGreaterThan(0.85);
    expect(held / 300).toBeLessThan(0.96);
  });
});

const fared = (count: number, right: number) =>
  Array.from({ length: count }, (_, index) =>
    row(index, [0.02, 0.01], [index < right ? 0.02 : -0.06, 0.01], estimate(0.015, 0.02)),
  );

describe('how predictions have fared', () => {
  it('is not told of fewer than 15 releases', () => {
    expect(judgePredictions(fared(14, 14))).toEqual({ state: 'insufficient', have: 14, need: 15 });
    expect(judgePredictions([])).toEqual({ state: 'insufficient', have: 0, need: 15 });
  });

  it('counts a release on two sites once', () => {
    const twice = [...fared(10, 10), ...fared(10, 10)];
    expect(judgePredictions(twice)).toEqual({ state: 'insufficient', have: 10, need: 15 });
  });

  it('is agreement in sign, coverage and Brier score, each against what came', () => {
    const summary = judgePredictions(fared(20, 16));
    // Wilson 90% of 16 of 20, and Phi(.015 / hypot(.02, .01)) = .7488325, from SciPy 1.17.1 and statsmodels 0.15.0.
    const share = { value: 0.8, low: expect.closeTo(0.6216233, 6), high: expect.closeTo(0.906882, 6) };
    expect(summary).toMatchObject({ state: 'measured', releases: 20, signAgreement: share, coverage: share, naiveBrier: 0.2 });
    expect(summary.state === 'measured' && summary.brier).toBeCloseTo(0.8 * (1 - 0.7488325) ** 2 + 0.2 * 0.7488325 ** 2, 4);
  });
});
