import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answersOf, makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

let repository: ModelRepository;
beforeAll(async () => {
  repository = await makeDeployedRepository();
});
afterAll(() => repository.remove());

const plan = async (...words: string[]) => await runFieldproof(repository, ['plan', '--ref', 'main', ...words]);

describe('fieldproof plan', () => {
  it('says what each gate could tell, by what the deployed release answered, and how long a check takes here', async () => {
    await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
    await runFieldproof(repository, ['check', '--base', 'main', '--head', 'as-good']);
    const { code, stdout } = await plan();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny\n/);
    expect(stdout).toMatch(
      /top-1 accuracy on bench \(.*\): can tell a loss of [\d.]+ points from none; the interval will be about ±/,
    );
    expect(stdout).toMatch(/event-recall on street/);
    expect(stdout).toMatch(/more clips \(.* of footage\).* would halve it/);
    expect(stdout).toMatch(/a check takes about [\d.]+ .* here: bench: candidate /);
  });

  it('writes nothing, runs no model, and says what is not known where nothing was asked yet', async () => {
    rmSync(answersOf(repository), { recursive: true });
    const refs = repository.git('for-each-ref');
    const { code, stdout, stderr } = await plan();
    expect(code).toBe(2);
    expect(stdout).toMatch(/can tell a loss of [\d.]+ points at best; what it can tell is known once the baseline was asked/);
    expect(stderr).not.toMatch(/candidate|baseline/);
    expect(repository.git('for-each-ref')).toBe(refs);
  });

  it('refuses a commit that is none', async () => {
    const { code, stderr } = await plan('--ref', 'nowhere');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/nowhere/) });
  });
});
