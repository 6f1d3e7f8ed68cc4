import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeExportedModel, type ExportedModel } from '../testing/exported-model.ts';
import { configText, replayManifest, researchManifest, writeFlashes, writePictures } from '../testing/worlds/colour-datasets.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Embeds a picture as its mean colour. */
const MEAN_COLOUR: ExportedModel = {
  inputs: [{ name: 'input', type: 'float32', shape: [1, 3, 8, 8] }],
  outputs: [],
  computed: {
    nodes: [{ operator: 'ReduceMean', inputs: ['input'], outputs: ['mean'], integers: { axes: [2, 3], keepdims: 0 } }],
    outputs: [{ name: 'mean', type: 'float32', shape: [1, 3] }],
  },
};

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

  it('shows pairs that are told wrong side by side, and queries beside what was found for them', async () => {
    // A picture is as much one or the other as it is red, green and blue. One of bert is as red as anna is.
    const colours = {
      anna: [
        [200, 60, 60],
        [190, 70, 60],
      ],
      bert: [
        [60, 60, 200],
        [200, 66, 60],
      ],
      carl: [
        [60, 200, 60],
        [70, 190, 60],
      ],
    };
    for (const [name, shades] of Object.entries(colours)) {
      for (const [at, [r = 0, g = 0, b = 0]] of shades.entries()) {
        const file = path.join(repository.folder, 'data', 'people', at === 0 ? 'query' : 'gallery', name, `${at}.png`);
        mkdirSync(path.dirname(file), { recursive: true });
        await sharp({ create: { width: 24, height: 16, channels: 3, background: { r, g, b } } })
          .png()
          .toFile(file);
      }
    }
    const rows = ['anna', 'bert', 'carl'].map((name) => `query/${name}/0.png,gallery/${name}/1.png,1`);
    const others = ['query/anna/0.png,gallery/bert/1.png,0', 'query/bert/0.png,gallery/carl/1.png,0'];
    const common = (task: string) => `version: 1\nkind: research\ntask: ${task}\nroot: ../../data/people\npins: ${task}.sha256\n`;
    const people = 'people: { build: models/people, image: registry.example/acme/people, task: embedding }';
    repository.write({
      'datasets/pairs.csv': ['file_a,file_b,same', ...rows, ...others].join('\n'),
      'datasets/verification.yaml': `${common('verification')}truth: { pairs: pairs.csv }\n`,
      'datasets/search.yaml': `${common('search')}truth: { queries: query, gallery: gallery }\n`,
      'fieldproof.yaml': `version: 1
models: { ${people} }
datasets: { pairs: { manifest: datasets/verification.yaml }, find: { manifest: datasets/search.yaml } }
chipsets: { here: { platform: linux/amd64, at: local, limits: { cpus: 1, memory: 1GiB } } }
gates: { people: [ { dataset: pairs, metric: pair-auroc, margin: 5% }, { dataset: find, metric: recall-at-1, margin: 5% } ] }
`,
    });
    await writeExportedModel(path.join(repository.model, 'models/people'), MEAN_COLOUR, {
      task: 'embedding',
      preprocess: { resize: { width: 8, height: 8, kernel: 'linear' } },
      output: { kind: 'embedding' },
    });
    for (const name of ['verification', 'search']) await runFieldproof(repository, ['pin', `datasets/${name}.yaml`]);
    const { code, stderr } = await runFieldproof(repository, ['score', '--report', 'people', '--json', 'people.json']);
    expect({ code, fault: /could not run[^]*/.exec(stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    const { models } = JSON.parse(read('people.json')) as { models: { datasets: { misses: Record<string, unknown>[] }[] }[] };
    const [pairs, queries] = models[0]?.datasets.map(({ misses }) => misses) ?? [];
    expect(pairs?.find(({ caption }) => String(caption).startsWith('the same'))).toMatchObject({
      sample: 'query/bert/0.png, gallery/bert/1.png',
      caption: expect.stringMatching(/^the same: 0\.\d+, less alike/),
    });
    expect(queries?.[0]).toMatchObject({
      sample: expect.stringMatching(/^query\/bert\/0\.png, gallery/),
      caption: expect.stringMatching(/^first right one at rank/),
    });
    expect(read('people/score.html').match(/src="data:image\/jpeg;base64,/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
