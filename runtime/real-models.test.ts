import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ServedModel } from './model-parts.ts';
import { images } from './serve.fixture.ts';
import { modelFolder, openFolder, rowsOf } from './served.fixture.ts';
import { YOLOX } from '../testing/worlds/real-models.ts';

const DATA = path.resolve(import.meta.dirname, '../../shared/data/real');
const present = existsSync(path.join(DATA, 'models/yolox-nano-416.onnx'));

/** A model.yaml of today beside real weights, and nothing else. */
async function open(weights: Readonly<Record<string, string>>, description: object): Promise<ServedModel> {
  const folder = await modelFolder();
  for (const [name, from] of Object.entries(weights))
    await copyFile(path.join(DATA, 'models', from), path.join(folder, `${name}.onnx`));
  const fields = { version: 1, name: 'real', weights: { default: 'model.onnx' }, ...description };
  await writeFile(path.join(folder, 'model.yaml'), stringify(fields));
  return await openFolder(folder, 2);
}

const ask = async (served: ServedModel, folder: string, file: string) =>
  await served.infer({ inputs: [images([await readFile(path.join(DATA, folder, file))])] });
const facesOf = async () => (await readdir(path.join(DATA, 'verification/images'))).toSorted();

const SCRFD = {
  preprocess: {
    resize: { width: 640, height: 640, kernel: 'linear', fit: 'letterbox', place: 'top-left', pad: 0 },
    mean: 127.5,
    std: 128,
  },
  output: { kind: 'strided', strides: [8, 16, 32], anchors: 2 },
  postprocess: { nms: 'agnostic', iou: 0.4, keep: 0.5 },
};

describe.skipIf(!present)('real detectors on real pictures (needs ../shared/data/real)', () => {
  it('YOLOX-nano finds what is in 60 pictures of Pascal VOC, by model.yaml alone', async () => {
    const served = await open({ model: 'yolox-nano-416.onnx' }, { ...YOLOX, weights: { default: 'model.onnx' } });
    const truth = await vocTruth();
    let [hit, objects, right, told] = [0, 0, 0, 0];
    for (const { file, boxes } of truth) {
      const found = rowsOf(await ask(served, 'detection/images', file), 'detections');
      const same = (box: Corners, row: readonly number[]) => row[6] === box.index && iou(box, row) >= 0.5;
      hit += boxes.filter((box) => found.some((row) => same(box, row))).length;
      objects += boxes.length;
      const sure = found.filter((row) => (row[5] ?? 0) >= 0.3 && VOC_OF_COCO.has(row[6] ?? -1));
      right += sure.filter((row) => boxes.some((box) => same(box, row))).length;
      told += sure.length;
    }
    // pycocotools says AP 0.548 and AP50 0.796 of these boxes.
    expect(objects).toBe(175);
    expect(hit / objects).toBeGreaterThan(0.85);
    expect(right / told).toBeGreaterThan(0.7);
  });

  it('UltraFace and SCRFD find the one face of each portrait, at the same place', async () => {
    const [ultraface, scrfd] = [
      await open(
        { model: 'ultraface-slim-320.onnx' },
        {
          task: 'detection',
          labels: ['face'],
          preprocess: { resize: { width: 320, height: 240, kernel: 'linear' }, mean: 127, std: 128 },
          output: {
            kind: 'priors',
            boxes: 'boxes',
            scores: 'scores',
            background: 'first',
            variances: [0.1, 0.2],
            levels: [
              { stride: 8, sizes: [10, 16, 24] },
              { stride: 16, sizes: [32, 48] },
              { stride: 32, sizes: [64, 96] },
              { stride: 64, sizes: [128, 192, [256, 240]] },
            ],
          },
          postprocess: { nms: 'per-class', iou: 0.3, keep: 0.7 },
        },
      ),
      await open({ model: 'scrfd-500m-kps.onnx' }, { task: 'detection', labels: ['face'], ...SCRFD }),
    ];
    for (const file of await facesOf()) {
      const [wide, narrow] = [await ask(ultraface, FACES, file), await ask(scrfd, FACES, file)];
      const [[, x1 = 0, y1 = 0, x2 = 0, y2 = 0, score] = []] = rowsOf(narrow, 'detections');
      const [first = []] = rowsOf(wide, 'detections');
      expect(score).toBeGreaterThan(0.6);
      expect(iou({ x1, y1, x2, y2, index: 0 }, first)).toBeGreaterThan(0.5);
      expect(rowsOf(wide, 'detections')).toHaveLength(1);
      // Eyes above the nose, the nose above the mouth, the left of the picture left of its right, and all of it in the face.
      const [points = []] = rowsOf(narrow, 'landmarks');
      const [ax = 0, ay = 0, bx = 0, by = 0, , ny = 0, cx = 0, cy = 0, dx = 0, dy = 0] = points;
      expect([ax < bx, cx < dx, Math.max(ay, by) < ny, ny < Math.min(cy, dy)]).toEqual([true, true, true, true]);
      expect([ax, bx, cx, dx].every((x) => x > x1 && x < x2) && [ay, by, cy, dy].every((y) => y > y1 && y < y2)).toBe(true);
    }
  });
});

