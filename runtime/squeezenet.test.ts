import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { float32Of } from '#kernel';
import { openOnnx, readModelFolder, sharpPictureReader } from './adapters/index.ts';
import { openModel } from './open-model.ts';
import { images } from './serve.fixture.ts';

const DATA = path.resolve(import.meta.dirname, '../../shared/data/real');
const present = existsSync(path.join(DATA, 'models/squeezenet-fp16.onnx'));

describe.skipIf(!present)('a real model on 200 real pictures (needs ../shared/data/real)', () => {
  let folder: string;
  let truth: { file: string; index: number }[];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-squeezenet-'));
    await copyFile(path.join(DATA, 'models/squeezenet-fp16.onnx'), path.join(folder, 'squeezenet.onnx'));
    const [, ...rows] = (await readFile(path.join(DATA, 'ground-truth.csv'), 'utf8')).trim().split('\n');
    truth = rows.map((row) => ({ file: row.slice(0, row.lastIndexOf(',')), index: Number(row.slice(row.lastIndexOf(',') + 1)) }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const countRight = async (mean: string) => {
    const description = `version: 1
name: squeezenet
task: classification
weights: { default: squeezenet.onnx }
preprocess: { resize: { shorter-side: 256, kernel: lanczos3 }, crop: { width: 224, height: 224 }, channels: bgr${mean} }
`;
    await writeFile(path.join(folder, 'model.yaml'), description);
    const parts = await readModelFolder(folder, null);
    const classifier = await openModel({ ...parts, load: (file) => openOnnx(file, 2), reader: sharpPictureReader() });
    const right = { top1: 0, top5: 0 };
    for (const { file, index } of truth) {
      const { outputs } = await classifier.infer({ inputs: [images([await readFile(path.join(DATA, 'images', file))])] });
      const scores = outputs[0] ? float32Of(outputs[0]) : new Float32Array();
      const better = scores.filter((score, at) => score > (scores[index] ?? 0) || (score === scores[index] && at < index)).length;
      right.top1 += better < 1 ? 1 : 0;
      right.top5 += better < 5 ? 1 : 0;
    }
    return right;
  };

  it('is as good as its makers say: half precision, BGR, minus the mean', async () => {
    const { top1, top5 } = await countRight(', mean: [104, 117, 123]');
    expect(Math.abs(top1 - 136)).toBeLessThanOrEqual(2);
    expect(Math.abs(top5 - 177)).toBeLessThanOrEqual(2);
  });

  it('falls by forty of two hundred when the mean is forgotten', async () => {
    const { top1 } = await countRight('');
    expect(Math.abs(top1 - 96)).toBeLessThanOrEqual(3);
  });
});
