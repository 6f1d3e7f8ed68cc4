import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOfJson } from '#kernel';
import type { Fact } from '#ledger';
import { FLEET, HostedTeam, type Proposed } from '../testing/worlds/hosted-team.ts';

/**
 * Somebody may push to a repository, and so to its ledger's branch, and wants their undecided model in the field. What they do, what
 * the jobs of the written workflows make of it, and what a reviewer then reads. FIELDPROOF_ATTACKED names another checkout to play
 * it against (docs/attacks.md).
 */
let team: HostedTeam;
let theirs: Proposed;
let merged: string;
let deployed: readonly string[];

beforeAll(async () => {
  team = await HostedTeam.start();
  theirs = await team.propose('theirs', [1.1, 1.1, 1.2]);
  const [job] = await team.check('check', theirs);
  assert.equal(job?.code, 2, job?.log);
  merged = await team.merge('theirs');
  deployed = await team.deployed();
}, 900_000);
afterAll(async () => await team.close());

const facts = async () => (await team.entries()).map(({ record }) => record.fact);

/** Their own undecided verdict, but a pass; and that it was proposed, as the undecided one was. */
async function forgedPass(): Promise<readonly [Fact, Fact]> {
  const known = await facts();
  const judged = known.findLast(({ kind, head }) => kind === 'verdict' && head === theirs.head);
  const proposal = known.findLast(({ kind, model }) => kind === 'proposal' && model === judged?.['model']);
  if (judged === undefined || proposal === undefined) throw new Error('their change was judged and proposed');
  const pass = { ...judged, outcome: 'pass', at: new Date().toISOString() };
  return [pass, { ...proposal, verdict: digestOfJson(pass) }];
}

async function signedOf(id: string): Promise<boolean> {
  return (await team.entries()).some(({ link, record }) => record.id === id && link.signature !== undefined);
}

describe('a pass that is pushed to the ledger while jobs run, and the branch forced back', () => {
  let pass: Fact;
  it('is signed by no job: the check says that the branch went back, and nothing else is changed', async () => {
    const honest = await team.ledgerTip();
    const forged = await forgedPass();
    [pass] = forged;
    await team.pushForged(forged, honest);
    let dummy = '';
    team.whenPushed = async (repository) => {
      // The job that judges has taken the ledger in, and writes its proposal to the fleet; what it appended is not shared yet.
      if (repository !== FLEET || dummy !== '') return;
      dummy = 'on its way';
      await team.pushForged([{ kind: 'note', text: 'dummy' }], honest);
      dummy = await team.ledgerTip();
    };
    const another = await team.propose('another', [1.2, 1.1, 1.1]);
    const jobs = await team.check('check-forks', another);
    const last = jobs.at(-1);
    expect(jobs.map(({ name }) => name)).toEqual(['open', 'images', 'research', 'predict', 'replay', 'publish']);
    expect({ 'the forged pass is signed': await signedOf(digestOfJson(pass)) }).toEqual({ 'the forged pass is signed': false });
    expect(await team.ledgerTip()).toBe(dummy);
    expect(last?.code).toBe(3);
    const [check, ...more] = await team.page.checks(another.head);
    expect(more).toEqual([]);
    expect(check).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(check?.title).toMatch(
      /^Could not run: fieldproof\/ledger of origin: the remote went back behind what was seen of it: that was /,
    );
    expect(check?.title).toContain(`now it is at ${dummy.slice(0, 12)}`);
  }, 900_000);

  it('is deployed by no job from a fresh clone', async () => {
    const tip = await team.ledgerTip();
    await team.pushForged(await forgedPass(), tip);
    const job = await team.deploy(merged);
    expect(await team.deployed()).toEqual(deployed);
    expect(job.code).toBe(1);
    expect(job.log).toMatch(/3 entries of the ledger do not count, and nothing rests on them: .*\(verdict\).*: nobody signed it/);
    expect(job.log).toMatch(/refused.*its verdict is inconclusive/);
  }, 900_000);
});

describe('a signing key that does not reach a job', () => {
  it('stops the job that deploys before it does anything, which names the secret and where it belongs', async () => {
    const tip = await team.ledgerTip();
    const job = await team.deploy(merged, '');
    expect(await team.deployed()).toEqual(deployed);
    expect([job.code, await team.ledgerTip()]).toEqual([3, tip]);
    expect(job.log).toMatch(/\(ledger\.keys\): .*there is no key to sign with/);
    expect(job.log).toMatch(/the secret FIELDPROOF_SIGNING_KEY, in the environment that this job names/);
  }, 900_000);

  it('stops the check before it measures, and the check says so', async () => {
    const unsigned = await team.propose('unsigned', [1.1, 1.2, 1.1]);
    const [job] = await team.check('check', unsigned, '');
    expect(job?.code).toBe(3);
    const [check] = await team.page.checks(unsigned.head);
    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(check?.title).toMatch(/^Could not run: fieldproof\.yaml \(ledger\.keys\): says who signs the ledger/);
    expect(check?.summary).toContain('FIELDPROOF&#95;SIGNING&#95;KEY');
    expect((await facts()).some(({ head }) => head === unsigned.head)).toBe(false);
  }, 900_000);
});

it('a ledger that was chained anew without signatures, with a pass where it was undecided, deploys nothing', async () => {
  const [pass, proposal] = await forgedPass();
  const honest = (await facts()).filter(({ head, kind }) => kind !== 'verdict' || head !== theirs.head);
  await team.pushForged([...honest, pass, proposal], null);
  const job = await team.deploy(merged);
  expect(await team.deployed()).toEqual(deployed);
  expect(job.code).toBe(2);
  expect(job.log).toMatch(
    /needs a check +tiny: the merged models\/tiny has never been judged in an entry of the ledger that counts/,
  );
}, 900_000);
