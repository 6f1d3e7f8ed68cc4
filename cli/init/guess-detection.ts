import type { OnnxHeader, OnnxValue } from '#images';
import type { Preset } from './preprocess-presets.ts';

/** How a detector's outputs are read, as far as their shapes tell. */
export type DetectionGuess = {
  /** `output` and `postprocess` of model.yaml. */
  fields: object;
  classes: number | null;
  /** What its classes are called, where the family has no others. */
  labels?: readonly string[];
  preset: Preset;
  /** Whether no other family of detectors has these shapes. */
  isSure: boolean;
  because: string;
  contradictions: readonly string[];
  /**
   * Of boxes that may be offsets as well as corners: `output`, should one picture show that they are; null where nobody knows from which
   * prior boxes.
   */
  undecoded?: object | null;
};

/** `labels`: how many names there are, if any. Pixels of the input; 0 is open. */
export type Around = { labels: number | null; width: number; height: number };

/** The dimensions of an output behind that of the batch; what is open is null. */
type Shaped = { name: string; dims: readonly (number | null)[] };

const NMS = { nms: 'per-class', iou: 0.45 };
/** As Ultralytics validates, and cuts its boxes. */
const ULTRALYTICS_NMS = { nms: 'per-class', iou: 0.7, clip: true };

/** Null where the outputs are those of no detector that is known. */
export function guessDetection(header: OnnxHeader, around: Around): DetectionGuess | null {
  const outputs = header.outputs.map(shapedOf);
  return strided(outputs) ?? pair(outputs, around) ?? parallel(outputs) ?? single(outputs, around);
}

function shapedOf({ name, shape }: OnnxValue): Shaped {
  return { name, dims: shape.slice(1).map((size) => (typeof size === 'number' ? size : null)) };
}

function single(outputs: readonly Shaped[], around: Around): DetectionGuess | null {
  const [only, ...others] = outputs;
  if (only === undefined || others.length > 0) return null;
  return rows(only) ?? dense(only, around);
}

/** A row a box, ready: [boxes, 6], few of them; YOLO-NAS and YOLOv7 put the picture first, and all boxes into one list. */
function rows({ dims }: Shaped): DetectionGuess | null {
  const [boxes, columns, ...rest] = dims;
  if (rest.length > 0) return null;
  const columnsOf = (names: readonly string[]) => ({ output: { kind: 'rows', columns: names }, postprocess: { nms: 'none' } });
  const ready = { classes: null, preset: 'letterbox', contradictions: [] } as const;
  if (columns === 6 && (boxes === null || (boxes ?? 0) <= 1000)) {
    const fields = columnsOf(['x1', 'y1', 'x2', 'y2', 'score', 'class']);
    return { ...ready, fields, isSure: true, because: 'a row a box: its post-processing is part of it' };
  }
  if (columns !== undefined || boxes !== 7) return null;
  const fields = columnsOf(['picture', 'x1', 'y1', 'x2', 'y2', 'class', 'score']);
  return { ...ready, fields, isSure: false, because: 'a row a box, taken for those of YOLOv7 (YOLO-NAS has score before class)' };
}

/** All cells of all strides: [4 + classes, boxes] for YOLOv8 and later, [boxes, 5 + classes] for YOLOv5, v7 and YOLOX. */
function dense({ dims }: Shaped, { labels, width, height }: Around): DetectionGuess | null {
  const [first, second, ...rest] = dims;
  if (first === undefined || first === null || second === undefined || second === null || rest.length > 0) return null;
  const [columns, boxes] = first < second ? [first, second] : [second, first];
  if (columns < 5 || boxes < 100) return null;
  const cells = [8, 16, 32].reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0);
  const isYolox = first > second && boxes === cells;
  // Where columns come first, as YOLOv8 and later have it, none of them is an objectness.
  const multiplies = first > second && columns - 4 !== labels;
  const classes = columns - (multiplies ? 5 : 4);
  const fields = {
    output: {
      kind: 'dense',
      box: 'cxcywh',
      ...(multiplies && { objectness: 'multiply' }),
      ...(isYolox && multiplies && { grid: [8, 16, 32] }),
    },
    postprocess: isYolox || multiplies ? NMS : ULTRALYTICS_NMS,
  };
  const because =
    isYolox && multiplies ? 'one box a cell of strides 8, 16 and 32, with objectness: as YOLOX' : denseWords(multiplies);
  return { fields, classes, preset: isYolox ? 'yolox' : 'letterbox', isSure: isYolox && multiplies, because, contradictions: [] };
}

function denseWords(multiplies: boolean): string {
  return multiplies ? 'all cells, with objectness: as YOLOv5 and YOLOv7' : 'all cells, without objectness: as YOLOv8 and later';
}

