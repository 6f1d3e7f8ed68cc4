import { describe, expect, it } from 'vitest';
import { inverse } from '../stats/cholesky.ts';
import { dot, solveLower } from '../stats/cholesky.ts';
import { believe } from './field-model.ts';
import { fitField } from './fit-field.ts';
import { forecastOf, forecastParts } from './forecast.ts';
import { foretell } from './foretell.ts';
import { gibbs, type Moments } from './gibbs.fixture.ts';
import type { Iteration } from './iteration.ts';
import { judgeConfidence } from './judge-confidence.ts';
import { trueGains } from './research-gains.ts';
import { ORDINARY_WORLD, play } from './worlds.fixture.ts';

const asked = { margin: 0.01, unit: 'fraction' } as const;
const world = { ...ORDINARY_WORLD, sites: 4 };

/** Of one coefficient over all spreads. */
function believed({ beliefs }: ReturnType<typeof fitField>, at: number): Moments {
  const mean = beliefs.reduce((sum, { weight, belief }) => sum + weight * (belief.mean[at] ?? 0), 0);
  const variance = beliefs.reduce((sum, { weight, belief }) => {
    const row = new Float64Array(belief.mean.length);
    row[at] = 1;
    const reduced = solveLower(belief.lower, row);
    return sum + weight * (dot(reduced, reduced) + ((belief.mean[at] ?? 0) - mean) ** 2);
  }, 0);
  return { mean, sd: Math.sqrt(variance) };
}

describe('what is believed of the field', () => {
  it("is what Gibbs's sampler of the same model says after a long run", () => {
    const iterations = play(world, 12, 7);
    const fit = fitField(iterations, 'fraction');
    const reference = gibbs(iterations, fit.design.slopes[0] ?? 0, 6000, 1);
    for (const [at, expected] of [reference.offset, reference.slope].entries()) {
      const own = believed(fit, at);
      expect(Math.abs(own.mean - expected.mean)).toBeLessThan(0.1 * expected.sd);
      expect(own.sd / expected.sd).toBeCloseTo(1, 0.8);
    }
  });

  it('is the same each time, whatever order sets and places are told in', () => {
    const played = play({ ...world, benches: ['predictive', 'misleading'] }, 10, 3);
    const turned = played.map((one): Iteration => ({
      ...one,
      research: one.research.toReversed(),
      field: one.field.toReversed(),
    }));
    const [first, second] = [judgeConfidence(played, asked), judgeConfidence(turned, asked)];
    expect(second.next?.probability).toBeCloseTo(first.next?.probability ?? 0, 10);
    expect(second.sets.map(({ set, verdict }) => [set, verdict])).toEqual(first.sets.map(({ set, verdict }) => [set, verdict]));
  });

  it('is the prior alone, and says so, of a first release', () => {
    const { gain, basis } = foretell([], [{ set: 'bench', unit: 'fraction', gain: { value: 0.03, error: 0.01 } }], 'fraction');
    expect(basis).toBe('the prior alone: no earlier release has shown how research gains fared');
    expect(gain.value).toBeGreaterThan(0);
    expect(gain.value).toBeLessThan(0.03);
    expect(gain.interval?.low).toBeLessThan(-0.03);
  });

  it('trusts a noisy research gain less', () => {
    const of = (error: number) => foretell([], [{ set: 'bench', unit: 'fraction', gain: { value: 0.05, error } }], 'fraction');
    expect(of(0.2).gain.value).toBeLessThan((of(0.005).gain.value ?? 0) / 3);
  });

  it('tells of a set that was not measured by those that go with it', () => {
    const played = play({ ...world, benches: ['predictive', 'predictive'] }, 30, 5);
    const only = (at: number) => played[29]?.research.filter((_, index) => index === at) ?? [];
    const [both, one] = [played[29]?.research ?? [], only(0)].map(
      (research) => foretell(played.slice(0, 29), research, 'fraction').gain,
    );
    expect(Math.abs((both?.value ?? 0) - (one?.value ?? 1))).toBeLessThan(0.02);
  });

  it('leaves iterations that the field has not answered out of what is learned of the field', () => {
    const played = play(world, 10, 9);
    const waiting: Iteration = { ...(played[0] as Iteration), field: [] };
    expect(judgeConfidence([...played, waiting], asked).have).toBe(10);
  });

  it('shrinks a site that was seen once to the pool', () => {
    const played = play({ ...world, sites: 3 }, 20, 4);
    const odd = { site: 'new', chipset: 'edge', on: 'arrived', gain: { value: -0.2, error: 0.05 } } as const;
    const seen = played.map((one, at): Iteration => (at === 19 ? { ...one, field: [...one.field, odd] } : one));
    const place = judgeConfidence(seen, asked).places.find(({ site }) => site === 'new');
    expect(place?.offset.value).toBeGreaterThan(-0.06);
    expect(place?.offset.value).toBeLessThan(0);
  });
});

