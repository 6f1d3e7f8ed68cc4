import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { digestOf } from '#kernel';
import type { ClassificationDataset } from '#datasets';
import { compareQuality } from '../../eval/index.ts';
import { gate } from '../../eval/compare.fixture.ts';
import { images } from '../../runtime/serve.fixture.ts';
import { modelFolder, openFolder } from '../../runtime/served.fixture.ts';
import { metricOn } from '../registry.ts';
import { scoreAnswers } from '../score-answers.ts';
import { classification } from './classification.ts';
import type { RankedTrial } from './trial.ts';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data/real');
const WEIGHTS = 'mobilenetv2-int8-static.onnx';
const present = existsSync(path.join(DATA, 'models', WEIGHTS));

async function pictures(): Promise<ClassificationDataset> {
  const rows = (await readFile(path.join(DATA, 'ground-truth.csv'), 'utf8')).trim().split('\n').slice(1);
  const samples = rows
    .map((row) => row.split(','))
    .map(([id = '', truth]) => ({ id, pin: digestOf(id), truth: Number(truth), slices: {} }));
  const classes = (await readFile(path.join(DATA, 'imagenet-labels.txt'), 'utf8')).trim().split('\n');
  return {
    round: 'research',
    medium: 'pictures',
    task: 'classification',
    name: 'imagenet',
    digest: digestOf('imagenet'),
    classes,
    samples,
  };
}

/** Of raw scores: quantised, they come in few steps. */
async function trialsOf(dataset: ClassificationDataset): Promise<readonly RankedTrial[]> {
  const folder = await modelFolder();
  await copyFile(path.join(DATA, 'models', WEIGHTS), path.join(folder, 'model.onnx'));
  const preprocess = {
    resize: { 'shorter-side': 256, kernel: 'linear' },
    crop: { width: 224, height: 224 },
    range: [0, 1],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  };
  const description = { version: 1, name: 'mobilenet', task: 'classification', weights: { default: 'model.onnx' }, preprocess };
  await writeFile(path.join(folder, 'model.yaml'), stringify(description));
  const served = await openFolder(folder, 2);
  const classes = { toDataset: dataset.classes.map((_, index) => index), note: null };
  const answers = [];
  for (const sample of dataset.samples) {
    const response = await served.infer({ inputs: [images([await readFile(path.join(DATA, 'images', sample.id))])] });
    answers.push(...classification.decode(response, [sample], dataset, classes, null));
  }
  const scored = scoreAnswers(dataset, answers, new Map());
  if (scored.kind === 'refused') throw new Error(scored.reason);
  return scored.trials as readonly RankedTrial[];
}

describe.skipIf(!present)('a classifier whose best score is shared in most pictures (needs ../shared/data/real)', () => {
  it('is right in few or in most of them, by how ties break: nothing is decided by that', async () => {
    const dataset = await pictures();
    const trials = await trialsOf(dataset);
    const [tied = 0, worst = 0, best = 0] = (classification.notes(trials, dataset)[0] ?? '').match(/\d+/g)?.map(Number) ?? [];
    expect(tied).toBeGreaterThan(140);
    expect(worst).toBeLessThan(60);
    expect(best).toBeGreaterThan(140);
    const [finding] = compareQuality({
      gate: { ...gate, dataset: 'imagenet', metric: 'top1', margin: null, atLeast: 0.6 },
      metric: metricOn(dataset, 'top1'),
      dataset: 'imagenet',
      candidate: trials,
      reference: null,
      against: 'baseline',
      chipset: null,
      identical: false,
      seed: 1,
    });
    expect(finding).toMatchObject({ outcome: 'inconclusive', remedy: expect.stringContaining('no amount of data settles ties') });
    expect(finding?.reason).toMatch(
      /how ties break makes it \d+(\.\d)?% or \d+(\.\d)?%, and that alone decides between fail and pass$/,
    );
  });
});
