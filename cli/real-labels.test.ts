import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoredDataset } from '../report/documents/score-report.ts';
import { preprocess, realData, withoutRealData } from '../testing/worlds/real-data.ts';
import { scoreReal, valueOf } from '../testing/worlds/real-models.ts';

const CLASSES = 1000;

/** Where a class of the model stands in the dataset. Of the two cranes, and of the two maillots, the first stays before the other. */
const moved = (index: number) => (index * 3) % CLASSES;

const modelText = `version: 1
name: squeezenet
task: classification
labels: labels.txt
threshold: 0.5
weights: { default: squeezenet-fp16.onnx }
${preprocess('with mean')}`;

describe.skipIf(withoutRealData !== null)(
  `a real classifier, and a dataset with its classes in another order${withoutRealData === null ? '' : `: ${withoutRealData}`}`,
  () => {
    let root: string;
    let inOrder: ScoredDataset;
    let shuffled: ScoredDataset;

    beforeAll(async () => {
      root = await mkdtemp(path.join(tmpdir(), 'fieldproof-real-'));
      await cp(path.join(realData, 'images'), path.join(root, 'images'), { recursive: true });
      const [labels, truth] = await Promise.all(
        ['imagenet-labels.txt', 'ground-truth.csv'].map(async (name) => await readFile(path.join(realData, name), 'utf8')),
      );
      const names = (labels ?? '').trim().split('\n');
      const others = Object.fromEntries(names.map((name, index) => [moved(index), name]));
      await writeFile(
        path.join(root, 'truth.csv'),
        (truth ?? '').replace(/,(\d+)$/gm, (_, index: string) => `,${moved(Number(index))}`),
      );
      const model = {
        task: 'classification',
        weights: 'squeezenet-fp16.onnx',
        files: { 'model.yaml': modelText, 'labels.txt': labels ?? '' },
      } as const;
      const asked = { kind: 'research', task: 'classification' };
      inOrder = await scoreReal(model, {
        ...asked,
        classes: names,
        samples: { csv: 'ground-truth.csv', folder: 'images' },
      });
      shuffled = await scoreReal(model, {
        ...asked,
        root,
        classes: Object.values(others),
        samples: { csv: 'truth.csv', folder: 'images' },
      });
    });
    afterAll(async () => await rm(root, { recursive: true, force: true }));

    it('counts as many right, and every other number is the same', () => {
      const right = Math.round(200 * valueOf(shuffled, 'top1'));
      console.log(`top-1: ${right} of 200`);
      expect(Math.abs(right - 136)).toBeLessThanOrEqual(2);
      expect(shuffled.metrics).toEqual(inOrder.metrics);
    });

    it('says that classes were matched by name, and that two names stand twice', () => {
      expect(inOrder.notes.join('\n')).not.toMatch(/matched/);
      expect(shuffled.notes).toContain(
        'On real the model names its classes in another order than the dataset: they were matched by name; it has several classes of one name: they were matched in order.',
      );
    });
  },
);
