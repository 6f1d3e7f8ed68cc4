import { describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import type { RankedTrial } from '../tasks/classification/trial.ts';
import { clips, question, samples, sampleTrial } from './compare.fixture.ts';
import { metricOn } from '../tasks/registry.ts';
import { pairTrial } from '../tasks/verification/pairs.fixture.ts';
import { compareQuality } from './compare.ts';
import { combine, decide } from './decide.ts';

const found = { found: 0.4 };
const missed = { found: null };
const all = (count: number) => clips(count, () => found);

describe('the one rule', () => {
  it.each([
    [{ low: -0.019, high: 0.1 }, 'pass'],
    [{ low: -0.02, high: 0.1 }, 'inconclusive'],
    [{ low: -0.1, high: -0.02 }, 'inconclusive'],
    [{ low: -0.1, high: -0.021 }, 'fail'],
    [null, 'inconclusive'],
  ])('makes of %o with a margin of 0.02 a %s', (interval, outcome) => expect(decide(interval, 0.02)).toBe(outcome));

  it('fails with any that fails, and passes when all that decide pass', () => {
    const pass = { role: 'decides', outcome: 'pass' } as const;
    const open = { role: 'guards', outcome: 'inconclusive' } as const;
    expect(combine([pass, open, { role: 'guards', outcome: 'fail' }])).toBe('fail');
    expect(combine([pass, open])).toBe('inconclusive');
    expect(combine([pass, { role: 'watches', outcome: 'fail' }])).toBe('pass');
  });

  it('knows nothing where nothing decides', () => {
    expect(combine([])).toBe('inconclusive');
    expect(combine([{ role: 'watches', outcome: 'pass' }])).toBe('inconclusive');
  });
});

describe('a gate on event recall', () => {
  it('passes a candidate that finds what the reference finds', () => {
    const [finding, ...others] = compareQuality(question({ candidate: all(60), reference: all(60) }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      metric: 'event-recall',
      unit: 'fraction',
      better: 'more',
      dataset: 'street',
      chipset: 'edge',
    });
    expect(finding).toMatchObject({
      slice: null,
      against: 'baseline',
      role: 'decides',
      candidate: 1,
      reference: 1,
      margin: 0.05,
    });
    expect(finding).toMatchObject({ outcome: 'pass', identical: false, remedy: null, gain: { value: 0, clusters: 60, n: 60 } });
    expect(finding?.reason).toBe(
      'the share of events that are found did not change: no loss beyond the 5 points allowed (0 won and 0 lost of 60 events; exact McNemar p = 1.0)',
    );
  });

  it('fails one that misses a fifth of it', () => {
    const candidate = clips(100, (index) => (index % 5 === 0 ? missed : found));
    const [finding] = compareQuality(question({ candidate, reference: all(100) }));
    expect(finding).toMatchObject({ outcome: 'fail', candidate: 0.8, reference: 1, remedy: null });
    expect(finding?.minimumDetectableEffect).toBeGreaterThan(0.05);
  });

  it('says how much more footage, and from where, would decide', () => {
    const candidate = clips(80, (index) => ({ ...(index % 20 === 0 ? missed : found), site: index < 40 ? 'lobby' : 'yard' }));
    const reference = clips(80, (index) => ({ ...(index === 50 ? missed : found), site: index < 40 ? 'lobby' : 'yard' }));
    const [finding] = compareQuality(question({ candidate, reference }));
    expect(finding).toMatchObject({ outcome: 'inconclusive' });
    expect(finding?.remedy).toMatch(
      /^about \d+ more clips \(\d+ minutes of footage\), most from yard, would decide if they are like these$/,
    );
  });

  it('says when clips are too few ever to decide', () => {
    const [finding] = compareQuality(question({ candidate: all(20), reference: all(20) }));
    expect(finding).toMatchObject({ outcome: 'inconclusive' });
    expect(finding?.remedy).toBe(
      "insufficient: 20 clips can't show a loss of less than 5 points even where the models agree: it takes at least 59 from lobby",
    );
  });

  it('passes the same release by identity, however few clips there are', () => {
    const [finding] = compareQuality(question({ candidate: all(3), reference: all(3), identical: true }));
    expect(finding).toMatchObject({
      outcome: 'pass',
      identical: true,
      gain: { value: 0, interval: { low: 0, high: 0 } },
      candidate: 1,
    });
  });

  it('is undecided without a single event', () => {
    const eventless = all(30).map((trial) => ({ ...trial, truth: [], detections: [], matches: [] }));
    const [finding] = compareQuality(question({ candidate: eventless, reference: eventless }));
    expect(finding).toMatchObject({ outcome: 'inconclusive', candidate: null, gain: { value: null, interval: null } });
    expect(finding?.reason).toBe('there are no events in 30 clips');
  });

  it('takes sites for clusters where the dataset says so, but within one site its clips', () => {
    const onSites = clips(80, (index) => ({ ...found, site: `site ${index % 4}` })).map((trial) => ({
      ...trial,
      cluster: trial.site,
    }));
    const [whole, slice] = compareQuality(
      question({
        candidate: onSites,
        reference: onSites,
        gate: { guard: ['site'] },
      }),
    );
    expect(whole).toMatchObject({
      gain: { clusters: 4 },
      outcome: 'inconclusive',
      remedy: expect.stringMatching(/^insufficient: 4 sites can't show/),
    });
    expect(slice).toMatchObject({ gain: { clusters: 20 }, slice: { by: 'site', value: 'site 0' } });
  });

  it('refuses trials that are not of the same clips', () => {
    expect(() => compareQuality(question({ candidate: all(3), reference: all(2) }))).toThrow(
      '2.mp4 went through the candidate only',
    );
    expect(() => compareQuality(question({ candidate: all(2), reference: all(3) }))).toThrow('they are not paired');
  });
});

const night = (index: number) => (index % 3 === 0 ? 'night' : 'day');

describe('slices', () => {
  const candidate = clips(240, (index) => ({ ...(index % 6 === 0 ? missed : found), light: night(index) }));
  const reference = clips(240, (index) => ({ ...found, light: night(index) }));

  it('that guard decide each on their own, those that are watched never', () => {
    const guarded = compareQuality(question({ candidate, reference, gate: { guard: ['light'] } })).slice(1);
    expect(guarded.map(({ slice, role, outcome }) => [slice?.value, role, outcome])).toEqual([
      ['day', 'guards', 'pass'],
      ['night', 'guards', 'fail'],
    ]);
    const watched = compareQuality(question({ candidate, reference, gate: { watch: ['light'], margin: 0.3 } }));
    expect(watched.map(({ role, outcome }) => [role, outcome])).toEqual([
      ['decides', 'pass'],
      ['watches', 'pass'],
      ['watches', 'fail'],
    ]);
    expect(combine(watched)).toBe('pass');
  });

  it('may have a margin of their own', () => {
    const [whole, day] = compareQuality(question({ candidate, reference, gate: { guard: ['light'], guardMargin: 0.1 } }));
    expect([whole?.margin, day?.margin]).toEqual([0.05, 0.1]);
  });

  it('that nothing falls into leave a guard undecided', () => {
    const [, guard] = compareQuality(question({ candidate, reference, gate: { guard: ['weather'] } }));
    expect(guard).toMatchObject({ slice: { by: 'weather', value: 'none' }, role: 'guards', outcome: 'inconclusive' });
  });

  it('of pictures come from the dataset', () => {
    const findings = compareQuality(
      question({
        dataset: 'bench',
        candidate: samples(600, (index) => index % 8 !== 0),
        reference: samples(600, () => true),
        gate: { metric: 'top1', guard: ['lens'] },
      }),
    );
    expect(findings.map(({ slice, outcome }) => [slice?.value, outcome])).toEqual([
      [undefined, 'fail'],
      ['tele', 'pass'],
      ['wide', 'fail'],
    ]);
  });
});

describe('other metrics', () => {
  it('top-1 is judged by Tango and shows McNemar beside it', () => {
    const [finding] = compareQuality(
      question({
        dataset: 'bench',
        candidate: samples(200, (index) => index >= 15),
        reference: samples(200, (index) => index < 188),
        gate: { metric: 'top1', margin: 0.06 },
      }),
    );
    expect(finding?.gain).toMatchObject({ method: 'Tango 1998 score', clusters: 200, n: 200, value: -0.015 });
    expect(finding?.gain.interval).toEqual({ low: expect.closeTo(-0.059565, 5), high: expect.closeTo(0.028797, 5) });
    expect(finding).toMatchObject({ outcome: 'pass', reason: expect.stringContaining('exact McNemar p = 0.70') });
  });

  it('says of a tiny McNemar p that it is tiny, not that it is 0.0', () => {
    const [candidate, reference] = [samples(600, (index) => index >= 342), samples(600, () => true)];
    const [finding] = compareQuality(
      question({ dataset: 'bench', candidate, reference, gate: { metric: 'top1', margin: 0.02 } }),
    );
    expect(finding).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('342 lost of 600 samples; exact McNemar p < 0.0001'),
    });
  });

  it('top-5 counts a true class among the best five', () => {
    const candidate = samples(100, () => false);
    const [finding] = compareQuality(
      question({ dataset: 'bench', candidate, reference: candidate, gate: { metric: 'top5', margin: 0.1 } }),
    );
    expect(finding).toMatchObject({ candidate: 1, outcome: 'pass' });
  });

  it('more false alarms are a loss', () => {
    const candidate = clips(200, (index) => ({ ...found, falseAlarms: index % 4 === 0 ? 1 : 0 }));
    const [finding] = compareQuality(
      question({ candidate, reference: all(200), gate: { metric: 'false-alarms-per-hour', margin: 5 } }),
    );
    expect(finding).toMatchObject({
      candidate: expect.closeTo(25, 9),
      reference: 0,
      better: 'less',
      outcome: 'fail',
      gain: { value: expect.closeTo(-25, 9) },
    });
  });

  it('time to detect is compared over the events that both detect', () => {
    const candidate = clips(120, (index) => (index % 2 === 0 ? missed : { found: 1.2 + (index % 5) / 10 }));
    const reference = clips(120, (index) => ({ found: 1 + (index % 5) / 10 }));
    const [finding] = compareQuality(question({ candidate, reference, gate: { metric: 'time-to-detect', margin: 0.5 } }));
    expect(finding).toMatchObject({ unit: 'seconds', gain: { clusters: 60, value: expect.closeTo(-0.2, 9) }, outcome: 'pass' });
    expect(finding?.reason).toContain('60 events that both detect');
  });

  it('auroc, of all trials at once, falls when confidence no longer tells right from wrong', () => {
    const right = (index: number) => index % 4 !== 0;
    const sure = (index: number) => (right(index) ? 0.7 : 0.55) + (index % 7) / 40;
    const unsure = (index: number) => 0.6 + (index % 7) / 40;
    const gated = { dataset: 'bench' as const, gate: { metric: 'auroc', margin: 0.05 }, reference: samples(240, right, sure) };
    const [same] = compareQuality(question({ ...gated, candidate: samples(240, right, sure) }));
    expect(same).toMatchObject({ unit: 'fraction', outcome: 'pass', gain: { value: 0, clusters: 240, n: 240 } });
    const [worse] = compareQuality(question({ ...gated, candidate: samples(240, right, unsure) }));
    expect(worse).toMatchObject({ outcome: 'fail', candidate: expect.closeTo(0.5, 1), remedy: null });
    expect(worse?.gain.method).toMatch(/^cluster BCa bootstrap of the whole, 2000 replicates, no narrower than/);
    const [bound] = compareQuality(
      question({ ...gated, reference: null, candidate: samples(240, right, sure), gate: { metric: 'auroc', atLeast: 0.8 } }),
    );
    expect(bound).toMatchObject({ against: 'bound', outcome: 'pass', reference: 0.8 });
    const [few] = compareQuality(
      question({ ...gated, reference: samples(40, right, sure), candidate: samples(40, right, sure) }),
    );
    expect(few).toMatchObject({
      outcome: 'inconclusive',
      remedy: 'add samples: it takes 30 each of right and wrong answers, and of the rarer there are 10',
    });
  });

  it('are refused on datasets that do not have them', () => {
    expect(() => question({ dataset: 'bench' })).toThrow(CouldNotRun);
    expect(() => question({ gate: { metric: 'top1' } })).toThrow("top1 can't be measured on street, which asks for events");
  });
});

