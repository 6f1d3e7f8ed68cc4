import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '#kernel';
import { exportedOnnx, sparse, writeExportedModel, type ExportedModel, type Fixed } from '../testing/exported-model.ts';
import { modelFolder, openExported, openFolder, rowsOf } from './served.fixture.ts';

/** A picture of 320x240, black but for one face; where that is, and its five points. */
const PICTURE = { width: 320, height: 240 };
const FACE = [100, 60, 180, 160] as const;
const POINTS = [120, 90, 160, 90, 140, 110, 125, 135, 155, 135] as const;
const SIDE = 640;
const SCORE = 0.75;

/** In the model's input: twice as large, at its top left, for a letterbox of 640x640. */
const corners = FACE.map((value) => value * 2) as [number, number, number, number];
const points = POINTS.map((value) => value * 2);
const letterbox = { width: SIDE, height: SIDE, kernel: 'linear', fit: 'letterbox', place: 'top-left', pad: 0 };
const input = (height = SIDE, width = SIDE) => ({ name: 'input', type: 'float32' as const, shape: [1, 3, height, width] });

const fill = (name: string, rows: number, row: number, values: readonly number[], batched: boolean, rest = 0): Fixed => {
  const columns = values.length;
  const all = sparse(
    [rows, columns],
    values.map((value, column) => [[row, column], value] as const),
  );
  if (rest !== 0) for (let at = 0; at < rows; at += 1) if (at !== row) all[at * columns] = rest;
  return { name, shape: batched ? [1, rows, columns] : [rows, columns], values: all };
};

/** SCRFD with landmarks: the face is told by the second anchor of one cell of 16 pixels. */
function scrfd(batched: boolean): ExportedModel {
  const cell = { x: 17, y: 13, stride: 16 };
  const [x1, y1, x2, y2] = corners;
  const centre = [cell.x * cell.stride, cell.y * cell.stride] as const;
  const row = (cell.y * (SIDE / cell.stride) + cell.x) * 2 + 1;
  const distances = [centre[0] - x1, centre[1] - y1, x2 - centre[0], y2 - centre[1]].map((value) => value / cell.stride);
  const away = points.map((value, at) => (value - (at % 2 === 0 ? centre[0] : centre[1])) / cell.stride);
  const told = [[SCORE], distances, away] as const;
  const outputs = told.flatMap((values, kind) =>
    [8, 16, 32].map((stride) => {
      const rows = (SIDE / stride) ** 2 * 2;
      return fill(`${kind}-${stride}`, rows, stride === 16 ? row : 0, stride === 16 ? values : values.map(() => 0), batched);
    }),
  );
  return { inputs: [input()], outputs };
}

/** RetinaFace: 16,800 priors, the face told by one of 256 pixels of the coarsest cells. */
function retinaFace(): ExportedModel {
  const prior = { x: (8 + 0.5) * 32, y: (7 + 0.5) * 32, side: 256 };
  const row = 12_800 + 3200 + (7 * 20 + 8) * 2;
  const [x1, y1, x2, y2] = corners;
  const moved = [((x1 + x2) / 2 - prior.x) / (0.1 * prior.side), ((y1 + y2) / 2 - prior.y) / (0.1 * prior.side)];
  const grown = [Math.log((x2 - x1) / prior.side) / 0.2, Math.log((y2 - y1) / prior.side) / 0.2];
  const away = points.map((value, at) => (value - (at % 2 === 0 ? prior.x : prior.y)) / (0.1 * prior.side));
  return {
    inputs: [input()],
    outputs: [
      fill('loc', 16_800, row, [...moved, ...grown], true),
      fill('conf', 16_800, row, [1 - SCORE, SCORE], true, 1),
      fill('landms', 16_800, row, away, true),
    ],
  };
}

/** UltraFace with its boxes decoded: corners from 0 to 1, scores still logits. */
function ultraFace(): ExportedModel {
  const unit = FACE.map((value, at) => value / (at % 2 === 0 ? PICTURE.width : PICTURE.height));
  return {
    inputs: [input(240, 320)],
    outputs: [fill('boxes', 4420, 4000, unit, true), fill('scores', 4420, 4000, [0, Math.log(3)], true, 20)],
  };
}

const SCRFD = {
  preprocess: { resize: letterbox, mean: 127.5, std: 128 },
  output: { kind: 'strided', strides: [8, 16, 32], anchors: 2 },
  postprocess: { nms: 'agnostic', iou: 0.4 },
};
const RETINA_FACE = {
  preprocess: { resize: letterbox, channels: 'bgr', mean: [104, 117, 123] },
  output: {
    kind: 'priors',
    boxes: 'loc',
    scores: 'conf',
    landmarks: 'landms',
    background: 'first',
    variances: [0.1, 0.2],
    levels: [
      { stride: 8, sizes: [16, 32] },
      { stride: 16, sizes: [64, 128] },
      { stride: 32, sizes: [256, 512] },
    ],
  },
  postprocess: { nms: 'agnostic', iou: 0.4 },
};
const ULTRA_FACE = {
  preprocess: { resize: { width: 320, height: 240, kernel: 'linear' }, mean: 127, std: 128 },
  output: {
    kind: 'pair',
    boxes: 'boxes',
    scores: 'scores',
    box: 'xyxy',
    units: 'unit',
    activation: 'softmax',
    background: 'first',
  },
  postprocess: { nms: 'agnostic', iou: 0.3 },
};

