import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, type Digest } from '#kernel';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import { alarmLives } from './alarm-lives.ts';
import type { VerdictFact } from './check-facts.ts';
import { clockOf } from './clock.ts';
import { fourKeysOf } from './four-keys.ts';
import { appendFacts, type AnyFact } from './read-facts.ts';
import { secondsBetween } from './spans.ts';
import { day, deployment, fleetCommit, model, now, place, release, rollout, verdict } from './timeline.fixture.ts';
import { timelinesOf, type IterationTimeline } from './timeline.ts';

/** A ledger with one verdict, and what `after` makes of its record. */
async function ledgerOf(judged: VerdictFact, after: (id: Digest) => readonly AnyFact[]) {
  const ledger = new MemoryLedger();
  const [id = digestOf('')] = await appendFacts(ledger, [judged]);
  await appendFacts(ledger, after(id));
  return { id, entries: await ledger.entries() };
}

const iteration = (id: Digest, more: object = {}): AnyFact => ({
  kind: 'iteration',
  model,
  verdict: id,
  head: 'h',
  commits: { count: 2, first: day(1), last: day(3) },
  queued: day(3, '12:00:00'),
  began: day(4),
  built: { from: day(4), to: day(5) },
  answers: [],
  ...more,
});
const whole = (id: Digest): AnyFact[] => [
  iteration(id),
  {
    kind: 'stamped',
    model,
    verdict: id,
    by: 'code host',
    steps: [
      { step: 'approved', at: day(8) },
      { step: 'deploy began', at: day(10) },
    ],
  },
  { kind: 'merge', model, verdict: id, tree: 't', commit: 'c', at: day(9) },
  deployment(id, 1, 2, ['canary'], day(11)),
  rollout('canary', 'progressing', day(12)),
  rollout('canary', 'healthy', day(13)),
  { kind: 'verified', ...place('canary'), outcome: 'pass', reason: '', at: day(14) },
  deployment(id, 2, 2, ['lobby', 'yard'], day(15)),
  rollout('lobby', 'healthy', day(16)),
  { kind: 'verified', ...place('lobby'), outcome: 'pass', reason: '', at: day(16, '13:00:00') },
  rollout('yard', 'unknown', day(17), null),
  rollout('yard', 'progressing', day(19)),
  rollout('yard', 'healthy', day(20)),
  { kind: 'verified', ...place('yard'), outcome: 'pass', reason: '', at: day(21) },
];

const told = ({ spans }: IterationTimeline) =>
  spans.map(({ name, from, to }) => `${name} ${from.slice(8, 10)}-${to.slice(8, 10)}`);

