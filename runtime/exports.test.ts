import { describe, expect, it } from 'vitest';
import { sparse, type ExportedModel, type Fixed } from '../testing/exported-model.ts';
import type { OnnxType } from '../testing/tiny-onnx.ts';
import { blank, openExported, rowsOf } from './served.fixture.ts';

/** A frame of 320x240, and what is in it: corners in its pixels, score, class. */
const FRAME = { width: 320, height: 240 };
type Truth = readonly [x1: number, y1: number, x2: number, y2: number, score: number, index: number];
const CAR: Truth = [50, 50, 150, 150, 0.75, 2];
/** Overlaps the car by 0.98: of the same class it goes, where suppression is asked for. */
const AGAIN: Truth = [52, 50, 150, 150, 0.625, 2];
const PERSON: Truth = [200, 20, 220, 60, 0.5, 0];
const NOISE: Truth = [0, 0, 9, 9, 0.0005, 1];
const ALL = [NOISE, AGAIN, PERSON, CAR];

const LABELS = Array.from({ length: 80 }, (_, index) => `class ${index}`);
const SIDE = 640;

/** Where a point of the frame lies in the model's input of 640x640. */
type Place = (x: number, y: number) => readonly [number, number];
const centred: Place = (x, y) => [x * 2, y * 2 + 80];
const topLeft: Place = (x, y) => [x * 2, y * 2];
const stretched: Place = (x, y) => [x * 2, (y * SIDE) / FRAME.height];
const xyxy = ([x1, y1, x2, y2]: Truth, place: Place, unit = 1) => [...place(x1, y1), ...place(x2, y2)].map((v) => v / unit);
const cxcywh = (truth: Truth, place: Place, unit = 1) => {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = xyxy(truth, place, unit);
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
};
const logit = (score: number) => Math.log(score / (1 - score));

const letterbox = { width: SIDE, height: SIDE, kernel: 'linear', fit: 'letterbox', pad: 114 };
const stretch = { width: SIDE, height: SIDE, kernel: 'linear' };
const unitRange = { range: [0, 1] };
const perClass = { nms: 'per-class', iou: 0.45 };
const images = (type: OnnxType = 'float32') => ({ name: 'images', type, shape: [1, 3, SIDE, SIDE] });

/** A table [1, rows, columns] with these rows at places that lie apart, as those of a real model do. */
const table = (name: string, rows: number, columns: number, filled: readonly (readonly number[])[], rank = 3): Fixed => {
  const shape = rank === 3 ? [1, rows, columns] : [rows, columns];
  const spread = Math.floor(rows / filled.length);
  const set = filled.flatMap((row, at) => row.map((value, column) => [[at * spread, column], value] as const));
  return { name, shape, values: sparse([rows, columns], set) };
};
const transposed = ({ name, values, shape: [, rows = 0, columns = 0] }: Fixed): Fixed => ({
  name,
  shape: [1, columns, rows],
  values: Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0),
});
const typed = (fixed: Fixed, type: OnnxType): Fixed => ({ ...fixed, type });
const oneOf = (columns: number, at: number, value: number, other = 0) =>
  Array.from({ length: columns }, (_, column) => (column === at ? value : other));

type Family = { model: ExportedModel; fields: object; boxes: readonly Truth[]; labels?: readonly string[] };

