import { describe, expect, it } from 'vitest';
import { random } from '../stats/rng.ts';
import { followApart, followTogether, type Step } from './follow.ts';
import { recallWatch, type NightRecall } from './recall-watch.ts';
import { shiftWatch, type NightValues } from './shift-watch.ts';
import { quietWorld, simulateNights, type NightWorld } from './simulated-nights.fixture.ts';

const open = (unit: string) => shiftWatch({ reference: 10, quietNights: 3, next: random(unit.length) });

/** Nights of one signal: a value each, the number of the night as its name. */
function nights(values: readonly number[], release = 'one'): Step<NightValues>[] {
  return values.map((value, index) => ({ unit: 'rate', night: String(index), release, values: new Map([['', [value]]]) }));
}

const usual = (count: number, seed = 1) => {
  const next = random(seed);
  return Array.from({ length: count }, () => 10 + next());
};

describe('a signal that shifts', () => {
  it('raises one alarm, says since when and by how much, and ends it after three nights like those before', () => {
    const steps = nights([
      ...usual(20),
      ...usual(8, 2).map((value) => value / 5),
      ...usual(6, 3).map((value) => 10.2 + (value - 10) / 2),
    ]);
    const [course] = followApart(steps, ['rate'], { level: 0.05, open });
    const [alarm, ...others] = course?.alarms ?? [];
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ started: '20', slice: '', ended: { night: '30', why: 'quiet' } });
    expect(Number(alarm?.raised)).toBeLessThan(28);
    expect(alarm?.before).toBeCloseTo(10.5, 0);
    expect(alarm?.since).toBeCloseTo(2.1, 0);
    expect(course?.state).toBe('gathering');
    expect(course?.nights[26]?.alarmed).toBe(true);
    expect(course?.nights[31]?.alarmed).toBe(false);
  });

  it('stays raised while nights lie anywhere but between those before', () => {
    const steps = nights([...usual(20), ...usual(30, 2).map((value) => value / 5)]);
    expect(followApart(steps, ['rate'], { level: 0.05, open })[0]).toMatchObject({ state: 'alarmed', alarms: [{ ended: null }] });
  });

  it('begins anew with another release, and an alarm ends with the old one', () => {
    const steps = [...nights([...usual(20), ...usual(10, 2).map((value) => value / 5)]), ...nights(usual(5), 'two')];
    const [course] = followApart(steps, ['rate'], { level: 0.05, open });
    expect(course?.alarms.map(({ ended }) => ended?.why)).toEqual(['another release']);
    expect(course?.state).toBe('gathering');
  });

  it('names the slice in which it is concentrated', () => {
    const next = random(9);
    const steps = Array.from({ length: 40 }, (_, index): Step<NightValues> => {
      const [day, dark] = [10 + 6 * next(), 10 + 0.5 * next() - (index >= 25 ? 3 : 0)];
      const values = new Map([
        ['', [(3 * day + dark) / 4]],
        ['light=day', [day]],
        ['light=night', [dark]],
      ] as const);
      return { unit: 'rate', night: String(index), release: 'one', values };
    });
    expect(followApart(steps, ['rate'], { level: 0.05, open })[0]?.alarms[0]).toMatchObject({
      slice: 'light=night',
      started: '25',
    });
  });

  it('needs more evidence after an alarm than before the first', () => {
    const once = [...usual(20), ...usual(8, 2).map((value) => value / 5), 10.4, 10.5, 10.6];
    const course = followApart(nights([...once, ...usual(25, 4)]), ['rate'], { level: 0.05, open })[0];
    expect(course?.alarms).toHaveLength(1);
    const [before, after] = [course?.nights[9]?.evidence ?? 0, course?.nights[31]?.evidence ?? 0];
    expect(before / after).toBeCloseTo(8, 5);
  });
});

/** Of so many runs, those in which anything was raised before night `until`. */
function alarmed(world: NightWorld, runs: number, level: number): { shift: number; drift: number } {
  const counts = { shift: 0, drift: 0 };
  for (let seed = 1; seed <= runs; seed += 1) {
    const next = random(seed);
    const { shift, units, recall, sites } = simulateNights(world, next);
    const openShift = () => shiftWatch({ reference: 14, quietNights: 3, next });
    counts.shift += Number(followApart(shift, units, { level, open: openShift }).some(({ alarms }) => alarms.length > 0));
    counts.drift += Number(
      followTogether(recall, sites, { level, open: () => recallWatch(world.recall) }).some(({ alarms }) => alarms.length > 0),
    );
  }
  return counts;
}

describe('nights without a change', () => {
  it('raise anything at any site in no more runs than promised, at the very bound of recall', () => {
    const runs = 60;
    const { shift, drift } = alarmed({ ...quietWorld, sites: 2, nights: 60, clipsPerNight: 10, labelledPerNight: 5 }, runs, 0.2);
    const most = runs * (0.2 + 2 * Math.sqrt((0.2 * 0.8) / runs));
    expect(shift).toBeLessThanOrEqual(most);
    expect(drift).toBeLessThanOrEqual(most);
  });
});

describe('recall', () => {
  const steps = (recalls: readonly number[]): Step<NightRecall>[] =>
    recalls.map((recall, index) => ({
      unit: 'a',
      night: String(index),
      release: 'one',
      values: new Map([['', { recall, events: 20 }]]),
    }));
  const follow = (all: Step<NightRecall>[], sites: readonly string[] = ['a', 'b']) =>
    followTogether(all, sites, { level: 0.05, open: () => recallWatch(0.85) });

  it('that falls at one site is found there, and the others are left alone', () => {
    const [a, b] = follow(steps([...Array.from({ length: 30 }, () => 0.9), ...Array.from({ length: 30 }, () => 0.6)]));
    expect(a).toMatchObject({ state: 'alarmed', alarms: [{ started: '30', before: 0.9 }] });
    expect(b).toMatchObject({ state: 'gathering', alarms: [] });
  });

  it('is over when the last ten labelled nights together are back above the bound', () => {
    const course = [30, 20, 15].flatMap((count, part) => Array.from({ length: count }, () => [0.9, 0.6, 0.9][part] ?? 0));
    const [a] = follow(steps(course));
    expect(a?.alarms).toMatchObject([{ ended: { why: 'quiet' } }]);
    expect(Number(a?.alarms[0]?.ended?.night)).toBeGreaterThanOrEqual(52);
  });

  it('never loses all its wealth to a night in which everything was found', () => {
    const [a] = follow(steps(Array.from({ length: 300 }, () => 1)));
    expect(a?.nights.at(-1)?.evidence).toBeGreaterThan(0);
  });
});
