import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentProgress, systemClock } from '#kernel';
import { appendFacts, termsOf, trustedLedger } from '#history';
import type { Trust } from '#ledger';
import { JudgedFleet } from '../../testing/worlds/judged-fleet.ts';
import { verdictOf } from '../../testing/worlds/judged-release.ts';
import { SharedLedger, type Job, type JobOptions, type SigningKey } from '../../testing/worlds/shared-ledger.ts';

/** Ten ways to make a ledger say something else, and what whoever deploys from a fresh clone then reads. */
const SITES = [{ name: 'garden-oslo', chipset: 'edge' as const }];
const NAME = 'acme/porch';

let world: SharedLedger;
let fleet: JudgedFleet;
let ours: SigningKey;
let policy: Trust;
/** Sequence numbers: of the verdict that is a fail, and of the newest entry. */
let [failed, last] = [-1, -1];
let good: string;

beforeAll(async () => {
  world = await SharedLedger.start();
  ours = world.key('ours');
  policy = { name: NAME, keys: [{ publicKey: ours.publicKey, from: '2026-01-01', until: '2099-12-31' }] };
  const job = world.job({ key: ours });
  fleet = new JudgedFleet({ sites: SITES, policy, ledger: trustedLedger(job.ledger, policy, systemClock) });
  fleet.ports.ledger = job.ledger;
  await fleet.release('porch', 'old');
  await job.share();
  await fleet.release('porch', 'new');
  await fleet.judge('porch', 'bad', 'fail');
  await job.share();
  good = world.tip() ?? '';
  const entries = await world.entries();
  failed = entries.find(({ record }) => record.fact['outcome'] === 'fail')?.link.seq ?? -1;
  last = entries.at(-1)?.link.seq ?? -1;
});
afterAll(async () => {
  fleet.remove();
  await world.close();
});