describe('whether it suffices', () => {
  it.each([0, 1, 3, 5])('is no after %d iterations; what is believed is shown all the same', (iterations) => {
    const confidence = judgeConfidence(play(world, iterations, 2), asked);
    expect(confidence).toMatchObject({ state: 'insufficient', have: iterations });
    expect(confidence.need).toBeGreaterThan(iterations);
    expect(confidence.next === null).toBe(iterations === 0);
  });

  it('is yes after enough of them', () => {
    expect(judgeConfidence(play(world, 40, 2), asked).state).toBe('measured');
  });

  it('reads enough iterations to tell four sets apart, though two hundred places answer each', () => {
    const many = { ...world, sites: 200, benches: ['predictive', 'predictive', 'predictive', 'misleading'] as const };
    const { state, have } = judgeConfidence(play(many, 60, 3), asked);
    expect({ state, have }).toEqual({ state: 'measured', have: 60 });
  });

  it('is yes of no place before so many were seen that it can be', () => {
    const { state, need, places } = judgeConfidence(play({ ...world, sites: 1 }, 29, 2), asked);
    expect({ state, need, places: places.map((place) => place.state) }).toEqual({
      state: 'insufficient',
      need: 36,
      places: ['insufficient'],
    });
  });
});

describe('the example of docs/confidence.md', () => {
  // Worked by hand there, with true research gains N(0, 1) and iterations that differ by 0.6.
  const measured = [
    [4, 1, 3, 2],
    [1, 1, -2, 3],
    [-2, 2, -5, 2],
    [6, 1.5, 5, 2.5],
  ] as const;
  const one = (value: number) => Float64Array.of(value);
  const research = { sets: ['bench'], scales: one(0.05), mean: one(0), spread: { size: 1, cells: one(1) } };
  const gained = (value: number, error: number) =>
    trueGains(research, new Map([['bench', { value: value / 100, error: error / 100 }]]));
  const rows = measured.map(([x, error, y, fieldError]) => ({
    research: gained(x, error),
    place: Int32Array.of(0),
    gains: one(y / 5),
    variances: one((fieldError / 5) ** 2),
  }));
  const data = { research, places: [{ site: 'street', chipset: 'edge' }], scale: 0.05, rows };
  const design = { data, slopes: one(0.75), prior: { means: one(0.75), sd: 0.75 } };
  const belief = believe(design, { iteration: 0.6, visit: 1e-9, offset: 1, slope: 1 });

  it('has the offset and the slope that it says', () => {
    expect([...belief.mean]).toEqual([expect.closeTo(-0.181, 3), expect.closeTo(0.975, 3)]);
  });

  it('has the gain, the interval and the probability that it says', () => {
    const beliefs = [{ weight: 1, belief, covariance: inverse(belief.lower) }];
    const [part] = forecastParts({ design, beliefs }, gained(3, 1), 'everywhere');
    expect(part).toMatchObject({ unknown: expect.closeTo(0.108, 3), noise: expect.closeTo(0.397, 3) });
    const { gain, probability } = forecastOf(part === undefined ? [] : [part], 0.01, 0.05);
    expect(gain).toEqual({
      value: expect.closeTo(0.0191, 4),
      interval: { low: expect.closeTo(-0.0394, 4), high: expect.closeTo(0.0775, 4) },
    });
    expect(probability).toBeCloseTo(0.793, 3);
  });
});
