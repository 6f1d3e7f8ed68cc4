import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configText, replayManifest, researchManifest, writeFlashes, writePictures } from '../testing/worlds/colour-datasets.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Files in a folder, and no Git. */
let repository: ModelRepository;
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-'));
  repository = openModelRepository(folder);
  for (const name of ['model', 'tmp']) mkdirSync(path.join(folder, name));
  await writePictures(path.join(folder, 'data', 'bench'));
  writeFlashes(path.join(folder, 'data', 'street'));
  const alone = configText.replace(/deploy:[^]*/, '').replace(/.*(event-recall|false-alarms).*\n/g, '');
  repository.write({ 'fieldproof.yaml': alone, 'datasets/bench.yaml': researchManifest, 'datasets/street.yaml': replayManifest });
  await repository.writeModel({ gains: [1.2, 1, 0.2] });
  for (const name of ['bench', 'street']) await runFieldproof(repository, ['pin', `datasets/${name}.yaml`]);
});
afterAll(() => repository.remove());

const read = (file: string) => readFileSync(path.join(repository.model, file), 'utf8');

describe('fieldproof score', () => {
  it('says the numbers of what lies there, with their intervals, and writes the misses as pictures', async () => {
    const { code, stdout, stderr } = await runFieldproof(repository, ['score']);
    expect({ code, fault: /could not run[^]*/.exec(stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    expect(stdout).toMatch(/^tiny {2}as it lies here, on here · process runner, not sandboxed/);
    expect(stdout).toMatch(/ {2}bench: 48 pictures, classification\n[^]*\n {4}top1 +66\.7% +\[53\.9%, 77\.8%\]/);
    expect(stdout).toMatch(/16 misses, of which the clearest 12 are in the report/);
    expect(stdout).toMatch(/report {2}\.fieldproof\/score\/score\.html\n$/);
    const page = read('.fieldproof/score/score.html');
    expect(page.match(/<figure>/g)).toHaveLength(12);
    expect(page).toMatch(/blue: taken for red/);
    expect(page.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(12);
    expect(read('.fieldproof/.gitignore')).toBe('*\n');
  });

  it('asks whatever a dataset asks, where it is named', async () => {
    const { code, stdout } = await runFieldproof(repository, ['score', '--dataset', 'street', '--json', 'score.json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}street: 30 clips, events\n[^]*event-recall +100\.0%/);
    expect(JSON.parse(read('score.json'))).toMatchObject({
      models: [{ model: 'tiny', datasets: [{ dataset: 'street', items: 30 }] }],
    });
  });

  it.each([
    [['--model', 'porch'], /fieldproof\.yaml.*models.*there is no porch\n +remedy: name one of: tiny/s],
    [['--dataset', 'lobby'], /there is no lobby/],
    [['--repo', '..'], /fieldproof\.yaml.* is not in .*\n +remedy: run `fieldproof init --model/],
  ])('says what is not there: %s', async (words, expected) => {
    const { code, stderr } = await runFieldproof(repository, ['score', ...words]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(expected) });
  });
});
