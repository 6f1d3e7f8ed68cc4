import { z } from 'zod';
import { complainer, tensorName } from './fields.ts';

const box = z
  .enum(['xyxy', 'yxyx', 'xywh', 'cxcywh'])
  .describe('Two corners; two corners, y first; a corner and a size; a centre and a size.');
const units = z.enum(['pixels', 'unit']).describe('pixels of the model’s input, or unit: from 0 to 1 of its width and height.');
const activation = z
  .enum(['none', 'sigmoid', 'softmax'])
  .default('none')
  .describe('What the scores still need: none where the graph has done it.');
const sigmoid = z
  .enum(['none', 'sigmoid'])
  .default('none')
  .describe('What the scores still need: none where the graph has done it.');
const background = z
  .enum(['none', 'first', 'last'])
  .default('none')
  .describe('The column of scores that stands for nothing at all; classes are counted without it.');
const perBox = z
  .enum(['best', 'every'])
  .default('best')
  .describe('best: a box has one class, its highest. every: it is given once for each class that it scores.');
const firstClass = z
  .union([z.literal(0), z.literal(1)])
  .default(0)
  .describe('Which number the model gives to the first label.');
const stride = z.number().int().min(1).max(1024);
const strides = z.array(stride).min(1).max(8);

const dense = z
  .strictObject({
    kind: z.literal('dense'),
    tensor: tensorName.optional().describe('Name of the ONNX output, where the model has several.'),
    box,
    units: units.default('pixels'),
    objectness: z
      .enum(['none', 'multiply'])
      .default('none')
      .describe('multiply: a column behind the box, by which class scores are multiplied.'),
    activation: sigmoid,
    grid: strides
      .optional()
      .describe('Strides of the cells by which boxes are still to be decoded: (xy + cell) x stride, exp(wh) x stride.'),
    'per-box': perBox,
  })
  .describe('One tensor [boxes, 4 + objectness + classes], or its transpose: YOLOv5, v7, v8, 11, 12, 26 (raw), YOLOX.')
  .check((checked) => {
    if (checked.value.grid !== undefined && checked.value.box !== 'cxcywh')
      complainer(checked)(['box'], 'a grid holds centres and sizes: write cxcywh');
  });

const pair = z
  .strictObject({
    kind: z.literal('pair'),
    boxes: tensorName,
    scores: tensorName,
    landmarks: tensorName.optional(),
    box,
    units,
    activation,
    background,
    'per-box': perBox,
  })
  .describe('Boxes [boxes, 4], scores [boxes, classes] and perhaps landmarks [boxes, 10]: UltraFace, YOLO-NAS (raw), RF-DETR.');

const COLUMNS = ['x1', 'y1', 'x2', 'y2', 'score', 'class', 'picture', 'other'] as const;

const rows = z
  .strictObject({
    kind: z.literal('rows'),
    tensor: tensorName.optional().describe('Name of the ONNX output, where the model has several.'),
    columns: z
      .array(z.enum(COLUMNS))
      .min(6)
      .max(64)
      .describe('What each column is, in their order. picture: which of the batch; other: not read.')
      .check((checked) => {
        const wrong = COLUMNS.slice(0, 6).find((name) => checked.value.filter((column) => column === name).length !== 1);
        if (wrong !== undefined) complainer(checked)([], `${wrong} must be there once`);
      }),
    units: units.default('pixels'),
    'first-class': firstClass,
  })
  .describe('One tensor with a row a box: YOLOv10, YOLO26, exports with NMS inside, YOLO-NAS (flat), YOLOv7 end to end.');

const parallel = z
  .strictObject({
    kind: z.literal('parallel'),
    boxes: tensorName,
    scores: tensorName,
    classes: tensorName,
    count: tensorName.optional().describe('How many of the boxes are any.'),
    box,
    units,
    'first-class': firstClass,
  })
  .describe('Boxes, scores and classes beside each other: TensorFlow’s SSD and EfficientDet, torchvision, RT-DETR, D-FINE.');

const strided = z
  .strictObject({
    kind: z.literal('strided'),
    strides,
    anchors: z.number().int().min(1).max(16).default(1).describe('Boxes of each cell.'),
    activation: sigmoid,
    'per-box': perBox,
  })
  .describe(
    'For each stride scores [cells x anchors, classes], distances to left, top, right, bottom in strides, perhaps landmarks: SCRFD. Told apart by shape.',
  );

const side = z.number().positive().max(4096);

const priors = z
  .strictObject({
    kind: z.literal('priors'),
    boxes: tensorName,
    scores: tensorName,
    landmarks: tensorName.optional(),
    levels: z
      .array(
        z.strictObject({
          stride,
          sizes: z
            .array(z.union([side, z.tuple([side, side])]))
            .min(1)
            .max(32)
            .describe('Prior boxes of each cell in pixels of the input: the side of a square, or width and height.'),
        }),
      )
      .min(1)
      .max(16)
      .describe('Prior boxes, from the finest cells on.'),
    variances: z.tuple([z.number().positive(), z.number().positive()]).describe('Of centres and of sizes; 0.1 and 0.2 mostly.'),
    activation,
    background,
    'per-box': perBox,
  })
  .describe('Offsets from prior boxes, with scores and perhaps landmarks: RetinaFace, heads of SSD.');

/** How a detector's tensors are read, one kind each. */
export const detectionOutput = z.discriminatedUnion('kind', [dense, pair, rows, parallel, strided, priors]);

export type DetectionOutput = z.output<typeof detectionOutput>;
export type DenseOutput = z.output<typeof dense>;
export type PairOutput = z.output<typeof pair>;
export type RowsOutput = z.output<typeof rows>;
export type ParallelOutput = z.output<typeof parallel>;
export type StridedOutput = z.output<typeof strided>;
export type PriorsOutput = z.output<typeof priors>;
export type BoxForm = z.output<typeof box>;
