import { afterEach, describe, expect, it } from 'vitest';
import { earlierLife } from '../testing/worlds/earlier-life.ts';
import { earlierText } from '../testing/worlds/earlier-text.ts';
import { runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Repositories that an earlier Fieldproof wrote, under this one. */
const opened: ModelRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});

function open(state: Parameters<typeof earlierLife>[0]): ModelRepository {
  const repository = earlierLife(state);
  opened.push(repository);
  return repository;
}

const treeOf = (repository: ModelRepository, ref: string) => repository.gitFleet('rev-parse', `${ref}^{tree}`);
const proposalOf = (repository: ModelRepository) => `fieldproof/tiny/${repository.git('rev-parse', 'bright').slice(0, 12)}`;

type Written = { kind: string; version?: number; wave?: { number: number; of: number } };

async function factsIn(repository: ModelRepository): Promise<Written[]> {
  const { stdout } = await runFieldproof(repository, ['ledger', '--json']);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { record: { fact: Written } }).record.fact);
}

const deployments = async (repository: ModelRepository) =>
  (await factsIn(repository)).filter(({ kind }) => kind === 'deployment');

describe('what was written before releases had stages', () => {
  it('is listed as it was, and its chain holds', async () => {
    expect(await runFieldproof(open('half landed'), ['ledger'])).toMatchObject({ code: 0, stdout: earlierText('ledger.txt') });
  });

  it('tells how predictions fared as it did', async () => {
    const { code, stdout } = await runFieldproof(open('half landed'), ['confidence']);
    const table = (text: string) => text.slice(text.indexOf('\n\n'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny event-recall\ninsufficient: about \d+ more iterations needed \(3 seen in the field\)/);
    expect(table(stdout)).toBe(table(earlierText('confidence.txt')));
  });

  it('is deployed as it was proposed, wave after wave', async () => {
    const repository = open('proposed');
    expect(await runFieldproof(repository, ['deploy'])).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^waiting +tiny: wave 1 of 2 landed as /),
    });
    expect(treeOf(repository, 'main')).not.toBe(treeOf(repository, proposalOf(repository)));
    expect(await runFieldproof(repository, ['deploy', '--no-wait'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^landed +tiny: main is at /),
    });
    expect(treeOf(repository, 'main')).toBe(treeOf(repository, proposalOf(repository)));
  });

  it('is deployed to the end where that had begun, and what had landed is not said again', async () => {
    const repository = open('half landed');
    const begun = repository.gitFleet('rev-parse', 'main');
    expect((await runFieldproof(repository, ['deploy', '--no-wait'])).stdout).toMatch(/^landed +tiny: main is at /);
    expect(repository.gitFleet('rev-parse', 'main~1')).toBe(begun);
    expect(treeOf(repository, 'main')).toBe(treeOf(repository, proposalOf(repository)));
    const landed = await deployments(repository);
    expect(landed.map(({ version = 1, wave }) => [version, wave?.number, wave?.of])).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 2],
      [2, 1, 1],
    ]);
  });

  it('is deployed once where the commit had been made and not yet been recorded', async () => {
    const repository = open('half landed');
    repository.git('update-ref', 'refs/heads/fieldproof/ledger', 'origin/proposed');
    const begun = repository.gitFleet('rev-parse', 'main');
    expect((await runFieldproof(repository, ['deploy'])).stdout).toMatch(/^waiting +tiny: wave 1 of 2 /);
    expect(repository.gitFleet('rev-parse', 'main')).toBe(begun);
    expect(await deployments(repository)).toHaveLength(3);
  });

  it('is refused under a hold of that time whose waiver has ended', async () => {
    const repository = open('half landed');
    repository.git('checkout', '--quiet', '--detach', 'main~1');
    const { code, stdout } = await runFieldproof(repository, ['deploy']);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^refused +tiny: held since 2026-01-11 by The test team: the lobby is dark/),
    ]);
  });

  it('takes back by hand what it had landed', async () => {
    const repository = open('half landed');
    const words = ['--model', 'tiny', '--by', 'The test team', '--why', 'too bright'];
    expect(await runFieldproof(repository, ['rollback', ...words])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^reverted +tiny: too bright/),
    });
    expect(treeOf(repository, 'main')).toBe(treeOf(repository, 'before'));
  });
});
