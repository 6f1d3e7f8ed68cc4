import { describe, expect, it } from 'vitest';
import type { Trial } from '#tasks';
import { compareQuality } from '../compare.ts';
import { question, samples } from '../compare.fixture.ts';
import { random } from '../stats/rng.ts';
import { eventRecall } from '../../tasks/events/event-recall.ts';
import { falseAlarmsPerHour } from '../../tasks/events/false-alarms.ts';
import { top1 } from '../../tasks/classification/top-k.ts';
import { marginFor, shareAtBest } from './at-best.ts';
import { forecastGain, type EarlierGain } from './forecast.ts';
import { forecastTime, type TimedCheck } from './forecast-time.ts';
import { usuallyAltered } from './usually-altered.ts';
import { drawEvents, trialsOf, type Recipe } from './simulated-changes.fixture.ts';

const recipe: Recipe = { clips: 200, mostEvents: 4, found: 0.88, seconds: 36 };
const asked = { earlier: [], seed: 1 };

function halfWidthFound(candidate: readonly Trial[], reference: readonly Trial[]): number {
  const [finding] = compareQuality(question({ candidate, reference }));
  const { low, high } = finding?.gain.interval ?? { low: Number.NaN, high: Number.NaN };
  return (high - low) / 2;
}

/** Of so many changes of a recipe, the share whose interval is as wide as was forecast, by a fifth more or less. */
function foretold(changes: number, earlierChanges: number): number {
  const next = random(14);
  const events = drawEvents(recipe, next);
  const baseline = trialsOf(recipe, events, 1, next);
  const change = () => trialsOf(recipe, events, 0.85 + 0.12 * next(), next);
  const earlier: EarlierGain[] = Array.from({ length: earlierChanges }, () => ({
    halfWidth: halfWidthFound(change(), baseline),
    trials: recipe.clips,
  }));
  const forecast = forecastGain({ metric: eventRecall, trials: baseline, earlier, seed: 1 });
  const widths = Array.from({ length: changes }, () => halfWidthFound(change(), baseline));
  return widths.filter((width) => Math.abs(width / (forecast?.halfWidth ?? 0) - 1) <= 0.2).length / changes;
}

describe('the forecast of an interval, made from the baseline alone', () => {
  it('is right by a fifth in 80 of 100 changes', () => {
    expect(foretold(50, 0)).toBeGreaterThanOrEqual(0.8);
  });

  it('is so too where earlier changes are known', () => {
    expect(foretold(50, 6)).toBeGreaterThanOrEqual(0.8);
  });

  it('says which loss could be told from none: with that margin most changes that lose nothing pass', () => {
    const next = random(15);
    const events = drawEvents(recipe, next);
    const baseline = trialsOf(recipe, events, 1, next);
    const forecast = forecastGain({ metric: eventRecall, trials: baseline, ...asked });
    const passed = Array.from({ length: 50 }, () => {
      const candidate = trialsOf(recipe, events, 0.92, next);
      const [finding] = compareQuality(question({ candidate, reference: baseline, gate: { margin: forecast?.detectable ?? 0 } }));
      return Number(finding?.outcome === 'pass');
    });
    expect(passed.reduce((all, one) => all + one, 0)).toBeGreaterThanOrEqual(30);
    expect(forecast?.atBest).toBeLessThan(forecast?.detectable ?? 0);
  });

  it('says how much more data, and of which site, halves the interval', () => {
    const next = random(16);
    const events = drawEvents(recipe, next).map((event) => (event.clip % 3 === 0 ? { ...event, ease: event.ease - 0.7 } : event));
    const baseline = trialsOf(recipe, events, 1, next);
    const forecast = forecastGain({ metric: eventRecall, trials: baseline, ...asked });
    expect(forecast?.halving).toMatchObject({ unit: 'clips', mostFrom: 'yard' });
    expect(forecast?.halving?.more).toBeGreaterThan(2 * recipe.clips);
    expect(forecast?.halving?.more).toBeLessThan(4 * recipe.clips);
    expect(forecast?.halving?.minutes).toBeCloseTo(((forecast?.halving?.more ?? 0) * 36) / 60, -1);
  });

  it('is narrower where there is more', () => {
    const width = (count: number) => {
      const trials = samples(count, (index) => index % 8 !== 0);
      return forecastGain({ metric: top1, trials, ...asked })?.halfWidth ?? 0;
    };
    expect(width(1600) / width(400)).toBeCloseTo(0.5, 1);
  });

  it('knows nothing where nothing was asked', () => {
    expect(forecastGain({ metric: falseAlarmsPerHour, trials: [], ...asked })).toBeNull();
  });
});

