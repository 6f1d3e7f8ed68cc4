import { describe, expect, it } from 'vitest';
import type { OnnxHeader, OnnxValue } from '#images';
import { ultralytics } from '../../testing/onnx-metadata.ts';
import { proposeModel, type Said } from './propose-model.ts';
import { settleProposal } from './settle-proposal.ts';

type Shape = OnnxValue['shape'];
const value = (name: string, shape: Shape, type: OnnxValue['type'] = 'float32'): OnnxValue => ({ name, type, shape });

function header(input: Shape, outputs: Record<string, Shape>, metadata: Record<string, string> = {}): OnnxHeader {
  return {
    inputs: [value('images', input)],
    outputs: Object.entries(outputs).map(([name, shape]) => value(name, shape)),
    metadata: new Map(Object.entries(metadata)),
    producer: 'pytorch',
  };
}

const many = Array.from({ length: 80 }, (_, index) => `thing ${index}`);
const square = (side: number): Shape => [1, 3, side, side];
const letterbox = { resize: { width: 640, height: 640, fit: 'letterbox', pad: 114, kernel: 'linear' }, range: [0, 1] };
const askedAbout = (of: OnnxHeader, said: Said = {}) => proposeModel(of, said, 'x.onnx').questions.map(({ about }) => about);

describe('what an ONNX file says of the model', () => {
  it('is all, where Ultralytics wrote it: a detector', () => {
    const proposal = proposeModel(
      header(square(640), { output0: [1, 84, 8400] }, ultralytics('detect', many, 640)),
      {},
      'x.onnx',
    );
    expect(proposal).toMatchObject({ task: 'detection', labels: many, contradictions: [], questions: [] });
    expect(proposal.fields).toEqual({
      task: 'detection',
      labels: many,
      threshold: 0.25,
      preprocess: letterbox,
      output: { kind: 'dense', box: 'cxcywh' },
      postprocess: { nms: 'per-class', iou: 0.7, clip: true },
    });
  });

  it('is all, where Ultralytics wrote it: a classifier', () => {
    const proposal = proposeModel(
      header(square(224), { output0: [1, 2] }, ultralytics('classify', ['a', 'b'], 224)),
      {},
      'x.onnx',
    );
    expect(proposal.questions).toEqual([]);
    expect(proposal.fields['preprocess']).toEqual({
      resize: { 'shorter-side': 224, kernel: 'linear' },
      crop: { width: 224, height: 224 },
      range: [0, 1],
    });
  });

  it.each<[string, OnnxHeader, RegExp]>([
    [
      'of another size than its metadata say',
      header(square(320), { output0: [1, 84, 2100] }, ultralytics('detect', many, 640)),
      /metadata say 640x640, and its input takes 320x320: the input is what counts/,
    ],
    [
      'of more classes than it has labels',
      header(square(640), { output0: [1, 84, 8400] }, ultralytics('detect', many.slice(1), 640)),
      /it has 79 labels, and its output has room for/,
    ],
  ])('may contradict itself: %s', (_, of, expected) => {
    expect(proposeModel(of, {}, 'x.onnx').contradictions).toEqual([expect.stringMatching(expected)]);
  });

  it('takes the size that its metadata say where the input takes any', () => {
    const of = header(['batch', 3, 'height', 'width'], { output0: ['batch', 84, 'anchors'] }, ultralytics('detect', many, 640));
    expect(proposeModel(of, {}, 'x.onnx').fields['preprocess']).toEqual(letterbox);
  });

  it('names the second input where a model is told the size of the picture', () => {
    const of = header(square(640), { labels: [1, 300], boxes: [1, 300, 4], scores: [1, 300] });
    const both = { ...of, inputs: [...of.inputs, value('orig_target_sizes', [1, 2], 'int64')] };
    expect(proposeModel(both, {}, 'x.onnx').fields).toMatchObject({ input: 'images', sizes: { input: 'orig_target_sizes' } });
  });

  const scrfd = {
    scores8: [12800, 1],
    scores16: [3200, 1],
    scores32: [800, 1],
    boxes8: [12800, 4],
    boxes16: [3200, 4],
    boxes32: [800, 4],
  };
  it.each<[string, OnnxHeader, object]>([
    ['YOLOv5', header(square(640), { output0: [1, 25200, 85] }), { kind: 'dense', box: 'cxcywh', objectness: 'multiply' }],
    [
      'YOLOX',
      header(square(416), { output: [1, 3549, 85] }),
      { kind: 'dense', box: 'cxcywh', objectness: 'multiply', grid: [8, 16, 32] },
    ],
    [
      'YOLOv10 and exports with NMS inside',
      header(square(640), { output0: [1, 300, 6] }),
      { kind: 'rows', columns: ['x1', 'y1', 'x2', 'y2', 'score', 'class'] },
    ],
    [
      'YOLOv7 end to end',
      header(square(640), { output: ['boxes', 7] }),
      { kind: 'rows', columns: ['picture', 'x1', 'y1', 'x2', 'y2', 'class', 'score'] },
    ],
    [
      'UltraFace',
      header([1, 3, 240, 320], { scores: [1, 4420, 2], boxes: [1, 4420, 4] }),
      { kind: 'pair', boxes: 'boxes', scores: 'scores', box: 'xyxy', units: 'unit', background: 'first' },
    ],
    [
      'RT-DETR',
      header(square(640), { labels: [1, 300], boxes: [1, 300, 4], scores: [1, 300] }),
      { kind: 'parallel', boxes: 'boxes', scores: 'scores', classes: 'labels', box: 'xyxy', units: 'pixels' },
    ],
    [
      "TensorFlow's SSD",
      header([1, 300, 300, 3], {
        num_detections: [1],
        detection_boxes: [1, 10, 4],
        detection_scores: [1, 10],
        detection_classes: [1, 10],
      }),
      {
        kind: 'parallel',
        boxes: 'detection_boxes',
        scores: 'detection_scores',
        classes: 'detection_classes',
        count: 'num_detections',
        box: 'yxyx',
        units: 'unit',
        'first-class': 1,
      },
    ],
    [
      'RF-DETR',
      header(square(640), { dets: [1, 300, 4], labels: [1, 300, 91] }),
      {
        kind: 'pair',
        boxes: 'dets',
        scores: 'labels',
        box: 'cxcywh',
        units: 'unit',
        activation: 'sigmoid',
        'per-box': 'every',
        background: 'first',
      },
    ],
    ['SCRFD', header(square(640), scrfd), { kind: 'strided', strides: [8, 16, 32], anchors: 2 }],
  ])('is known by its shapes: %s', (_, of, output) => {
    expect(proposeModel(of, {}, 'x.onnx')).toMatchObject({ task: 'detection', fields: { output } });
  });

  it.each<[string, OnnxHeader, Said, string[]]>([
    [
      'a classifier of the folders',
      header(square(224), { scores: ['n', 3] }),
      { folders: ['a', 'b', 'c'] },
      ['labels', 'preprocess'],
    ],
    ['one of ImageNet', header(square(224), { scores: ['n', 1000, 1, 1] }), {}, ['labels', 'preprocess']],
    ['one number of a few', header(square(224), { scores: ['n', 3] }), {}, ['task', 'labels', 'preprocess']],
    ['perhaps an embedder', header(square(112), { point: ['n', 512] }), {}, ['task', 'preprocess']],
    ['an input of any size', header(['n', 3, 'h', 'w'], { scores: ['n', 1000] }), {}, ['size', 'labels', 'preprocess']],
    ['one that says its labels', header(square(224), { s: [1, 2] }, { labels: '["a", "b"]' }), {}, ['preprocess']],
    ['one family alone', header(square(640), scrfd), {}, []],
    [
      'all that was said',
      header(square(8), { s: [1, 2] }),
      { task: 'classification', labels: ['a', 'b'], preprocess: 'stretch' },
      [],
    ],
  ])('leaves what it does not say to be asked, in order: %s', (_, of, said, about) => {
    expect(askedAbout(of, said)).toEqual(about);
  });

  it('takes bytes as they are, the channels where they lie', () => {
    const of = { ...header(square(1), { s: [1, 1000] }), inputs: [value('x', [1, 96, 128, 3], 'uint8')] };
    expect(proposeModel(of, { preprocess: 'imagenet' }, 'x.onnx').fields['preprocess']).toEqual({
      resize: { 'shorter-side': 146, kernel: 'linear' },
      crop: { width: 128, height: 96 },
      layout: 'nhwc',
    });
  });

  it.each<[string, OnnxHeader, RegExp]>([
    ['a model of no pictures', header(['n', 10], { y: ['n', 1] }), /it takes "images" float32 \[n, 10\], and no pictures/],
    [
      'segmentation',
      header(square(640), { o: [1, 116, 8400] }, ultralytics('segment', many, 640)),
      /a model for segment, which is not served/,
    ],
  ])('is refused by name: %s', (_, of, expected) => {
    expect(() => proposeModel(of, {}, 'x.onnx')).toThrow(expected);
  });
});

describe('whoever sits at a terminal', () => {
  it('is asked one thing after the other, and answers with nothing to take what is offered', async () => {
    const asked: string[] = [];
    const answers = ['classification', '', 'stretch'];
    const ask = async (question: string) => answers[asked.push(question) - 1] ?? '';
    const settling = { file: 'x.onnx', folders: null, ask, readLabels: async () => 'unused' };
    const proposal = await settleProposal(header(square(32), { scores: ['n', 3] }), {}, settling);
    expect(asked.map((question) => question.split('\n')[0])).toEqual([
      'What does it answer with "scores" float32 [n, 3]? (classification, detection, embedding)',
      'What are its classes called (3)? A file with one name a line',
      'How were pictures made ready when it was trained?',
    ]);
    expect(proposal).toMatchObject({ task: 'classification', labels: ['class 0', 'class 1', 'class 2'], questions: [] });
  });
});
