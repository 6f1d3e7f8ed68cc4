import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { digestOf } from '#kernel';
import type { DetectionDataset, TrueBox } from '#datasets';
import { images } from '../../runtime/serve.fixture.ts';
import { modelFolder, openFolder } from '../../runtime/served.fixture.ts';
import { YOLOX } from '../../testing/worlds/real-models.ts';
import { mapClasses } from '../class-mapping.ts';
import type { Boxes } from './answer.ts';
import { detection } from './detection.ts';
import { twelveNumbers } from './twelve-numbers.ts';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data/real');
const present = existsSync(path.join(DATA, 'models/yolox-nano-416.onnx'));

/** Of COCO's eighty, those that Pascal VOC asks about, by their places. */
const VOC = [4, 1, 14, 8, 39, 5, 2, 15, 56, 19, 60, 16, 17, 3, 0, 58, 18, 57, 6, 62];

describe.skipIf(!present)('a real detector on real pictures (needs ../shared/data/real)', () => {
  it('YOLOX-nano has the AP and AP50 that pycocotools gives it', async () => {
    const folder = await modelFolder();
    await copyFile(path.join(DATA, 'models/yolox-nano-416.onnx'), path.join(folder, 'model.onnx'));
    await writeFile(path.join(folder, 'model.yaml'), stringify({ ...YOLOX, weights: { default: 'model.onnx' } }));
    const [served, dataset] = [await openFolder(folder, 2), await vocPictures()];
    const labels = Array.from({ length: 80 }, (_, at) => dataset.classes[VOC.indexOf(at)] ?? `other ${at}`);
    const classes = mapClasses(labels, dataset, 'yolox');
    const answers: Boxes[] = [];
    for (const sample of dataset.samples) {
      const response = await served.infer({ inputs: [images([await readFile(path.join(DATA, 'detection/images', sample.id))])] });
      answers.push(...detection.decode(response, [sample], dataset, classes, 0.3));
    }
    const answered = dataset.samples.flatMap((item, at) => {
      const answer = answers[at];
      return answer === undefined ? [] : [{ dataset, item, seconds: null, answer }];
    });
    expect(answered.map(({ answer, ...asked }) => detection.fault(answer, asked)).filter((fault) => fault !== null)).toEqual([]);
    const { ap, ap50, ar100 } = twelveNumbers(detection.score(answered, dataset));
    // By a loop of Pillow and pycocotools 0.545, 0.786 and 0.619: pictures are resized in another way here.
    expect([0.545, 0.786, 0.619].map((told, at) => Math.abs(([ap, ap50, ar100][at] ?? -1) - told) < 0.01)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

async function vocPictures(): Promise<DetectionDataset> {
  const text = await readFile(path.join(DATA, 'detection/annotations.json'), 'utf8');
  const truth = JSON.parse(text) as {
    images: { id: number; file_name: string }[];
    categories: { id: number; name: string }[];
    annotations: { image_id: number; category_id: number; bbox: TrueBox['box']; area: number }[];
  };
  const samples = truth.images.map(({ id, file_name: file }) => ({
    id: file,
    pin: digestOf(file),
    slices: {},
    truth: {
      cluster: null,
      boxes: truth.annotations
        .filter((one) => one.image_id === id)
        .map(({ bbox, area, category_id: category }): TrueBox => {
          return { class: category - 1, box: bbox, area, crowd: false, ignore: false };
        }),
    },
  }));
  const classes = truth.categories.map(({ name }) => name);
  return { round: 'research', medium: 'pictures', task: 'detection', name: 'voc', digest: digestOf(text), classes, samples };
}