describe('the life of an iteration', () => {
  let life: IterationTimeline;
  beforeAll(async () => {
    const { entries } = await ledgerOf(verdict(), whole);
    [life] = timelinesOf(entries, now) as [IterationTimeline];
  });

  it('is work and named waits, one after another, from its first commit to the last place that runs it', () => {
    expect(told(life)).toEqual([
      'write 01-03',
      'runner queue 03-04',
      'build 04-05',
      'check 05-06',
      'review 06-08',
      'merge 08-09',
      'approval 09-10',
      'land 10-11',
      'reconcile 11-12',
      'transfer 12-13',
      'site check 13-14',
      'earlier wave 14-15',
      'reconcile 15-17',
      'offline site 17-19',
      'transfer 19-20',
      'site check 20-21',
    ]);
    expect(life.state).toBe('field-verified');
  });

  it('adds up to the second', () => {
    expect(life.work + life.waits + life.gaps).toBe(life.elapsed);
    expect(life.spans.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(life.elapsed);
    expect(life.elapsed).toBe(20 * 24 * 60 * 60);
    expect(life.gaps).toBe(0);
    for (const [at, span] of life.spans.entries()) expect(span.from).toBe(at === 0 ? life.from : life.spans[at - 1]?.to);
  });

  it('begins where its image was built, where that was on another machine and before', async () => {
    const built = { from: day(3, '18:00:00'), to: day(4, '02:00:00') };
    const { entries } = await ledgerOf(verdict(), (id) => [iteration(id, { began: day(5), built })]);
    const [{ spans } = life] = timelinesOf(entries, new Date(day(30)));
    expect(spans.slice(0, 4).map(({ name, to }) => [name, Date.parse(to)])).toEqual([
      ['write', Date.parse(day(3, '12:00:00'))],
      ['runner queue', Date.parse(built.from)],
      ['build', Date.parse(built.to)],
      ['check', Date.parse(day(6, '12:00:00'))],
    ]);
  });

  it('names whose time each wait is', () => {
    expect(new Map(life.spans.map(({ name, owner }) => [name, owner]))).toEqual(
      new Map([
        ['write', 'author'],
        ['runner queue', 'machines'],
        ['build', 'machines'],
        ['check', 'machines'],
        ['review', 'reviewer'],
        ['merge', 'author'],
        ['approval', 'reviewer'],
        ['land', 'platform'],
        ['reconcile', 'platform'],
        ['transfer', 'field'],
        ['site check', 'field'],
        ['earlier wave', 'platform'],
        ['offline site', 'field'],
      ]),
    );
  });

  it.each<[string, Partial<VerdictFact>, (id: Digest) => AnyFact[], string, readonly string[]]>([
    [
      'that was rejected ends with its verdict',
      { outcome: 'fail' },
      (id) => [iteration(id)],
      'rejected',
      ['write 01-03', 'runner queue 03-04', 'build 04-05', 'check 05-06'],
    ],
    [
      'that nobody has merged waits for review until now',
      {},
      (id) => [iteration(id)],
      'underway',
      ['write 01-03', 'runner queue 03-04', 'build 04-05', 'check 05-06', 'review 06-31'],
    ],
    [
      'that nobody has merged waits for review until another release took its place',
      {},
      (id) => [iteration(id), { ...deployment(digestOf('another'), 1, 1, ['lobby'], day(9)), candidate: release('another') }],
      'underway',
      ['write 01-03', 'runner queue 03-04', 'build 04-05', 'check 05-06', 'review 06-09'],
    ],
    [
      'of which a stamp is missing has a gap there',
      { outcome: 'fail' },
      (id) => [iteration(id, { queued: null, built: null })],
      'rejected',
      ['write 01-03', 'nobody said when the check was asked for 03-04', 'check 04-06'],
    ],
    ['of before iterations were told begins with its verdict', { outcome: 'fail' }, () => [], 'rejected', []],
    [
      'whose rollout nobody watched ends where it landed',
      {},
      (id) => [
        iteration(id),
        { kind: 'merge', model, verdict: id, tree: 't', commit: 'c', at: day(9) },
        deployment(id, 1, 1, ['lobby'], day(11)),
      ],
      'landed',
      ['write 01-03', 'runner queue 03-04', 'build 04-05', 'check 05-06', 'review 06-09', 'land 09-11'],
    ],
    [
      'that was held ends there',
      {},
      (id) => [
        iteration(id),
        { kind: 'merge', model, verdict: id, tree: 't', commit: 'c', at: day(9) },
        deployment(id, 1, 1, ['lobby'], day(11)),
        rollout('lobby', 'progressing', day(12)),
        { kind: 'hold', model, release: release('new'), verdict: id, site: null, by: 'watch', reason: 'dark', at: day(13) },
      ],
      'taken back',
      [
        'write 01-03',
        'runner queue 03-04',
        'build 04-05',
        'check 05-06',
        'review 06-09',
        'land 09-11',
        'reconcile 11-12',
        'transfer 12-13',
      ],
    ],
  ])('%s', async (_, more, after, state, spans) => {
    const { entries } = await ledgerOf(verdict(more), after);
    const [own] = timelinesOf(entries, now);
    expect([own?.state, own === undefined ? [] : told(own)]).toEqual([state, spans]);
    expect((own?.work ?? 0) + (own?.waits ?? 0) + (own?.gaps ?? 0)).toBe(own?.elapsed);
  });

  it('takes no time where the clocks of two machines disagree', async () => {
    const { entries } = await ledgerOf(verdict({ outcome: 'fail' }), (id) => [iteration(id, { began: day(2), built: null })]);
    const [own] = timelinesOf(entries, now);
    expect(own === undefined ? [] : told(own)).toEqual(['write 01-03', 'check 03-06']);
    expect((own?.work ?? 0) + (own?.waits ?? 0)).toBe(own?.elapsed);
  });
});

describe('all iterations together', () => {
  it('say how long one takes, which wait is the longest, and what halving it would bring', async () => {
    const { entries } = await ledgerOf(verdict(), whole);
    const clock = clockOf(timelinesOf(entries, now));
    const days = 24 * 60 * 60;
    expect(clock.durations).toEqual({ iterations: 1, median: 20 * days, p90: 20 * days, longest: 20 * days });
    expect(clock.byWait[0]).toMatchObject({ name: 'reconcile', seconds: 3 * days, share: 0.15, whatIfHalved: 18.5 * days });
    expect(clock.byWait.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(clock.waits);
    expect(clock.worst).toMatchObject([{ month: '2026-03', seconds: 2 * days }]);
  });

  it("give DORA's four keys", async () => {
    const { entries } = await ledgerOf(verdict(), (id) => [
      ...whole(id),
      { kind: 'hold', model, release: release('new'), verdict: id, site: null, by: 'watch', reason: 'dark', at: day(22) },
      {
        kind: 'revert',
        model,
        verdict: id,
        hold: digestOf('h'),
        site: null,
        reverts: [fleetCommit],
        outcome: 'committed',
        fleetCommit: 'g',
        branch: 'main',
        edited: [],
        reason: 'dark',
        at: day(22),
      },
    ]);
    expect(fourKeysOf(entries, timelinesOf(entries, now))).toMatchObject({
      deployments: 1,
      deploymentsPerWeek: null,
      leadTime: null,
      changeFailureRate: 1,
      timeToRestore: { median: secondsBetween(day(11), day(22)) },
    });
  });
});

describe('an alarm', () => {
  const night = (of: number, word: string, arrival: Digest): AnyFact => ({
    kind: 'night',
    model,
    arrival,
    night: day(of).slice(0, 10),
    question: digestOf('q'),
    sites: [
      {
        site: 'lobby',
        chipset: 'edge',
        chipsetKey: digestOf('k'),
        variant: 'default',
        release: release(word),
        candidate: null,
        clips: 0,
        sample: [],
        probability: 1,
      },
    ],
    clips: [],
    setAside: [],
  });
  const alarm = (state: 'raised' | 'ended', ended: string | null): AnyFact => ({
    kind: 'drift',
    model,
    site: 'lobby',
    signal: 'recall',
    state,
    raised: day(1).slice(0, 10),
    started: day(1).slice(0, 10),
    ended,
    why: ended === null ? null : 'another release',
    statistic: 'recall of events',
    slice: '',
    before: 0.9,
    since: 0.7,
    evidence: 50,
    needed: 40,
    falseAlarmRate: 0.05,
  });

  it('says which iteration answers it and which release ended it; the iteration begins with it', async () => {
    const ledger = new MemoryLedger();
    const arrival = (at: string): AnyFact => ({ kind: 'arrival', model, place: 'p', clips: [], at });
    const [first = digestOf(''), last = digestOf('')] = await appendFacts(ledger, [arrival(day(2)), arrival(day(25))]);
    const [asked = digestOf('')] = await appendFacts(ledger, [night(1, 'old', first)]);
    const [raised = digestOf('')] = await appendFacts(ledger, [alarm('raised', null)]);
    await appendFacts(ledger, [
      { kind: 'harvest', model, of: asked, night: day(1).slice(0, 10), path: 'l', branch: 'b', commit: 'c', clips: [] },
      { kind: 'labelled', model, of: asked, night: day(1).slice(0, 10), site: 'lobby', clips: [], unusable: [], at: day(4) },
    ]);
    const [id = digestOf('')] = await appendFacts(ledger, [verdict({ at: day(10) })]);
    await appendFacts(ledger, [
      iteration(id, {
        commits: { count: 1, first: day(7), last: day(8) },
        queued: day(8),
        began: day(8),
        built: null,
        answers: [raised],
      }),
      night(24, 'new', last),
      alarm('ended', day(24).slice(0, 10)),
    ]);
    const entries = await ledger.entries();
    expect(alarmLives(entries)).toEqual([
      {
        alarm: raised,
        model,
        site: 'lobby',
        signal: 'recall',
        raised: day(2),
        answeredBy: [id],
        ended: { night: '2026-03-24', why: 'another release', by: id, at: day(25) },
        seconds: 23 * 24 * 60 * 60,
      },
    ]);
    const [own] = timelinesOf(entries, now);
    expect(own === undefined ? [] : told(own).slice(0, 4)).toEqual([
      'labelling 02-04',
      'collect and train 04-07',
      'write 07-08',
      'check 08-10',
    ]);
    expect(own?.answers).toEqual([raised]);
  });
});

describe('a moment that is no date', () => {
  it.each<[string, (id: Digest) => readonly AnyFact[], Partial<VerdictFact>]>([
    ['of the verdict', whole, { at: 'soon' }],
    [
      'of the first commit',
      (id) => [iteration(id, { commits: { count: 1, first: '', last: day(3) } }), ...whole(id).slice(1)],
      {},
    ],
    [
      'of the last commit',
      (id) => [iteration(id, { commits: { count: 1, first: day(1), last: '-' } }), ...whole(id).slice(1)],
      {},
    ],
    [
      'of when the check began',
      (id) => [iteration(id, { queued: 'x', began: 'y', built: { from: 'z', to: 'z' } }), ...whole(id).slice(1)],
      {},
    ],
    [
      'of a merge and a deployment',
      (id) => [
        ...whole(id).slice(0, 2),
        { kind: 'merge', model, verdict: id, tree: 't', commit: 'c', at: 'x' },
        deployment(id, 1, 1, ['canary'], 'y'),
        rollout('canary', 'healthy', 'z'),
        { kind: 'verified', ...place('canary'), outcome: 'pass', reason: '', at: '9999999-99' },
      ],
      {},
    ],
  ])('%s leaves a life that adds up, and numbers that are some', async (_, after, judged) => {
    const { entries } = await ledgerOf(verdict(judged), after);
    const timelines = timelinesOf(entries, now);
    for (const { elapsed, work, waits, gaps } of timelines) expect(work + waits + gaps).toBe(elapsed);
    const said = JSON.stringify([timelines.map(({ elapsed }) => elapsed), fourKeysOf(entries, timelines), clockOf(timelines)]);
    expect(said).not.toMatch(/NaN|Infinity/);
    expect(timelines.every(({ elapsed }) => Number.isFinite(elapsed))).toBe(true);
  });
});
