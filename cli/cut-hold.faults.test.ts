import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** A release was taken back from the field and held. Somebody cuts that off the shared ledger, and has it deployed from a clone. */
const LEDGER = 'refs/heads/fieldproof/ledger';
let repository: ModelRepository;
let remote: string;

const run = async (...args: string[]) => await runFieldproof(repository, args);
const share = async () => await run('ledger', '--sync', 'origin');
const fleetTip = () => repository.gitFleet('rev-parse', 'main');

/** What a fresh clone of the remote is, as far as the ledger goes. */
function forget(): void {
  for (const ref of repository.git('for-each-ref', '--format=%(refname)', LEDGER, 'refs/fieldproof').split('\n')) {
    if (ref !== '') repository.git('update-ref', '-d', ref);
  }
  rmSync(path.join(repository.model, '.git', 'fieldproof'), { recursive: true, force: true });
}

beforeAll(async () => {
  repository = await makeDeployedRepository();
  remote = path.join(repository.folder, 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', remote]);
  repository.git('remote', 'add', 'origin', remote);
  await share();
  await repository.propose('better', { gains: [1.1, 1.1, 1.1] });
  assert.equal((await run('check', '--base', 'main', '--head', 'better')).code, 0);
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--message', 'Merge', 'better');
  assert.equal((await run('deploy')).code, 0);
  await share();
});
afterAll(() => repository.remove());

describe('a hold that is cut off the ledger', () => {
  it('is borne witness to by the commit that took the release back: it is not deployed again', async () => {
    const before = repository.git('rev-parse', LEDGER);
    expect(await run('rollback', '--model', 'tiny', '--by', 'A Person', '--why', 'it is blind')).toMatchObject({ code: 0 });
    await share();
    const reverted = fleetTip();
    execFileSync('git', ['update-ref', LEDGER, before], { cwd: remote });
    forget();
    await share();
    const { stdout } = await run('ledger');
    expect(stdout).toContain('● intact');
    expect(stdout).not.toContain(' hold ');
    const { code, stderr } = await run('deploy');
    expect(stderr).toMatch(/behind what commit [0-9a-f]{12} on main of .* bears witness to: it lacks the hold sha256:/);
    expect([code, fleetTip()]).toEqual([3, reverted]);
  });

  it('is put back by whoever takes the release back again, which changes nothing in the fleet', async () => {
    const reverted = fleetTip();
    expect(await run('rollback', '--model', 'tiny', '--by', 'A Person', '--why', 'it is blind')).toMatchObject({ code: 0 });
    expect(fleetTip()).toBe(reverted);
    expect(await run('deploy')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^refused +tiny: held since .* it is blind/),
    });
  });
});
