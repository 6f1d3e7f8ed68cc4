import { describe, expect, it } from 'vitest';
import { dot, solveLower } from '../stats/cholesky.ts';
import { fitField } from './fit-field.ts';
import { foretell } from './foretell.ts';
import { gibbs, type Moments } from './gibbs.fixture.ts';
import type { Iteration } from './iteration.ts';
import { judgeConfidence } from './judge-confidence.ts';
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
});
