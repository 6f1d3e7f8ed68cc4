import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { checkReportSchema } from '../report/documents/check-report.ts';

const FROM_BASE = ['--base', 'main', '--head', 'change', '--policy-from', 'base'];
let repository: ModelRepository;
beforeAll(() => {
  repository = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-')));
  for (const name of ['model', 'tmp']) mkdirSync(path.join(repository.folder, name));
  repository.git('init', '--quiet', '--initial-branch=main');
  repository.commit('Begin');
  repository.git('checkout', '--quiet', '-b', 'change');
  repository.write({ 'fieldproof.yaml': configText.replaceAll(/at-least: 50%/g, 'at-least: 0%') });
  repository.commit('Judge myself');
});
afterAll(() => repository.remove());

describe('a pull request that brings the first configuration', () => {
  it('is not judged by it, and is told when it will be', async () => {
    const { code, stdout } = await runFieldproof(repository, ['check', ...FROM_BASE, '--json', '../report.json']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/INCONCLUSIVE {2}The base has no fieldproof\.yaml: judged from the next pull request\./);
    const report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(repository.folder, 'report.json'), 'utf8')));
    expect(report).toMatchObject({ outcome: 'inconclusive', models: [], policy: repository.git('rev-parse', 'main') });
    expect(repository.git('for-each-ref', 'refs/heads/fieldproof')).toBe('');
  });

  it('says the same when it is said again: one check, and not a second', async () => {
    const reports = [];
    for (const name of ['one', 'two']) {
      await runFieldproof(repository, ['check', ...FROM_BASE, '--json', `../${name}.json`]);
      reports.push(readFileSync(path.join(repository.folder, `${name}.json`), 'utf8'));
    }
    expect(reports[0]).toBe(reports[1]);
  });

  it('keeps the jobs that follow from measuring anything', async () => {
    const { code, stdout } = await runFieldproof(repository, ['open', ...FROM_BASE, '--out', '../opened']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('judged from the next pull request') });
    const opened: unknown = JSON.parse(readFileSync(path.join(repository.folder, 'opened', 'open.json'), 'utf8'));
    expect(opened).toEqual({ version: 1, judged: false, chipsets: [] });
    expect((await runFieldproof(repository, ['images', ...FROM_BASE, '--out', '../images'])).code).toBe(2);
  });
});