/** The picture: its face is red in its left half, blue in its right. */
function frame(faces = 1): Tensor {
  const { width, height } = PICTURE;
  const data = new Uint8Array(faces * width * height * 3);
  for (let face = 0; face < faces; face += 1) {
    for (let y = FACE[1]; y < FACE[3]; y += 1)
      for (let x = FACE[0]; x < FACE[2]; x += 1) data[((face * height + y) * width + x) * 3 + (x < 140 ? 0 : 2)] = 200;
  }
  return { name: 'frames', datatype: 'UINT8', shape: [faces, height, width, 3], data };
}

describe('a face detector as it is exported', () => {
  it.each<[string, ExportedModel, object, boolean]>([
    ['SCRFD with a batch', scrfd(true), SCRFD, true],
    ['SCRFD without one', scrfd(false), SCRFD, true],
    ['RetinaFace', retinaFace(), RETINA_FACE, true],
    ['UltraFace', ultraFace(), ULTRA_FACE, false],
  ])('%s', async (_, model, fields, landmarks) => {
    const served = await openExported(model, { task: 'detection', labels: ['face'], ...fields });
    const answer = await served.infer({ inputs: [frame()] });
    const rounded = (name: string) => rowsOf(answer, name).map((row) => row.map((value) => Number(value.toFixed(2))));
    expect(rounded('detections')).toEqual([[0, ...FACE, SCORE, 0]]);
    expect(answer.outputs.map(({ name }) => name)).toEqual(served.metadata.outputs.map(({ name }) => name));
    expect(answer.outputs.flatMap(({ name }) => (name === 'landmarks' ? rounded(name) : []))).toEqual(
      landmarks ? [[...POINTS]] : [],
    );
  });
});

/** An embedder of 112x112 whose vector is the mean red, green and blue of what it is shown. */
const MEAN_COLOUR: ExportedModel = {
  inputs: [input(112, 112)],
  outputs: [],
  computed: {
    nodes: [
      { operator: 'GlobalAveragePool', inputs: ['input'], outputs: ['pooled'] },
      { operator: 'Flatten', inputs: ['pooled'], outputs: ['vector'], integers: { axis: 1 } },
    ],
    outputs: [{ name: 'vector', type: 'float32', shape: [1, 3] }],
  },
};

async function embedder(align: object) {
  const folder = await modelFolder();
  const preprocess = { resize: { width: 112, height: 112, kernel: 'linear' } };
  const output = { kind: 'embedding', normalise: 'none' };
  await writeExportedModel(folder, MEAN_COLOUR, { task: 'embedding', preprocess, output, align });
  await writeFile(path.join(folder, 'scrfd.onnx'), exportedOnnx(scrfd(true)));
  return await openFolder(folder);
}

describe('an embedder of faces', () => {
  const detector = { weights: 'scrfd.onnx', threshold: 0.5, ...SCRFD };

  it('is shown the face that its detector found, and says so', async () => {
    const served = await embedder({ by: 'box', detector });
    const answer = await served.infer({ inputs: [frame(2)] });
    const tens = (value: number) => Math.round(value / 10) * 10;
    expect(rowsOf(answer, 'embeddings').map((row) => row.map(tens))).toEqual([
      [100, 0, 100],
      [100, 0, 100],
    ]);
    expect(rowsOf(answer, 'found')).toEqual([[1], [1]]);
    expect(served.metadata.outputs).toEqual([
      { name: 'embeddings', datatype: 'FP32', shape: [-1, 3] },
      { name: 'found', datatype: 'UINT8', shape: [-1] },
    ]);
  });

  it('is shown it with its five points at their places, where that is asked for', async () => {
    const [row = []] = rowsOf(await (await embedder({ detector })).infer({ inputs: [frame()] }), 'embeddings');
    // The points lie 40 pixels apart where ArcFace's lie 35: the face is as large as in the picture, and fills half of its height.
    expect(row[0]).toBeGreaterThan(40);
    expect(Math.abs((row[0] ?? 0) - (row[2] ?? 0))).toBeLessThan(8);
  });

  it('answers zeros, and that nothing was found, where no face counts', async () => {
    const answer = await (await embedder({ detector: { ...detector, threshold: 0.8 } })).infer({ inputs: [frame()] });
    expect([rowsOf(answer, 'found'), rowsOf(answer, 'embeddings')]).toEqual([[[0]], [[0, 0, 0]]]);
  });
});