const FAMILIES: Record<string, Family> = {
  'YOLOv5 and v7: [1, 25200, 85]': {
    model: {
      inputs: [images()],
      outputs: [
        table(
          'output',
          25_200,
          85,
          ALL.map((t) => [...cxcywh(t, centred), t[4] / 0.8, ...oneOf(80, t[5], 0.8)]),
        ),
      ],
    },
    fields: {
      preprocess: { resize: letterbox, ...unitRange },
      output: { kind: 'dense', box: 'cxcywh', objectness: 'multiply' },
      postprocess: perClass,
    },
    boxes: [CAR, PERSON],
  },
  'YOLOv5 of half precision at both ends': {
    model: {
      inputs: [images('float16')],
      outputs: [
        typed(
          table(
            'output',
            25_200,
            85,
            ALL.map((t) => [...cxcywh(t, centred), t[4], ...oneOf(80, t[5], 1)]),
          ),
          'float16',
        ),
      ],
    },
    fields: {
      preprocess: { resize: letterbox, ...unitRange },
      output: { kind: 'dense', box: 'cxcywh', objectness: 'multiply' },
      postprocess: perClass,
    },
    boxes: [CAR, PERSON],
  },
  'YOLOv8, 11, 12 and raw 26: [1, 84, 8400]': {
    model: {
      inputs: [images()],
      outputs: [
        transposed(
          table(
            'output0',
            8400,
            84,
            ALL.map((t) => [...cxcywh(t, centred), ...oneOf(80, t[5], t[4])]),
          ),
        ),
      ],
    },
    fields: { preprocess: { resize: letterbox, ...unitRange }, output: { kind: 'dense', box: 'cxcywh' }, postprocess: perClass },
    boxes: [CAR, PERSON],
  },
  'YOLOv10, 26 and exports with NMS inside: [1, 300, 6]': {
    model: {
      inputs: [images()],
      outputs: [
        table(
          'output0',
          300,
          6,
          [CAR, PERSON].map((t) => [...xyxy(t, centred), t[4], t[5]]),
        ),
      ],
    },
    fields: {
      preprocess: { resize: letterbox, ...unitRange },
      output: { kind: 'rows', columns: ['x1', 'y1', 'x2', 'y2', 'score', 'class'] },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'YOLOv7 with NMS inside: [N, 7], the picture first, the class before the score': {
    model: {
      inputs: [images()],
      outputs: [
        table(
          'output',
          2,
          7,
          [CAR, PERSON].map((t) => [0, ...xyxy(t, centred), t[5], t[4]]),
          2,
        ),
      ],
    },
    fields: {
      preprocess: { resize: letterbox, ...unitRange },
      output: { kind: 'rows', columns: ['picture', 'x1', 'y1', 'x2', 'y2', 'class', 'score'] },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'YOLOX: [1, 8400, 85] by cells, at the top left, BGR as it is': {
    model: { inputs: [images()], outputs: [yolox()] },
    fields: {
      preprocess: { resize: { ...letterbox, place: 'top-left' }, channels: 'bgr' },
      output: { kind: 'dense', box: 'cxcywh', objectness: 'multiply', grid: [8, 16, 32] },
      postprocess: { nms: 'agnostic', iou: 0.45 },
    },
    boxes: [CAR, PERSON],
  },
  'YOLO-NAS, raw: boxes [1, 8400, 4] and scores [1, 8400, 80] of a uint8 input': {
    model: {
      inputs: [images('uint8')],
      outputs: [
        table(
          'boxes',
          8400,
          4,
          ALL.map((t) => xyxy(t, centred)),
        ),
        table(
          'scores',
          8400,
          80,
          ALL.map((t) => oneOf(80, t[5], t[4])),
        ),
      ],
    },
    fields: {
      preprocess: { resize: letterbox },
      output: { kind: 'pair', boxes: 'boxes', scores: 'scores', box: 'xyxy', units: 'pixels' },
      postprocess: perClass,
    },
    boxes: [CAR, PERSON],
  },
  'YOLO-NAS, flat: [N, 7]': {
    model: {
      inputs: [images('uint8')],
      outputs: [
        table(
          'flat',
          2,
          7,
          [PERSON, CAR].map((t) => [0, ...xyxy(t, stretched), t[4], t[5]]),
          2,
        ),
      ],
    },
    fields: {
      preprocess: { resize: stretch },
      output: { kind: 'rows', columns: ['picture', 'x1', 'y1', 'x2', 'y2', 'score', 'class'] },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'YOLO-NAS, batch, and EfficientNMS: a count, boxes, scores, classes': {
    model: {
      inputs: [images('uint8')],
      outputs: [
        { name: 'num', shape: [1, 1], values: [2], type: 'int64' },
        table(
          'boxes',
          4,
          4,
          [CAR, PERSON, AGAIN, NOISE].map((t) => xyxy(t, stretched)),
        ),
        { name: 'scores', shape: [1, 4], values: [CAR, PERSON, AGAIN, NOISE].map((t) => t[4]) },
        { name: 'classes', shape: [1, 4], values: [CAR, PERSON, AGAIN, NOISE].map((t) => t[5]), type: 'int32' },
      ],
    },
    fields: {
      preprocess: { resize: stretch },
      output: {
        kind: 'parallel',
        boxes: 'boxes',
        scores: 'scores',
        classes: 'classes',
        count: 'num',
        box: 'xyxy',
        units: 'pixels',
      },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'RT-DETR and D-FINE: a second input of sizes, boxes in their units': {
    model: rtDetr(),
    fields: {
      input: 'images',
      sizes: { input: 'orig_target_sizes' },
      preprocess: { resize: stretch, ...unitRange },
      output: { kind: 'parallel', boxes: 'boxes', scores: 'scores', classes: 'labels', box: 'xyxy', units: 'pixels' },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'RF-DETR: boxes and logits, each class of a box, the first of them nothing': {
    model: {
      inputs: [images()],
      outputs: [
        table(
          'dets',
          300,
          4,
          [CAR, PERSON].map((t) => cxcywh(t, stretched, SIDE)),
        ),
        { name: 'labels', shape: [1, 300, 81], values: rfDetrLogits() },
      ],
    },
    fields: {
      preprocess: { resize: stretch, ...unitRange, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      output: {
        kind: 'pair',
        boxes: 'dets',
        scores: 'labels',
        box: 'cxcywh',
        units: 'unit',
        activation: 'sigmoid',
        background: 'first',
        'per-box': 'every',
      },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON, [50, 50, 150, 150, 0.25, 7]],
  },
  'SSD and EfficientDet of TensorFlow: NHWC, y first, classes from 1, a count': {
    model: {
      inputs: [{ name: 'image_tensor', type: 'uint8', shape: [1, SIDE, SIDE, 3] }],
      outputs: [
        table(
          'detection_boxes',
          100,
          4,
          spread([CAR, PERSON], 100).map((t) => yxyx(t)),
        ),
        { name: 'detection_scores', shape: [1, 100], values: spread([CAR, PERSON], 100).map((t) => t[4]) },
        { name: 'detection_classes', shape: [1, 100], values: spread([CAR, PERSON], 100).map((t) => t[5] + 1) },
        { name: 'num_detections', shape: [1], values: [100] },
      ],
    },
    fields: {
      preprocess: { resize: stretch, layout: 'nhwc' },
      output: {
        kind: 'parallel',
        boxes: 'detection_boxes',
        scores: 'detection_scores',
        classes: 'detection_classes',
        count: 'num_detections',
        box: 'yxyx',
        units: 'unit',
        'first-class': 1,
      },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'torchvision: boxes [N, 4], labels int64 from 1, doubles': {
    model: {
      inputs: [images()],
      outputs: [
        typed(
          table(
            'boxes',
            2,
            4,
            [CAR, PERSON].map((t) => xyxy(t, stretched)),
            2,
          ),
          'float64',
        ),
        { name: 'labels', shape: [2], values: [3, 1], type: 'int64' },
        { name: 'scores', shape: [2], values: [0.75, 0.5], type: 'float64' },
      ],
    },
    fields: {
      preprocess: { resize: stretch, ...unitRange },
      output: {
        kind: 'parallel',
        boxes: 'boxes',
        scores: 'scores',
        classes: 'labels',
        box: 'xyxy',
        units: 'pixels',
        'first-class': 1,
      },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
  'OpenVINO’s DetectionOutput: [1, 1, 200, 7], ended by a picture of -1': {
    model: {
      inputs: [images()],
      outputs: [
        {
          name: 'detection_out',
          shape: [1, 1, 200, 7],
          values: [CAR, PERSON]
            .map((t) => [0, t[5] + 1, t[4], ...xyxy(t, stretched, SIDE)])
            .concat(
              [[-1, 3, 0.9, 0, 0, 1, 1]],
              Array.from({ length: 197 }, () => oneOf(7, 0, 0)),
            )
            .flat(),
        },
      ],
    },
    fields: {
      preprocess: { resize: stretch, channels: 'bgr' },
      output: {
        kind: 'rows',
        columns: ['picture', 'class', 'score', 'x1', 'y1', 'x2', 'y2'],
        units: 'unit',
        'first-class': 1,
      },
      postprocess: { nms: 'none' },
    },
    boxes: [CAR, PERSON],
  },
};

function yolox(): Fixed {
  // A cell is set by what undoes its decoding: (x / stride - column, y / stride - row, log of the size in strides).
  const cells = [8, 16, 32].flatMap((stride) => {
    const across = SIDE / stride;
    return Array.from({ length: across * across }, (_, at) => ({ stride, x: at % across, y: Math.floor(at / across) }));
  });
  const set = ALL.flatMap((t, index) => {
    const row = [700, 6500, 8200, 8399][index] ?? 0;
    const { stride, x, y } = cells[row] ?? { stride: 1, x: 0, y: 0 };
    const [cx = 0, cy = 0, w = 0, h = 0] = cxcywh(t, topLeft);
    const values = [cx / stride - x, cy / stride - y, Math.log(w / stride), Math.log(h / stride), t[4], ...oneOf(80, t[5], 1)];
    return values.map((value, column) => [[row, column], value] as const);
  });
  return { name: 'output', shape: [1, cells.length, 85], values: sparse([cells.length, 85], set) };
}

function rtDetr(): ExportedModel {
  const found = spread([CAR, PERSON], 300);
  return {
    inputs: [
      { name: 'images', type: 'float32', shape: ['N', 3, SIDE, SIDE] },
      { name: 'orig_target_sizes', type: 'int64', shape: ['N', 2] },
    ],
    outputs: [
      { name: 'labels', shape: [1, 300], values: found.map((t) => t[5]), type: 'int64' },
      { name: 'scores', shape: [1, 300], values: found.map((t) => t[4]) },
      { name: 'boxes', shape: [1, 300, 4], values: found.flatMap((t) => xyxy(t, stretched, SIDE)) },
    ],
    computed: {
      nodes: [
        { operator: 'Cast', inputs: ['orig_target_sizes'], outputs: ['sizes'], integers: { to: 1 } },
        { operator: 'Concat', inputs: ['sizes', 'sizes'], outputs: ['sides'], integers: { axis: 1 } },
        { operator: 'Mul', inputs: ['fixed.boxes', 'sides'], outputs: ['boxes'] },
      ],
      outputs: [{ name: 'boxes', type: 'float32', shape: ['N', 300, 4] }],
    },
  };
}

function rfDetrLogits(): Float64Array {
  const values = new Float64Array(300 * 81).fill(-20);
  values.set([logit(0.999)], 0); // nothing at all, which is no class
  values.set([logit(0.75)], CAR[5] + 1);
  values.set([logit(0.25)], 7 + 1);
  values.set([logit(0.5)], 150 * 81 + PERSON[5] + 1);
  return values;
}

function yxyx(t: Truth): number[] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = xyxy(t, stretched, SIDE);
  return [y1, x1, y2, x2];
}

/** Filled up to so many with boxes of nothing, as models do. */
function spread(found: readonly Truth[], count: number): Truth[] {
  return [...found, ...Array.from({ length: count - found.length }, (): Truth => [0, 0, 0, 0, 0, 0])];
}

describe('a detector as it is exported', () => {
  it.each(Object.entries(FAMILIES))('%s', async (_, { model, fields, boxes, labels = LABELS }) => {
    const served = await openExported(model, { task: 'detection', labels, ...fields });
    const answer = await served.infer({ inputs: [blank(FRAME.width, FRAME.height)] });
    const found = rowsOf(answer, 'detections').map((row) => row.map((value) => Number(value.toFixed(2))));
    expect(found).toEqual(boxes.map((box) => [0, ...box]));
    expect(served.metadata.outputs).toEqual([{ name: 'detections', datatype: 'FP32', shape: [-1, 7] }]);
  });

  it('tells which picture of a request a box lies in', async () => {
    const { model, fields } = FAMILIES['YOLOv10, 26 and exports with NMS inside: [1, 300, 6]'] as Family;
    const served = await openExported(model, { task: 'detection', labels: LABELS, ...fields });
    const rows = rowsOf(await served.infer({ inputs: [blank(FRAME.width, FRAME.height, 3)] }), 'detections');
    expect(rows.map(([picture]) => picture)).toEqual([0, 0, 1, 1, 2, 2]);
  });
});
