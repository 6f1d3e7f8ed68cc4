import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedLedger, type SigningKey } from '../../testing/worlds/shared-ledger.ts';

const note = (text: string) => ({ kind: 'note', text });

let world: SharedLedger;
let key: SigningKey;
beforeAll(async () => {
  world = await SharedLedger.start();
  key = world.key('ours');
});
afterAll(() => world.close());
beforeEach(() => world.force(null));

const textsOf = async () => (await world.entries()).map(({ record }) => record.fact['text']);
const signedOf = async () => (await world.entries()).flatMap(({ link, record }) => (link.signature ? [record.fact['text']] : []));

/** Facts of somebody who may push, appended as Fieldproof would without a key. */
async function pushForged(...texts: string[]): Promise<void> {
  const forger = world.job();
  await forger.share();
  await forger.ledger.append(texts.map(note));
  await forger.share();
}

describe('a forged pass that was pushed while a job ran', () => {
  it('is not signed when the branch is forced back under the job: the job says that it went back, and changes nothing', async () => {
    const job = world.job({ key });
    await job.ledger.append([note('begin')]);
    await job.share();
    const before = world.tip();
    await pushForged('forged pass', 'forged proposal');
    await job.share(); // takes the forged facts in, as anybody would
    const seen = world.tip();
    world.force(before);
    await pushForged('dummy');
    const [dummy, here] = [world.tip(), job.git('rev-parse', 'fieldproof/ledger')];
    await expect(job.share()).rejects.toThrow(
      new RegExp(
        `went back behind what was seen of it: that was ${seen?.slice(0, 12)} with 3 entries.*${dummy?.slice(0, 12)} with 2`,
      ),
    );
    expect([world.tip(), job.git('rev-parse', 'fieldproof/ledger')]).toEqual([dummy, here]);
    expect(await signedOf()).toEqual(['begin']);
  });

  it('is not signed when the job has facts of its own to bring', async () => {
    const job = world.job({ key });
    await job.ledger.append([note('begin')]);
    await job.share();
    await pushForged('forged pass');
    await job.share();
    await job.ledger.append([note('of the job')]);
    await pushForged('beside');
    expect(await job.share()).toEqual({ taken: 1, sent: 1 });
    expect(await textsOf()).toEqual(['begin', 'forged pass', 'beside', 'of the job']);
    expect(await signedOf()).toEqual(['begin', 'of the job']);
  });

  it('is not signed where it was put into the copy on this machine', async () => {
    const job = world.job({ key });
    await job.ledger.append([note('begin')]);
    await job.share();
    const planted = world.job();
    await planted.share();
    await planted.ledger.append([note('planted')]);
    job.git('fetch', '--quiet', planted.folder, '+fieldproof/ledger:fieldproof/ledger');
    await pushForged('beside');
    const tip = world.tip();
    await expect(job.share()).rejects.toThrow(/holds entries that were not appended here.*2 \(note\); nothing was changed/);
    expect(world.tip()).toBe(tip);
    expect(await signedOf()).toEqual(['begin']);
  });

  it('leaves what the job appended for itself, which is sent once the branch is back', async () => {
    const job = world.job({ key });
    await job.ledger.append([note('begin')]);
    await job.share();
    const good = world.tip();
    await job.ledger.append([note('of the job')]);
    world.force(null);
    await expect(job.share()).rejects.toThrow(/the branch is gone/);
    world.force(good);
    expect(await job.share()).toEqual({ taken: 0, sent: 1 });
    expect(await signedOf()).toEqual(['begin', 'of the job']);
  });
});

it('sees a ledger that was cut off by a commit on top, which no ruleset forbids', async () => {
  const job = world.job({ key });
  await job.ledger.append([note('one')]);
  await job.ledger.append([note('two')]);
  await job.share();
  const second = (await job.ledger.entries())[1];
  const hex = second?.record.id.slice('sha256:'.length) ?? '';
  world.tamper((folder) =>
    world.git(folder, 'rm', '--quiet', 'chain/000/000/002.json', `records/${hex.slice(0, 2)}/${hex}.json`),
  );
  await expect(job.share()).rejects.toThrow(/went back behind what was seen of it/);
});
