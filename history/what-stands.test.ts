import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf, type Digest } from '#kernel';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import type { DeploymentFact, HoldFact, RevertFact, WaiverFact } from './deploy-facts.ts';
import { appendFacts, type AnyFact } from './read-facts.ts';
import { deploymentsInForce, holdOn, holdReason, isUnfinished, isWhole, waiverOf } from './what-stands.ts';

const at = '2026-03-01T12:00:00.000Z';
const [verdict, otherVerdict] = [digestOf('verdict'), digestOf('other verdict')];
const release = (word: string, runtime = 'runtime') => releaseOf({ model: digestOf(word), runtime: digestOf(runtime) });

const wave = (number: number, of: number, fleetCommit = `f${number}`, by = verdict): DeploymentFact => ({
  kind: 'deployment',
  model: 'porch',
  candidate: release('new'),
  superior: false,
  verdict: by,
  proposal: 'b',
  branch: 'main',
  fleetCommit,
  wave: { number, of, places: [] },
  at,
});
const revert = (more: Partial<RevertFact> = {}): RevertFact => ({
  kind: 'revert',
  model: 'porch',
  verdict,
  hold: digestOf('hold'),
  site: null,
  reverts: [],
  outcome: 'committed',
  fleetCommit: null,
  branch: 'main',
  edited: [],
  reason: 'dark',
  at,
  ...more,
});
const hold = (word = 'new', more: Partial<HoldFact> = {}): HoldFact => ({
  kind: 'hold',
  model: 'porch',
  release: release(word),
  verdict,
  site: null,
  by: 'A Person',
  reason: 'dark',
  at,
  ...more,
});
const waiver = (record: Digest, until: string): WaiverFact => ({
  kind: 'waiver',
  model: 'porch',
  record,
  by: 'B',
  why: 'a lamp',
  until,
  at,
});

async function entriesOf(...facts: readonly AnyFact[]) {
  const ledger = new MemoryLedger();
  const ids = await appendFacts(ledger, facts);
  return { entries: await ledger.entries(), ids };
}

async function idOf(fact: AnyFact): Promise<Digest> {
  const [id] = (await entriesOf(fact)).ids;
  if (id === undefined) throw new Error('it was appended');
  return id;
}

describe('what a verdict has landed, and nobody has taken back', () => {
  const { wave: _wave, ...beforeWaves } = wave(1, 1, 'f0');
  it.each<[string, readonly AnyFact[], readonly string[]]>([
    ['nothing', [], []],
    ['each of its waves', [wave(1, 2), wave(2, 2)], ['f1', 'f2']],
    ['the last of a wave that was landed again', [wave(1, 2), wave(1, 2, 'again')], ['again']],
    ['nothing of another verdict', [wave(1, 1, 'f1', otherVerdict)], []],
    ['nothing that was taken back everywhere', [wave(1, 2), wave(2, 2), revert()], []],
    ['what landed after that', [wave(1, 2), revert(), wave(1, 2, 'again')], ['again']],
    ['all, where one site alone was taken back', [wave(1, 1), revert({ site: 'lobby' })], ['f1']],
    ['all, where another verdict was taken back', [wave(1, 1), revert({ verdict: otherVerdict })], ['f1']],
    ['what landed before there were waves', [beforeWaves], ['f0']],
  ])('is %s', async (_, facts, commits) => {
    const { entries } = await entriesOf(...facts);
    expect(deploymentsInForce(entries, verdict).map(({ fleetCommit }) => fleetCommit)).toEqual(commits);
  });

  it.each([
    [wave(1, 2), false],
    [wave(2, 2), true],
    [wave(1, 1), true],
    [beforeWaves, true],
  ])('is whole with its last wave', (fact, whole) => {
    expect(isWhole(fact)).toBe(whole);
  });
});

describe('a hold', () => {
  const now = new Date('2026-03-10T23:59:59Z');
  it.each<[string, (held: Digest) => readonly AnyFact[], boolean]>([
    ['nothing was held', () => [], false],
    ['this release is held', () => [hold()], true],
    ['another release is held', () => [hold('old')], false],
    ['another model is held', () => [hold('new', { model: 'door' })], false],
    ['the same model under another runtime is held', () => [hold('new', { release: release('new', 'other') })], false],
    ['it was held at one site', () => [hold('new', { site: 'lobby' })], true],
    ['somebody answers for it', (held) => [hold(), waiver(held, '2026-03-31')], false],
    ['somebody answers for it until the end of today', (held) => [hold(), waiver(held, '2026-03-10')], false],
    ['somebody answered for it until yesterday', (held) => [hold(), waiver(held, '2026-03-09')], true],
    ['somebody answers for something else', () => [hold(), waiver(verdict, '2026-03-31')], true],
    ['it is held again after that', (held) => [hold(), waiver(held, '2026-03-31'), hold('new', { reason: 'darker' })], true],
  ])('stands, or not: %s', async (_, facts, stands) => {
    const { entries } = await entriesOf(...facts(await idOf(hold())));
    expect(holdOn(entries, 'porch', release('new'), now) !== undefined).toBe(stands);
  });

  it('is the last that stands', async () => {
    const { entries, ids } = await entriesOf(hold(), hold('new', { reason: 'darker' }));
    expect(holdOn(entries, 'porch', release('new'), now)).toMatchObject({ id: ids[1], fact: { reason: 'darker' } });
  });

  it('is unfinished until something came of it, whatever that was', async () => {
    const id = await idOf(hold());
    const standing = { id, fact: hold() };
    expect(isUnfinished((await entriesOf(hold())).entries, standing)).toBe(true);
    expect(isUnfinished((await entriesOf(hold(), revert())).entries, standing)).toBe(true);
    expect(isUnfinished((await entriesOf(hold(), revert({ hold: id, outcome: 'left' }))).entries, standing)).toBe(false);
  });

  it('says by whom, why, and how to answer for it', () => {
    expect(holdReason({ id: verdict, fact: hold() })).toBe(
      `held since 2026-03-01 by A Person: dark; deploy another release, or answer for this one: fieldproof accept --record ${verdict.slice(7, 19)} --by ... --why ... --until ...`,
    );
  });
});

describe('the waiver of a record', () => {
  it.each<[string, readonly string[], string, string | null]>([
    ['the last that holds today', ['2026-03-31', '2026-03-20'], '2026-03-10', '2026-03-20'],
    ['an earlier one, where the last has ended', ['2026-03-31', '2026-03-20'], '2026-03-25', '2026-03-31'],
    ['none, where all have ended', ['2026-03-31', '2026-03-20'], '2026-04-01', null],
  ])('is %s', async (_, untils, today, expected) => {
    const { entries } = await entriesOf(...untils.map((until) => waiver(verdict, until)));
    expect(waiverOf(entries, verdict, new Date(`${today}T00:00:00Z`))?.fact.until ?? null).toBe(expected);
    expect(waiverOf(entries, otherVerdict, new Date(`${today}T00:00:00Z`))).toBeUndefined();
  });
});