describe.skipIf(!present)('real embedders on real pictures (needs ../shared/data/real)', () => {
  it.each([
    ['aligned by the five points that SCRFD finds, tells all pairs apart', 'five-points', 'rgb', 1],
    // A loop of Pillow, NumPy and ONNX Runtime with the same words gives 0.977 too.
    ['shown the plain box, tells fewer apart', 'box', 'rgb', 0.977],
    ['aligned, and fed blue first as OpenCV reads pictures, still tells all apart', 'five-points', 'bgr', 1],
    // The note beside the data says 0.971 of a plain crop: see docs/measurements.md, "Faces, aligned and cropped".
    ['shown the plain box, and fed blue first, tells yet fewer apart', 'box', 'bgr', 0.972],
  ])('MobileFaceNet, %s', async (_, by, channels, expected) => {
    const detector = { ...SCRFD, preprocess: { ...SCRFD.preprocess, channels } };
    const served = await open(
      { model: 'mobilefacenet-112.onnx', scrfd: 'scrfd-500m-kps.onnx' },
      {
        task: 'embedding',
        preprocess: { resize: { width: 112, height: 112, kernel: 'linear' }, channels, mean: 127.5, std: 128 },
        align: { by, detector: { weights: 'scrfd.onnx', threshold: 0.6, ...detector } },
      },
    );
    const vectors = new Map<string, number[]>();
    for (const file of await facesOf()) {
      const answer = await ask(served, FACES, file);
      expect(rowsOf(answer, 'found')).toEqual([[1]]);
      vectors.set(file, rowsOf(answer, 'embeddings')[0] ?? []);
    }
    const [, ...lines] = (await readFile(path.join(DATA, 'verification/pairs.csv'), 'utf8')).trim().split(/\r?\n/);
    const pairs = lines.map((line) => line.split(','));
    const scores = (same: string) =>
      pairs.filter((pair) => pair[2] === same).map(([a = '', b = '']) => dot(vectors.get(a), vectors.get(b)));
    expect(Math.abs(areaUnderCurve(scores('1'), scores('0')) - expected)).toBeLessThan(0.002);
  });

  it('a street has no face: it is not found, and its row is zeros', async () => {
    const served = await open(
      { model: 'mobilefacenet-112.onnx', scrfd: 'scrfd-500m-kps.onnx' },
      {
        task: 'embedding',
        preprocess: { resize: { width: 112, height: 112, kernel: 'linear' }, mean: 127.5, std: 128 },
        align: { detector: { weights: 'scrfd.onnx', threshold: 0.6, ...SCRFD } },
      },
    );
    const answer = await ask(served, 'images', 'n09193705_alp.JPEG');
    expect([rowsOf(answer, 'found'), new Set(rowsOf(answer, 'embeddings')[0])]).toEqual([[[0]], new Set([0])]);
  });

  it('OSNet gives unit vectors of 512, nearest for the same picture', async () => {
    const served = await open(
      { model: 'osnet-x0.25-256x128.onnx' },
      {
        task: 'embedding',
        preprocess: {
          resize: { width: 128, height: 256, kernel: 'linear' },
          range: [0, 1],
          mean: [0.485, 0.456, 0.406],
          std: [0.229, 0.224, 0.225],
        },
      },
    );
    const [first = '', second = ''] = await facesOf();
    const encoded = await Promise.all([first, second, first].map((file) => readFile(path.join(DATA, FACES, file))));
    const [a = [], b = [], c = []] = rowsOf(await served.infer({ inputs: [images(encoded)] }), 'embeddings');
    expect([a.length, served.metadata.outputs]).toEqual([512, [{ name: 'embeddings', datatype: 'FP32', shape: [-1, 512] }]]);
    expect(dot(a, c)).toBeCloseTo(1, 5);
    expect(dot(a, b)).toBeLessThan(0.99);
  });
});