describe('what another model of the recipe gets right of what this one gets wrong', () => {
  // Bivariate normal probabilities by scipy.stats.multivariate_normal 1.17.1 at a correlation of 0.91, times 1.15.
  it.each([
    [0.05, 0.39624],
    [0.12, 0.323491],
    [0.3, 0.226832],
  ])('where that is %d of all is %d', (wrong, share) => expect(usuallyAltered(wrong)).toBeCloseTo(share, 5));
});

describe('what could be shown at best', () => {
  it.each([
    [59, 0.05],
    [149, 0.02],
    [0, 1],
  ])('of %d samples is a loss of %d', (count, share) => {
    expect(shareAtBest(count)).toBeLessThanOrEqual(share);
    expect(shareAtBest(count - 1)).toBeGreaterThan(Math.min(share, 0.999) - 0.002);
  });

  it.each([
    [5000, 0.02],
    [200, 0.03],
    [100, 0.1],
    [10, 0.5],
  ])('a margin for %d samples is %d', (count, margin) => expect(marginFor(count)).toBe(margin));
});

describe('the forecast of the time', () => {
  /** A machine that is now and then slower by up to a tenth; the check takes 20 s beside its steps. */
  const check = (next: () => number, items = 40): TimedCheck => {
    const slower = () => 1 + 0.1 * next();
    const steps = [
      { name: 'street: candidate', items, seconds: 2 * items * slower() },
      { name: 'latency on edge-box', items: 30, seconds: 60 * slower() },
    ];
    return { seconds: steps.reduce((sum, { seconds }) => sum + seconds, 20 * slower()), steps };
  };
  const planned = [
    { name: 'street: candidate', items: 40 },
    { name: 'latency on edge-box', items: null },
  ];

  it('is right by a quarter', () => {
    const next = random(3);
    const seen = Array.from({ length: 3 }, () => check(next, 25));
    const { seconds } = forecastTime(seen, planned);
    for (let one = 0; one < 50; one += 1) expect(Math.abs((seconds ?? 0) / check(next).seconds - 1)).toBeLessThan(0.25);
  });

  it('holds where an earlier check asked the baseline too, and no check needs to again', () => {
    const next = random(4);
    const first = check(next);
    const baseline = { name: 'street: baseline', items: 40, seconds: 90 };
    const seen = [{ seconds: first.seconds + baseline.seconds, steps: [...first.steps, baseline] }];
    const { seconds, steps } = forecastTime(seen, [...planned, { name: 'street: baseline', items: 0 }]);
    expect(Math.abs((seconds ?? 0) / check(next).seconds - 1)).toBeLessThan(0.25);
    expect(steps.map(({ name }) => name)).toEqual(['street: candidate', 'latency on edge-box']);
  });

  it('is unknown of what was never timed, and says so of each step', () => {
    expect(forecastTime([], planned)).toMatchObject({ seconds: null, steps: [{ seconds: null }, { seconds: null }] });
    const other = forecastTime([check(random(1))], [...planned, { name: 'latency on farm-cam', items: null }]);
    expect(other).toMatchObject({
      seconds: null,
      steps: [{ seconds: expect.any(Number) }, { seconds: expect.any(Number) }, { seconds: null }],
    });
  });
});