describe('bounds', () => {
  const most = clips(200, (index) => (index % 10 === 0 ? missed : found));

  it.each([
    [0.8, 'pass', 'clearly above the 80% required'],
    [0.9, 'inconclusive', 'too close to the 90% required to tell whether the bound is kept'],
    [0.96, 'fail', 'clearly below the 96% required'],
  ])('at least %d of a recall of 0.9 is a %s', (atLeast, outcome, said) => {
    const [finding, ...others] = compareQuality(question({ candidate: most, reference: null, gate: { atLeast } }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ against: 'bound', candidate: 0.9, reference: atLeast, outcome, margin: 0 });
    expect(finding?.reason).toMatch(new RegExp(`^the share of events that are found is 90%[,:] ${said}$`));
  });

  it('are judged beside the baseline, and not once more beside the anchor', () => {
    const beside = { candidate: most, reference: most, gate: { atLeast: 0.8 } };
    expect(compareQuality(question({ ...beside, against: 'baseline' }))).toHaveLength(2);
    expect(compareQuality(question({ ...beside, against: 'anchor' }))).toHaveLength(1);
  });

  it.each([
    ['false-alarms-per-hour', 6, 'pass'],
    ['false-alarms-per-hour', 0.5, 'inconclusive'],
    ['time-to-detect', 1, 'pass'],
    ['time-to-detect', 0.3, 'fail'],
  ] as const)('%s at most %d is a %s', (metric, atMost, outcome) => {
    const [finding] = compareQuality(question({ candidate: all(200), reference: null, gate: { metric, atMost, margin: null } }));
    expect(finding).toMatchObject({ against: 'bound', outcome });
  });

  it('are what a first release needs: without one it is shown, and nothing is decided', () => {
    const findings = compareQuality(question({ candidate: most, reference: null }));
    expect(findings).toMatchObject([{ role: 'watches', outcome: 'inconclusive', candidate: 0.9, reference: null }]);
    expect(findings[0]?.remedy).toBe('give the gate at-least, so that it can judge a first release');
    expect(combine(findings)).toBe('inconclusive');
  });
});

