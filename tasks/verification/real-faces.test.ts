import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { digestOf } from '#kernel';
import type { VerificationDataset } from '#datasets';
import { compareQuality } from '../../eval/index.ts';
import { gate } from '../../eval/compare.fixture.ts';
import { images } from '../../runtime/serve.fixture.ts';
import { modelFolder, openFolder } from '../../runtime/served.fixture.ts';
import { metricOn } from '../registry.ts';
import { scoreAnswers } from '../score-answers.ts';
import { pairAuroc } from './pair-auroc.ts';
import type { PairTrial } from './trial.ts';
import { verification } from './verification.ts';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data/real');
const WEIGHTS = ['mobilefacenet-112.onnx', 'scrfd-500m-kps.onnx'] as const;
const present = existsSync(path.join(DATA, 'models', WEIGHTS[0]));

/** 25 press pictures, 300 pairs, 38 of them of one person. */
async function faces(): Promise<VerificationDataset> {
  const rows = (await readFile(path.join(DATA, 'verification/pairs.csv'), 'utf8')).trim().split('\n').slice(1);
  const pairs = rows
    .map((row) => row.split(','))
    .map(([a = '', b = '', same]) => ({ a, b, same: same?.trim() === '1', fold: null }));
  const files = (await readdir(path.join(DATA, 'verification/images'))).toSorted();
  const samples = files.map((id) => ({ id, pin: digestOf(id), truth: null, slices: {} }));
  return {
    round: 'research',
    medium: 'pictures',
    task: 'verification',
    name: 'faces',
    digest: digestOf('faces'),
    samples,
    pairs,
  };
}

/** MobileFaceNet on the largest face that SCRFD finds, aligned by its five points or as a plain crop of its box. */
async function trialsOf(dataset: VerificationDataset, by: 'five-points' | 'box'): Promise<readonly PairTrial[]> {
  const folder = await modelFolder();
  for (const name of WEIGHTS) await copyFile(path.join(DATA, 'models', name), path.join(folder, name));
  const scale = { mean: 127.5, std: 128 };
  const letterbox = { width: 640, height: 640, kernel: 'linear', fit: 'letterbox', place: 'top-left', pad: 0 };
  const detector = {
    weights: WEIGHTS[1],
    threshold: 0.6,
    preprocess: { resize: letterbox, ...scale },
    output: { kind: 'strided', strides: [8, 16, 32], anchors: 2 },
    postprocess: { nms: 'agnostic', iou: 0.4, keep: 0.5 },
  };
  const description = {
    version: 1,
    name: 'faces',
    task: 'embedding',
    weights: { default: WEIGHTS[0] },
    preprocess: { resize: { width: 112, height: 112, kernel: 'linear' }, ...scale },
    output: { kind: 'embedding' },
    align: { by, detector },
  };
  await writeFile(path.join(folder, 'model.yaml'), stringify(description));
  const served = await openFolder(folder, 2);
  const answers = [];
  for (const sample of dataset.samples) {
    const picture = await readFile(path.join(DATA, 'verification/images', sample.id));
    const response = await served.infer({ inputs: [images([picture])] });
    answers.push(...verification.decode(response, [sample], dataset, { toDataset: [], note: null }, null));
  }
  const scored = scoreAnswers(dataset, answers, new Map());
  if (scored.kind === 'refused') throw new Error(scored.reason);
  return scored.trials as readonly PairTrial[];
}

const areaOf = (trials: readonly PairTrial[]) => pairAuroc.prepare(trials).value(new Float64Array(trials.length).fill(1)) ?? 0;

describe.skipIf(!present)('a change that forgets to align faces (needs ../shared/data/real)', () => {
  it('is seen, shown and left open: so few people let nobody tell', async () => {
    const dataset = await faces();
    const [aligned, cropped] = [await trialsOf(dataset, 'five-points'), await trialsOf(dataset, 'box')];
    expect(Math.abs(areaOf(aligned) - 1)).toBeLessThan(0.005);
    // What a loop of Pillow, NumPy and ONNX Runtime makes of the same crop.
    expect(Math.abs(areaOf(cropped) - 0.977)).toBeLessThan(0.005);
    const [finding] = compareQuality({
      gate: { ...gate, dataset: 'faces', metric: 'pair-auroc', margin: 0.01 },
      metric: metricOn(dataset, 'pair-auroc'),
      dataset: 'faces',
      candidate: cropped,
      reference: aligned,
      against: 'baseline',
      chipset: null,
      identical: false,
      seed: 1,
    });
    expect(finding).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/fell by 2\.\d points, .* it takes 20 identities, and there are 9$/),
      remedy: 'add identities: it takes 20 identities, and there are 9',
    });
    const shown = cropped.flatMap((candidate, index) => {
      const reference = aligned[index];
      return reference === undefined ? [] : verification.exhibits({ candidate, reference }, dataset);
    });
    const [clearest] = shown.toSorted((a, b) => b.weight - a.weight);
    expect(clearest).toMatchObject({ change: 'lost', id: 'img13.jpg', beside: ['img15.jpg'] });
    expect(clearest?.caption).toMatch(
      /^the same: 0\.\d\d, less alike than \d\d% of different pairs, was 0\.\d\d, less alike than 0%/,
    );
  });
});