/** What a fresh clone with our key says of deploying what is merged: the outcome, and what is noted on the way. */
async function deployed(): Promise<string> {
  const job = world.job({ key: ours });
  const notes: string[] = [];
  const progress = { ...silentProgress, note: (text: string) => void notes.push(text) };
  try {
    await job.share();
    const [landing] = await fleet.deploy({ model: 'porch', wait: 'never' }, { ledger: job.ledger, progress });
    return [...notes, `${landing?.state}: ${landing?.reason}`].join('\n');
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Appends a pass for the release that failed, by whoever has these things. */
async function forgePass(options: JobOptions, terms = options.terms ?? null): Promise<void> {
  const forger: Job = world.job(options);
  await forger.share();
  await forger.ledger.append([pass()], terms);
  await forger.share();
}
const pass = () => ({ ...verdictOf(fleet.config, { model: 'porch', word: 'bad', outcome: 'pass' }), version: 2 }) as never;

const link = (seq: number) => `chain/000/000/${String(seq).padStart(3, '0')}.json`;
const recordOf = (folder: string, seq: number) => {
  const { record } = JSON.parse(readFileSync(path.join(folder, link(seq)), 'utf8')) as { record: string };
  return `records/${record.slice(7, 9)}/${record.slice(7)}.json`;
};
const cut = (folder: string, from: number, to: number) => {
  for (let seq = from; seq <= to; seq += 1) {
    rmSync(path.join(folder, recordOf(folder, seq)));
    rmSync(path.join(folder, link(seq)));
  }
};
const edit = (change: (folder: string) => void) => () => Promise.resolve(void world.tamper(change));

/** Facts of the good ledger but the fail, linked anew from the first on. */
const rewritten = (options: JobOptions) => async () => {
  const entries = await world.entries();
  world.force(null);
  const forger = world.job(options);
  const kept = entries.map(({ record }) => record.fact).filter((fact) => fact['outcome'] !== 'fail');
  await forger.ledger.append(kept, options.terms ?? null);
  await forger.share();
};

/** Our own key in hands that do not keep to our writer: nothing counts, so no clock is ever behind. */
const anyClock = (ledger: string) => ({ ledger, counting: () => [] });

describe('deploying by a ledger that was tampered with', () => {
  it('says so of one that was not: the release failed', async () => {
    world.force(good);
    fleet.merge('porch', 'bad');
    expect(await deployed()).toBe('refused: its verdict is fail: only a pass is deployed');
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'flip: a record that says pass where it said fail',
      edit((folder) => {
        const file = path.join(folder, recordOf(folder, failed));
        writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"fail"', '"outcome":"pass"'));
      }),
      /the ledger is broken at entry \d+: record sha256:\w+ was edited/,
    ],
    ['drop: an entry in the middle', edit((folder) => cut(folder, 3, 3)), /broken at entry 3: the link is missing/],
    [
      'reorder: two entries change places',
      edit((folder) => {
        const [one, other] = [link(3), link(4)].map((name) => path.join(folder, name)) as [string, string];
        renameSync(one, `${one}.old`);
        renameSync(other, one);
        renameSync(`${one}.old`, other);
      }),
      /broken at entry 3: the links were re-ordered/,
    ],
    [
      'truncate: the newest entries are gone',
      edit((folder) => cut(folder, 3, last)),
      /the ledger is behind what commit [0-9a-f]{12} on main of .* bears witness to: it lacks entry \d+ as it was then/,
    ],
    [
      're-chain: links made anew, unsigned, without the fail',
      rewritten({}),
      /behind what commit .* it lacks entry \d+ as it was then/,
    ],
    [
      're-sign: the same, signed with another key',
      () => rewritten({ key: world.key('theirs'), terms: anyClock(NAME) })(),
      /behind what commit .* it lacks entry \d+ as it was then/,
    ],
    [
      'another key: a pass on top',
      () => forgePass({ key: world.key('theirs'), terms: anyClock(NAME) }),
      /1 entry of the ledger does not count.*: \d+ \(verdict\): it is signed with another key.*\nrefused: its verdict is fail/,
    ],
    [
      'nobody: an unsigned pass on top',
      () => forgePass({}),
      /: \d+ \(verdict\): nobody signed it.*\nrefused: its verdict is fail/,
    ],
    [
      'replay: the pass of other content',
      () => Promise.resolve(fleet.merge('porch', 'sneaky')),
      /needs a check: the merged models\/porch has never been judged in an entry of the ledger that counts/,
    ],
    [
      'a second pass for a failed release, by our own key',
      () => forgePass({ key: ours, terms: termsOf(policy) }),
      /refused: it passed only when it was judged again: the same release failed on the same data under the same policy/,
    ],
    [
      "another repository: a pass by our own key for another repository's ledger",
      () => forgePass({ key: ours, terms: anyClock('acme/other') }),
      /it was signed for the ledger acme\/other, and this is acme\/porch.*\nrefused: its verdict is fail/,
    ],
    [
      'a clock set back: a pass by our own key, dated when another key would have been in its time',
      () =>
        forgePass({ key: ours, terms: anyClock(NAME), clock: { ...systemClock, now: () => new Date('2026-01-02T00:00:00Z') } }),
      /it is dated 2026-01-02T00:00:00.000Z, before entry \d+ ahead of it: a clock was set back.*\nrefused: its verdict is fail/,
    ],
  ])(
    '%s',
    async (_, tamper, said) => {
      world.force(good);
      fleet.merge('porch', 'bad');
      await tamper();
      expect(await deployed()).toMatch(said);
    },
    60_000,
  );
});

describe('what signs', () => {
  it('stops a job that has no key before it does anything, naming the secret and where it belongs', async () => {
    world.force(good);
    const job = world.job();
    await job.share();
    await expect(fleet.deploy({ model: 'porch' }, { ledger: job.ledger })).rejects.toThrow(
      /ledger\.keys.*there is no key to sign with[\s\S]*the secret FIELDPROOF_SIGNING_KEY, in the environment that this job names/,
    );
  });

  it('appends nothing by a key that policy does not name, and nothing by a clock that is behind', async () => {
    world.force(good);
    const stranger = world.job({ key: world.key('stranger') });
    await stranger.share();
    const append = async (job: Job, clock = systemClock) =>
      await appendFacts(trustedLedger(job.ledger, policy, clock), [
        verdictOf(fleet.config, { model: 'porch', word: 'bad', outcome: 'pass' }),
      ]);
    await expect(append(stranger)).rejects.toThrow(/is none of those that it names/);
    const late = { ...systemClock, now: () => new Date('2026-01-02T00:00:00Z') };
    const behind = world.job({ key: ours, clock: late });
    await behind.share();
    await expect(append(behind, late)).rejects.toThrow(/this machine's clock says 2026-01-02.*would not count/);
  });
});
