import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherNode, withoutOtherNode } from '../testing/other-node.ts';
import { makeModelRepository, testCache, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { checkReportSchema } from '../report/documents/check-report.ts';

const CLI = path.join(import.meta.dirname, 'cli.ts');
const OF_CHECK = ['--base', 'main', '--head', 'change', '--policy-from', 'base'];
const run = promisify(execFile);

describe.skipIf(withoutOtherNode !== null)(`jobs under different Nodes${withoutOtherNode ? `: ${withoutOtherNode}` : ''}`, () => {
  let repository: ModelRepository;
  beforeAll(async () => {
    repository = await makeModelRepository();
    await repository.propose('change', { gains: [1.1, 1.1, 1.1] });
  });
  afterAll(() => repository.remove());

  it('are about one runtime, and end in a verdict', async () => {
    const other = await otherNode();
    const under = async (node: string, ...args: string[]) => {
      const env = { PATH: process.env['PATH'], HOME: repository.folder, FIELDPROOF_CACHE: testCache, NO_COLOR: '1' };
      return (await run(node, [CLI, ...args], { cwd: repository.model, env })).stdout;
    };
    expect(await under(other, '--version')).toBe(await under(process.execPath, '--version'));
    const bundle = ['--images', '../images'];
    await under(process.execPath, 'images', ...OF_CHECK, '--out', '../images');
    for (const [node, round] of [
      [other, 'research'],
      [process.execPath, 'replay'],
    ] as const) {
      await under(node, 'part', ...OF_CHECK, '--round', round, '--chipset', 'here', ...bundle, '--out', '../parts');
    }
    await under(other, 'join', ...OF_CHECK, ...bundle, '--parts', '../parts', '--json', '../report.json');
    const report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(repository.folder, 'report.json'), 'utf8')));
    expect(report.outcome).toBe('pass');
  });
});
