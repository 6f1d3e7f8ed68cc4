import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** One life after another, as a user calls it; each step builds on the one before. */
describe('what somebody answers for, and what is taken back', () => {
  let repository: ModelRepository;
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const run = (...args: string[]) => runFieldproof(repository, args);
  const fleetTip = () => repository.gitFleet('rev-parse', 'main');
  const subject = (branch: string) => repository.gitFleet('log', '-1', '--format=%s', branch);

  beforeAll(async () => {
    repository = await makeDeployedRepository();
    const config = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    repository.write({ 'fieldproof.yaml': config.replace('metric: top1, margin: 20%', 'metric: top1, margin: 0%') });
    repository.commit('Lose nothing at all');
    await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
  });
  afterAll(() => repository.remove());

  it('an inconclusive verdict lands under the name of who accepts it', async () => {
    const check = await run('check', '--base', 'main', '--head', 'as-good');
    expect(check).toMatchObject({ code: 2, stdout: expect.stringContaining('proposal  fieldproof/tiny/') });
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'as-good');
    const refused = await run('deploy');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^refused +tiny: its verdict is inconclusive/) });
    const [, record = ''] = /--record (\w+)/.exec(refused.stdout) ?? [];
    const words = ['--by', 'A Person', '--why', 'more pictures come in March', '--until', until];
    expect(await run('accept', '--record', record, ...words)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^accepted +tiny: A Person answers/),
    });
    expect(await run('deploy')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^landed +tiny: /) });
  });

  it('is taken back by hand as one commit, and neither deployed nor proposed again', async () => {
    const deployed = fleetTip();
    const words = ['--model', 'tiny', '--by', 'A Person', '--why', 'the lobby is dark'];
    expect(await run('rollback', ...words)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^reverted +tiny: the lobby is dark; taken back by/),
    });
    expect(repository.gitFleet('rev-parse', 'main~1')).toBe(deployed);
    expect(repository.gitFleet('diff', 'main', 'main~2')).toBe('');
    expect(await run('deploy')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^refused +tiny: held since \S+ by A Person: the lobby is dark/),
    });
    const before = repository.gitFleet('for-each-ref');
    const again = await run('check', '--base', 'main~1', '--head', 'main');
    expect(again).toMatchObject({ code: 2, stdout: expect.stringMatching(/Not proposed to the fleet: held since/) });
    expect(repository.gitFleet('for-each-ref')).toBe(before);
    expect(subject('main')).toMatch(/^Revert tiny to what ran before/);
    const { stdout } = await run('ledger');
    for (const kind of ['waiver', 'merge', 'hold', 'revert']) expect(stdout).toContain(` ${kind} `);
    expect(stdout).toContain('● intact');
  });

  it('is asked for with what it needs', async () => {
    expect(await run('rollback', '--model', 'tiny')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("required option '--by <who>'"),
    });
    expect(await run('deploy', '--wait')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no cluster can be asked from here'),
    });
    expect(await run('deploy', '--model', 'door')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no model is named door'),
    });
  });
});