describe.skipIf(!present)('one classifier quantised in two ways, on real pictures (needs ../shared/data/real)', () => {
  // Of all 200 pictures ONNX Runtime with Pillow has 156 and 187 right, where a class that shares the highest score counts.
  it.each([
    ['dynamic', 4, 39],
    ['static', 1, 187],
  ])('%s: as many right as ONNX Runtime with Pillow gives', async (kind, every, expected) => {
    const served = await open(
      { model: `mobilenetv2-int8-${kind}.onnx` },
      {
        task: 'classification',
        preprocess: {
          resize: { 'shorter-side': 256, kernel: 'linear' },
          crop: { width: 224, height: 224 },
          range: [0, 1],
          mean: [0.485, 0.456, 0.406],
          std: [0.229, 0.224, 0.225],
        },
      },
    );
    const [, ...rows] = (await readFile(path.join(DATA, 'ground-truth.csv'), 'utf8')).trim().split('\n');
    let right = 0;
    for (const row of rows.filter((_, at) => at % every === 0)) {
      const comma = row.lastIndexOf(',');
      const [scores = []] = rowsOf(await ask(served, 'images', row.slice(0, comma)), 'scores');
      right += scores[Number(row.slice(comma + 1))] === Math.max(...scores) ? 1 : 0;
    }
    expect(Math.abs(right - expected)).toBeLessThanOrEqual(4);
  });
});

const FACES = 'verification/images';

/** COCO's indices of Pascal VOC's twenty classes, in the order of their names. */
const VOC = [4, 1, 14, 8, 39, 5, 2, 15, 56, 19, 60, 16, 17, 3, 0, 58, 18, 57, 6, 62];
const VOC_OF_COCO = new Set(VOC);

type Corners = { x1: number; y1: number; x2: number; y2: number; index: number };

async function vocTruth(): Promise<{ file: string; boxes: Corners[] }[]> {
  const text = await readFile(path.join(DATA, 'detection/annotations.json'), 'utf8');
  const { images: files, annotations } = JSON.parse(text) as {
    images: { id: number; file_name: string }[];
    annotations: { image_id: number; category_id: number; bbox: [number, number, number, number] }[];
  };
  return files.map(({ id, file_name: file }) => ({
    file,
    boxes: annotations
      .filter(({ image_id: image }) => image === id)
      .map(({ bbox: [x, y, w, h], category_id: category }) => {
        return { x1: x, y1: y, x2: x + w, y2: y + h, index: VOC[category - 1] ?? -1 };
      }),
  }));
}

function iou({ x1, y1, x2, y2 }: Corners, [, a = 0, b = 0, c = 0, d = 0]: readonly number[]): number {
  const shared = Math.max(0, Math.min(x2, c) - Math.max(x1, a)) * Math.max(0, Math.min(y2, d) - Math.max(y1, b));
  return shared / ((x2 - x1) * (y2 - y1) + (c - a) * (d - b) - shared);
}

function dot(a: readonly number[] = [], b: readonly number[] = []): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? Number.NaN), 0);
}

function areaUnderCurve(same: readonly number[], other: readonly number[]): number {
  const wins = same.flatMap((high) => other.map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
  return wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
}
