import { describe, expect, it } from 'vitest';
import { appendFacts } from '#history';
import { digestOf, hexOf, type Digest } from '#kernel';
import { MemoryCodeHost } from '../../../testing/fakes/memory-code-host.ts';
import { poison } from '../../../testing/reports/report-poison.ts';
import type { JudgedFleet as Fleet } from '../../../testing/worlds/judged-fleet.ts';
import { JudgedFleet } from '../../../testing/worlds/judged-fleet.ts';
import { verdictOf } from '../../../testing/worlds/judged-release.ts';
import { judgedFleets } from '../../../testing/worlds/judged-fleets.ts';
import { acceptComment } from './accept-comment.ts';
import { replyTo } from './reply.ts';

const { keep } = judgedFleets();

const clock = { now: () => new Date('2026-02-01T12:00:00Z'), elapsed: () => 0, sleep: () => Promise.resolve() };
const COMMAND = '/fieldproof accept until 2026-03-01 because night footage comes in March';
const LATER = new Date(Date.now() + 3_600_000).toISOString();

/** A pull request whose head was judged, and somebody who comments on it. */
class World {
  readonly fleet: Fleet = keep(new JudgedFleet());
  readonly host = new MemoryCodeHost();
  number = 0;

  async judge(outcome: 'pass' | 'fail' | 'inconclusive'): Promise<Digest> {
    const record = await this.fleet.judge('porch', 'new', outcome);
    this.open(hexOf(digestOf('head porch new')).slice(0, 40));
    return record;
  }

  open(head: string): void {
    const branches = { headBranch: 'change', baseBranch: 'main', base: '' };
    this.number = this.host.open({ ...branches, head, title: '', fork: false, author: 'dev', merged: false, createdAt: '' });
  }

  async say(body: string, { author = 'dev', at = LATER } = {}) {
    const id = this.host.write(this.number, author, body, at);
    return await acceptComment(id, { codeHost: this.host, ledger: this.fleet.ledger, clock });
  }

  async waivers(): Promise<readonly unknown[]> {
    return (await this.fleet.ledger.entries()).flatMap(({ record: { fact } }) => (fact.kind === 'waiver' ? [fact] : []));
  }
}

describe('a comment that answers for an undecided verdict', () => {
  it('is written down under the name of its author, once, and what it says lands', async () => {
    const world = new World();
    const record = await world.judge('inconclusive');
    for (let n = 0; n < 2; n += 1) expect(await world.say(COMMAND)).toMatchObject({ kind: 'accepted', author: 'dev' });
    const words = { by: 'dev', why: 'night footage comes in March', until: '2026-03-01' };
    expect(await world.waivers()).toMatchObject([{ ...words, model: 'porch', record }]);
    expect(await world.fleet.deploy({ wait: 'never' }, { clock })).toMatchObject([{ state: 'landed' }]);
  });

  it('answers for a pass after a fail of the same too, which lands then and not before', async () => {
    const world = new World();
    await appendFacts(world.fleet.ledger, [verdictOf(world.fleet.config, { model: 'porch', word: 'new', outcome: 'fail' })]);
    const record = await world.judge('pass');
    expect(await world.fleet.deploy({ wait: 'never' }, { clock })).toMatchObject([{ state: 'refused' }]);
    expect(await world.say(COMMAND)).toMatchObject({ kind: 'accepted' });
    expect(await world.waivers()).toMatchObject([{ record }]);
    expect(await world.fleet.deploy({ wait: 'never' }, { clock })).toMatchObject([{ state: 'landed' }]);
  });

  it('may name the record', async () => {
    const world = new World();
    const record = await world.judge('inconclusive');
    expect(await world.say(COMMAND.replace('accept', `accept ${record.slice(7, 19)}`))).toMatchObject({ kind: 'accepted' });
  });

  it('is ignored where it asks for nothing or is gone', async () => {
    const world = new World();
    await world.judge('inconclusive');
    expect(await world.say('Looks good')).toEqual({ kind: 'ignored' });
    expect(await acceptComment(99, { codeHost: world.host, ledger: world.fleet.ledger, clock })).toEqual({ kind: 'ignored' });
  });

  it.each([
    ['of somebody who may not write', 'inconclusive', COMMAND, { author: 'passer-by' }, 'only somebody with write access'],
    ['that cannot be read', 'inconclusive', '/fieldproof accept', {}, 'it is written otherwise: /fieldproof accept until'],
    ['from before the verdict', 'inconclusive', COMMAND, { at: '2020-01-01T00:00:00Z' }, 'no verdict on'],
    ['about a fail', 'fail', COMMAND, {}, 'no verdict on'],
    ['about a pass', 'pass', COMMAND, {}, 'no verdict on'],
    ['for a day that is over', 'inconclusive', COMMAND.replace('2026-03', '2025-03'), {}, '2025-03-01 is over'],
    ['for no day', 'inconclusive', COMMAND.replace('03-01', '02-30'), {}, '2026-02-30 is no day'],
  ] as const)('is refused %s, and nothing is written down', async (_, outcome, body, by, reason) => {
    const world = new World();
    await world.judge(outcome);
    expect(await world.say(body, by)).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(await world.waivers()).toEqual([]);
  });

  it('says nothing of a commit that was pushed after it', async () => {
    const world = new World();
    await world.judge('inconclusive');
    world.open('f'.repeat(40));
    expect(await world.say(COMMAND)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('ffffffffffff') });
  });

  it('cannot waive a fail by its record either', async () => {
    const world = new World();
    const record = await world.judge('fail');
    const told = await world.say(COMMAND.replace('accept', `accept ${record.slice(7, 19)}`));
    expect(told).toMatchObject({ kind: 'refused', reason: expect.stringContaining('a fail cannot be waived') });
  });
});

describe('the answer', () => {
  it('says what was recorded, and takes no word of a comment for markup', async () => {
    const world = new World();
    await world.judge('inconclusive');
    for (const [at, words] of poison.entries()) {
      const told = await world.say(COMMAND.replace('night', words.replaceAll(/\s/g, ' ')));
      const { body = '', pullRequest } = replyTo(at, told) ?? {};
      expect(pullRequest).toBe(world.number);
      expect(body).toMatch(/^<!-- fieldproof:accept-\d+ -->\n(✅ Recorded|❌ Not recorded)/);
      expect(body.slice(body.indexOf('\n'))).not.toMatch(/<[a-z!]|@\w|!\[/i);
    }
    expect(replyTo(1, { kind: 'ignored' })).toBeNull();
  });
});
