import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { detectionsOf, type Tensor } from '#kernel';
import type { ExportedModel } from '../testing/exported-model.ts';
import type { OnnxType } from '../testing/tiny-onnx.ts';
import {
  AGAIN,
  ALL,
  CAR,
  FRAME,
  LABELS,
  NOISE,
  PERSON,
  SIDE,
  type Truth,
  centred,
  cxcywh,
  oneOf,
  rfDetrLogits,
  rtDetr,
  spread,
  stretched,
  table,
  transposed,
  typed,
  xyxy,
  yolox,
  yxyx,
} from './exports.fixture.ts';
import { blank, openExported, rowsOf } from './served.fixture.ts';

const letterbox = { width: SIDE, height: SIDE, kernel: 'linear', fit: 'letterbox', pad: 114 };
const stretch = { width: SIDE, height: SIDE, kernel: 'linear' };
const unitRange = { range: [0, 1] };
const perClass = { nms: 'per-class', iou: 0.45 };
const images = (type: OnnxType = 'float32') => ({ name: 'images', type, shape: [1, 3, SIDE, SIDE] });

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

describe('a detector as it is exported', () => {
  it.each(Object.entries(FAMILIES))('%s', async (_, { model, fields, boxes, labels = LABELS }) => {
    const served = await openExported(model, { task: 'detection', labels, ...fields });
    const answer = await served.infer({ inputs: [blank(FRAME.width, FRAME.height)] });
    // Whoever asks a model reads its answer by this.
    expect(detectionsOf(answer, 1, labels.length)[0]).toHaveLength(boxes.length);
    const found = rowsOf(answer, 'detections').map((row) => row.map((value) => Number(value.toFixed(2))));
    expect(found).toEqual(boxes.map((box) => [0, ...box]));
    expect(served.metadata.outputs).toEqual([{ name: 'detections', datatype: 'FP32', shape: [-1, 7] }]);
  });

  it('tells its boxes in the upright picture, however the file holds it', async () => {
    const { model, fields } = FAMILIES['YOLOv10, 26 and exports with NMS inside: [1, 300, 6]'] as Family;
    const served = await openExported(model, { task: 'detection', labels: LABELS, ...fields });
    const stored = { width: FRAME.height, height: FRAME.width, channels: 3, background: 'grey' } as const;
    const turned = await sharp({ create: stored }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image: Tensor = { name: 'image', datatype: 'BYTES', shape: [1], data: [turned] };
    const [first = []] = rowsOf(await served.infer({ inputs: [image] }), 'detections');
    expect(first.slice(1, 5).map(Math.round)).toEqual(CAR.slice(0, 4));
  });

  it('cuts them at the edges of the picture, where that is asked for', async () => {
    const outside = [table('output0', 300, 6, [[...xyxy([-9, -9, 400, 300, 0, 0], centred), 0.5, 1]])];
    const { fields } = FAMILIES['YOLOv10, 26 and exports with NMS inside: [1, 300, 6]'] as Family;
    const boxes = async (clip: boolean) => {
      const postprocess = { nms: 'none', clip };
      const served = await openExported(
        { inputs: [images()], outputs: outside },
        { task: 'detection', labels: LABELS, ...fields, postprocess },
      );
      const [row = []] = rowsOf(await served.infer({ inputs: [blank(FRAME.width, FRAME.height)] }), 'detections');
      return row.slice(1, 5);
    };
    expect(await boxes(true)).toEqual([0, 0, FRAME.width, FRAME.height]);
    expect(await boxes(false)).toEqual([-9, -9, 400, 300]);
  });

  it('tells which picture of a request a box lies in', async () => {
    const { model, fields } = FAMILIES['YOLOv10, 26 and exports with NMS inside: [1, 300, 6]'] as Family;
    const served = await openExported(model, { task: 'detection', labels: LABELS, ...fields });
    const rows = rowsOf(await served.infer({ inputs: [blank(FRAME.width, FRAME.height, 3)] }), 'detections');
    expect(rows.map(([picture]) => picture)).toEqual([0, 0, 1, 1, 2, 2]);
  });
});