/** Boxes [n, 4] beside scores [n, classes]: UltraFace (whose first class is nothing), YOLO-NAS, RF-DETR. */
function pair(outputs: readonly Shaped[], { labels, width, height }: Around): DetectionGuess | null {
  if (outputs.length !== 2) return null;
  const boxes = outputs.find(({ dims }) => dims.length === 2 && dims[1] === 4);
  const scores = outputs.find((one) => one !== boxes && one.dims.length === 2 && one.dims[0] === boxes?.dims[0]);
  if (boxes === undefined || scores === undefined) return null;
  const [, columns = null] = scores.dims;
  if (boxes.name === 'dets' && scores.name === 'labels') return rfdetr(columns);
  const isFaces = columns === 2 && (labels ?? 1) === 1;
  const fields = {
    output: {
      kind: 'pair',
      boxes: boxes.name,
      scores: scores.name,
      box: 'xyxy',
      units: isFaces ? 'unit' : 'pixels',
      ...(isFaces && { background: 'first' }),
    },
    postprocess: NMS,
  };
  const because = `boxes beside scores${isFaces ? ': as UltraFace, whose first class is nothing' : ', taken for corners in pixels'}`;
  const classes = columns === null ? null : isFaces ? 1 : columns;
  const labelled = isFaces ? { labels: ['face'] } : {};
  const preset = isFaces ? 'stretch-signed' : 'stretch';
  const ofUltraface = isFaces && boxes.dims[0] === ultrafacePriors(width, height);
  const undecoded = ofUltraface ? undecodedUltraface(boxes.name, scores.name) : null;
  return { fields, classes, ...labelled, preset, isSure: false, because, contradictions: [], undecoded };
}

/** Of UltraFace: prior boxes of these sizes, in pixels of the input, in each cell of these strides. */
const ULTRAFACE = [
  { stride: 8, sizes: [10, 16, 24] },
  { stride: 16, sizes: [32, 48] },
  { stride: 32, sizes: [64, 96] },
  { stride: 64, sizes: [128, 192, [256, 240]] },
];

function ultrafacePriors(width: number, height: number): number {
  return ULTRAFACE.reduce(
    (sum, { stride, sizes }) => sum + sizes.length * Math.ceil(width / stride) * Math.ceil(height / stride),
    0,
  );
}

/** As it is exported without the step that makes corners of offsets. */
function undecodedUltraface(boxes: string, scores: string): object {
  return { kind: 'priors', boxes, scores, background: 'first', variances: [0.1, 0.2], levels: ULTRAFACE };
}

/** RF-DETR alone calls its outputs so. Of COCO's 91 columns the first is nothing. */
function rfdetr(columns: number | null): DetectionGuess {
  const background = columns === 91 ? { background: 'first' } : {};
  const read = { box: 'cxcywh', units: 'unit', activation: 'sigmoid', 'per-box': 'every', ...background };
  return {
    fields: { output: { kind: 'pair', boxes: 'dets', scores: 'labels', ...read }, postprocess: { nms: 'none' } },
    classes: columns === 91 ? 90 : columns,
    preset: 'stretch-imagenet',
    isSure: true,
    because: 'outputs called dets and labels: as RF-DETR',
    contradictions: [],
  };
}

/** Boxes [n, 4], scores [n] and classes [n], and perhaps how many: TensorFlow, torchvision, RT-DETR. */
function parallel(outputs: readonly Shaped[]): DetectionGuess | null {
  if (outputs.length < 3 || outputs.length > 4) return null;
  const boxes = outputs.find(({ dims }) => dims.at(-1) === 4);
  const named = (pattern: RegExp) => outputs.find((one) => one !== boxes && pattern.test(one.name));
  const [scores, classes, count] = [named(/score|conf/i), named(/class|label/i), named(/num|count/i)];
  if (boxes === undefined || scores === undefined || classes === undefined) return null;
  const fields = {
    output: {
      kind: 'parallel',
      boxes: boxes.name,
      scores: scores.name,
      classes: classes.name,
      ...(count !== undefined && { count: count.name }),
      box: count === undefined ? 'xyxy' : 'yxyx',
      units: count === undefined ? 'pixels' : 'unit',
      ...(count !== undefined && { 'first-class': 1 }),
    },
    postprocess: { nms: 'none' },
  };
  const because = `boxes, scores and classes beside each other: as ${count === undefined ? 'RT-DETR and torchvision' : 'TensorFlow'}`;
  const preset = count === undefined ? 'stretch' : 'stretch-255';
  return { fields, classes: null, preset, isSure: false, because, contradictions: [] };
}

/** For each stride a score and four distances a cell, and perhaps ten of landmarks: SCRFD, by six outputs or nine. */
function strided(outputs: readonly Shaped[]): DetectionGuess | null {
  const ends = outputs.map(({ dims }) => dims.at(-1));
  const scores = ends.filter((end) => end === 1).length;
  const all = ends.filter((end) => end === 4).length === scores && [0, scores].includes(ends.filter((end) => end === 10).length);
  if (scores < 3 || !all || outputs.length % scores !== 0) return null;
  const strides = [8, 16, 32, 64, 128].slice(0, scores);
  return {
    fields: { output: { kind: 'strided', strides, anchors: 2 }, postprocess: { nms: 'agnostic', iou: 0.4 } },
    classes: 1,
    labels: ['face'],
    preset: 'scrfd',
    isSure: true,
    because: `${scores} strides of scores and distances: as SCRFD`,
    contradictions: [],
  };
}
