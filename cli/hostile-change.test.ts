import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDeployedRepository, runFieldproof, answersOf, type ModelRepository } from '../testing/worlds/model-repository.ts';

let deployed: ModelRepository;
beforeAll(async () => {
  deployed = await makeDeployedRepository();
});
afterAll(() => deployed.remove());

const opened: ModelRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});

function copied(): ModelRepository {
  const repository = deployed.copy();
  opened.push(repository);
  return repository;
}

const check = (repository: ModelRepository, head: string) =>
  runFieldproof(repository, ['check', '--base', 'main', '--head', head]);

const CLASSES = ['red', 'green', 'blue'];

/** Every picture right and every event found, whatever the model really said. A picture's folder is its class. */
function flatter(file: string): void {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const better = lines
    .map((line) => JSON.parse(line) as { id?: string; ranked?: number[] })
    .map((answer) => {
      if (answer.id === undefined) return answer;
      const truth = CLASSES.indexOf(path.dirname(answer.id));
      const detections = [{ label: 'alarm', start: 0.5, end: 1.5, alarm: 0.5, peak: 1 }];
      return answer.ranked === undefined
        ? { ...answer, detections }
        : { ...answer, ranked: [truth, ...[0, 1, 2].filter((index) => index !== truth)] };
    });
  writeFileSync(file, `${[header, ...better.map((answer) => JSON.stringify(answer))].join('\n')}\n`);
}

describe('a pull request', () => {
  it('cannot bring answers of its own, wherever it commits them', async () => {
    const repository = copied();
    await repository.propose('worse', { gains: [0.2, 1, 1] });
    expect((await check(repository, 'worse')).code).toBe(1);
    const forged = path.join(repository.model, '.fieldproof', 'answers');
    cpSync(answersOf(repository), forged, { recursive: true });
    rmSync(answersOf(repository), { recursive: true });
    for (const name of readdirSync(forged)) flatter(path.join(forged, name));
    repository.git('add', '--force', '.fieldproof');
    repository.commit('Say that all is well');
    const { code, stdout } = await check(repository, 'worse');
    expect(stdout).toMatch(/^■ FAIL {2}tiny fails: /m);
    expect(stdout).not.toMatch(/scored before/);
    expect(code).toBe(1);
  });

  it('cannot bring the pins of a dataset whose manifest the base has', async () => {
    const repository = copied();
    const pins = readFileSync(path.join(repository.model, 'datasets', 'bench.sha256'), 'utf8');
    repository.git('rm', '--quiet', 'datasets/bench.sha256');
    repository.commit('Lose the pins');
    await repository.propose('pinning', { gains: [1.1, 1.1, 1.1] });
    repository.write({ 'datasets/bench.sha256': pins });
    repository.commit('Bring pins');
    const { code, stderr } = await check(repository, 'pinning');
    expect(stderr).toMatch(/datasets\/bench\.sha256 is not there/);
    expect(code).toBe(3);
  });
});

describe('what was scored before', () => {
  it('is scored again under another threshold', async () => {
    const repository = copied();
    await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
    expect((await check(repository, 'as-good')).code).toBe(0);
    expect((await check(repository, 'as-good')).stdout).toMatch(/^.*156 trials were scored before/m);
    repository.git('checkout', '--quiet', 'main');
    const config = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    repository.write({ 'fieldproof.yaml': config.replace('task: classification }', 'task: classification, threshold: 0.99 }') });
    repository.commit('Ask for more certainty');
    // The pictures of both releases, and none of the clips.
    expect((await check(repository, 'as-good')).stdout).toMatch(/^.*96 trials were scored before/m);
  });
});