describe('ties', () => {
  const tied = (index: number, right: boolean): RankedTrial => ({ ...sampleTrial(index, right), scores: [0.5, 0.5] });
  const asked = (candidate: readonly RankedTrial[], gated: object = { margin: 0.05 }) =>
    compareQuality(
      question({ dataset: 'bench', candidate, reference: samples(200, () => true), gate: { metric: 'top1', ...gated } }),
    );

  it('that could turn the decision leave it open, and are named', () => {
    const [finding] = asked(
      Array.from({ length: 200 }, (_, index) => (index < 60 ? tied(index, true) : sampleTrial(index, true))),
    );
    expect(finding).toMatchObject({ outcome: 'inconclusive', candidate: 1 });
    expect(finding?.reason).toContain('how ties break makes it 70% or 100%, and that alone decides between fail and pass');
    expect(finding?.remedy).toContain('no amount of data settles ties');
  });

  it('that could not are said beside the number', () => {
    const [finding] = asked(
      Array.from({ length: 200 }, (_, index) => (index < 60 ? tied(index, true) : sampleTrial(index, false))),
    );
    expect(finding).toMatchObject({ outcome: 'fail', remedy: null });
    expect(finding?.reason).toMatch(/; how ties break makes it 0% or 30%$/);
  });

  it('of the reference count as well: what it is worth hangs on them', () => {
    const reference = samples(200, () => true).map((trial, index) => (index < 60 ? tied(index, true) : trial));
    const candidate = samples(200, (index) => index >= 60);
    const [finding] = compareQuality(question({ dataset: 'bench', candidate, reference, gate: { metric: 'top1', margin: 0.1 } }));
    expect(finding).toMatchObject({ outcome: 'inconclusive' });
    expect(finding?.reason).toContain('how ties break makes the baseline 70% or 100%');
  });

  it('leave a bound open that they reach over', () => {
    const candidate = Array.from({ length: 200 }, (_, index) => (index < 60 ? tied(index, true) : sampleTrial(index, true)));
    const [bound] = asked(candidate, { margin: null, atLeast: 0.85 });
    expect(bound).toMatchObject({ against: 'bound', outcome: 'inconclusive', candidate: 1 });
    expect(bound?.reason).toContain('how ties break makes it 70% or 100%');
  });

  it('are nothing to the same release on the same inputs', () => {
    const candidate = Array.from({ length: 200 }, (_, index) => tied(index, true));
    const [finding] = compareQuality(
      question({ dataset: 'bench', candidate, reference: candidate, identical: true, gate: { metric: 'top1' } }),
    );
    expect(finding).toMatchObject({ outcome: 'pass', reason: 'the same release on the same inputs' });
  });
});

it('a rate that the pairs cannot show is not defined, and the finding says what it takes', () => {
  const pairs = Array.from({ length: 340 }, (_, index) => pairTrial(index, { same: index < 40, score: index < 40 ? 0.8 : 0.1 }));
  const [finding] = compareQuality({
    ...question({}),
    gate: { ...question({}).gate, metric: 'tar-at-far-1e-3' },
    metric: metricOn({ name: 'faces', task: 'verification' }, 'tar-at-far-1e-3'),
    candidate: pairs,
    reference: pairs,
  });
  expect(finding).toMatchObject({
    outcome: 'inconclusive',
    candidate: null,
    reference: null,
    reason: 'there are 300 different pairs, and 1000 is the least in which such a rate can be seen',
    remedy: 'bring what is missing, or take the gate away',
  });
});
