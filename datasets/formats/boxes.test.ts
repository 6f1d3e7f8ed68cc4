import { describe, expect, it } from 'vitest';
import { readCoco } from './coco.ts';
import { readCvat } from './cvat.ts';
import { boxesInPixels, plainBox, type DeclaredBox, type DeclaredPicture } from './declared-boxes.ts';
import { readLabelStudio } from './label-studio.ts';
import { readMot, readMotSequence } from './mot.ts';
import { readClassDescriptions, readOpenImages } from './open-images.ts';
import { readPascalVoc } from './pascal-voc.ts';
import { readYoloData, yoloLabelFile } from './yolo-data.ts';
import { readYoloLabels } from './yolo-labels.ts';

const size = { width: 200, height: 100 };
/** A dog at the left, a car that is to be ignored where the format can say so, and a picture with nothing in it. */
const dog = { x1: 20, y1: 10, x2: 60, y2: 50 };
const car = { x1: 100, y1: 25, x2: 150, y2: 75 };

function inPixels(pictures: readonly (DeclaredPicture | null)[]) {
  return pictures.map((picture) => picture && { file: picture.file, boxes: boxesInPixels(picture, size) });
}

const truth = (second: Partial<DeclaredBox> = {}) => ({
  file: 'a.jpg',
  boxes: [plainBox('dog', dog), plainBox('car', car, second)],
});
const empty = { file: 'b.jpg', boxes: [] };

const coco = {
  images: [
    { id: 0, file_name: 'a.jpg', ...size },
    { id: 7, file_name: 'b.jpg', ...size },
  ],
  annotations: [
    { id: 0, image_id: 0, category_id: 3, bbox: [20, 10, 40, 40], area: 900, iscrowd: 0 },
    { id: 1, image_id: 0, category_id: 0, bbox: [100, 25, 50, 50], ignore: 1 },
  ],
  categories: [
    { id: 3, name: 'dog' },
    { id: 0, name: 'car' },
  ],
};

const voc = `<?xml version="1.0"?>
<annotation>
  <filename>a.jpg</filename>
  <size><width>200</width><height>100</height><depth>3</depth></size>
  <object><name>dog</name><difficult>0</difficult>
    <bndbox><xmin>20</xmin><ymin>10</ymin><xmax>60</xmax><ymax>50</ymax></bndbox></object>
  <object><name>car</name><difficult>1</difficult><part><name>wheel</name></part>
    <bndbox><xmin>100</xmin><ymin>25</ymin><xmax>150</xmax><ymax>75</ymax></bndbox></object>
</annotation>`;

const cvat = `<annotations><version>1.1</version>
<meta><task><labels><label><name>dog</name></label><label><name>car</name></label></labels></task></meta>
<image id="0" name="a.jpg" width="200" height="100">
  <box label="dog" xtl="20.0" ytl="10.0" xbr="60.0" ybr="50.0" occluded="0" z_order="0"></box>
  <polygon label="car" points="100,25;150,30;120,75"/>
</image>
<image id="1" name="b.jpg" width="200" height="100"><tag label="rain"/></image>
</annotations>`;

const openImages = `ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside
a,x,/m/0bt9lr,1,0.1,0.3,0.1,0.5,0,0,0,0,0
a,x,/m/0k4j,1,"0,5","0,75","0,25","0,75",0,0,1,0,0
`;

const rectangle = (label: string, x: number, y: number, width: number, height: number) => ({
  type: 'rectanglelabels',
  original_width: 200,
  original_height: 100,
  image_rotation: 0,
  value: { x, y, width, height, rotation: 0, rectanglelabels: [label] },
});
const labelStudio = [
  {
    id: 1,
    data: { image: '/data/upload/1/0a1b2c3d-a.jpg' },
    annotations: [
      { was_cancelled: true, result: [] },
      { result: [rectangle('dog', 10, 10, 20, 40), rectangle('car', 50, 25, 25, 50)] },
    ],
  },
  { id: 2, data: { image: 's3://bucket/b.jpg' }, annotations: [{ result: [] }] },
];
const short = [
  { image: 'http://host/a.jpg', id: 1, label: labelStudio[0]?.annotations[1]?.result.map(({ value }) => value) },
  { image: 'http://host/b.jpg', id: 2 },
];

describe('one truth in many forms', () => {
  it.each([
    [
      'COCO',
      readCoco(JSON.stringify(coco), 'x'),
      [
        { ...truth({ ignore: true }), boxes: [plainBox('dog', dog, { area: 900 }), plainBox('car', car, { ignore: true })] },
        empty,
      ],
    ],
    ['CVAT', readCvat(cvat, 'x'), [truth(), empty]],
    [
      'Open Images',
      readOpenImages(
        openImages,
        'x',
        new Map([
          ['/m/0bt9lr', 'dog'],
          ['/m/0k4j', 'car'],
        ]),
      ),
      [truth({ crowd: true })],
    ],
    ['Label Studio, JSON', readLabelStudio(JSON.stringify(labelStudio), 'x'), [truth(), empty]],
    ['Label Studio, JSON-MIN', readLabelStudio(JSON.stringify(short), 'x'), [truth(), empty]],
  ])('%s', (_, { value, problems }, expected) => {
    expect(problems).toEqual([]);
    expect(inPixels(value.pictures)).toEqual(expected);
    expect(value.labels.toSorted()).toEqual(['car', 'dog']);
  });

  it('Pascal VOC, as tools write it', () => {
    const { value, problems } = readPascalVoc(voc, 'x', { firstPixel: 'zero' });
    expect(problems).toEqual([]);
    expect(inPixels([value])).toEqual([truth({ ignore: true })]);
  });

  it('Pascal VOC, as the challenge counts: from one, and the last pixel is inside', () => {
    const { value } = readPascalVoc(voc, 'x', { firstPixel: 'one' });
    expect(value?.boxes[0]).toMatchObject({ x1: 19, y1: 9, x2: 60, y2: 50 });
  });

  it('YOLO', () => {
    const { value, problems } = readYoloLabels('1 0.2 0.3 0.2 0.4\n1 0.2 0.3 0.2 0.4\n0 0.5 0.25 0.75 0.3 0.6 0.75\n', 'x', [
      'car',
      'dog',
    ]);
    expect(problems).toEqual([]);
    const [first, second] =
      inPixels([{ file: 'a.jpg', unit: 'shares', size: null, boxes: value, at: { file: 'x' } }])[0]?.boxes ?? [];
    expect(first?.label).toBe('dog');
    for (const side of ['x1', 'y1', 'x2', 'y2'] as const) expect(first?.[side]).toBeCloseTo(dog[side], 10);
    expect(second).toMatchObject({ label: 'car', ...car });
    expect(value).toHaveLength(2);
  });

  it('MOT, with tracks, what is not counted, and frames without anybody', () => {
    const sequence = readMotSequence(
      '[Sequence]\nname=a\nimDir=img1\nframeRate=30\nseqLength=2\nimWidth=200\nimHeight=100\nimExt=.jpg\n',
      'x',
    );
    expect(sequence.problems).toEqual([]);
    if (sequence.value === null) throw new Error('not read');
    const { value, problems } = readMot('1,4,20,10,40,40,1,1,0.9\n1,5,100,25,50,50,0,3,1\n', 'x', sequence.value);
    expect(problems).toEqual([]);
    expect(inPixels(value.pictures)).toEqual([
      {
        file: 'img1/000001.jpg',
        boxes: [plainBox('pedestrian', dog, { track: '4' }), plainBox('car', car, { track: '5', ignore: true })],
      },
      { file: 'img1/000002.jpg', boxes: [] },
    ]);
  });
});

describe('what COCO files hold besides boxes', () => {
  const annotated = (annotation: object) =>
    readCoco(JSON.stringify({ ...coco, annotations: [{ image_id: 0, category_id: 3, ...annotation }] }), 'x').value.pictures[0]
      ?.boxes;

  // The packed text was made by pycocotools 2.0.11: encode() of a mask of 4 x 5 with rows 1 and 2 of columns 1 and 2 set.
  it.each([
    ['a polygon', { segmentation: [[20, 10, 60, 12, 40, 50]] }, { x1: 20, y1: 10, x2: 60, y2: 50 }],
    [
      'two polygons',
      {
        bbox: [],
        segmentation: [
          [1, 2, 3, 4, 5, 6],
          [7, 8, 9, 1, 2, 3],
        ],
      },
      { x1: 1, y1: 1, x2: 9, y2: 8 },
    ],
    [
      'run lengths',
      { segmentation: { size: [4, 5], counts: [5, 2, 2, 2, 9] }, iscrowd: 1 },
      { x1: 1, y1: 1, x2: 3, y2: 3, crowd: true },
    ],
    ['packed run lengths', { segmentation: { size: [4, 5], counts: '52207' } }, { x1: 1, y1: 1, x2: 3, y2: 3 }],
    ['a run over two columns', { segmentation: { size: [4, 5], counts: [6, 4, 10] } }, { x1: 1, y1: 0, x2: 3, y2: 4 }],
  ])('the box around %s', (_, annotation, box) => expect(annotated(annotation)).toMatchObject([box]));

  it('classes in the order of their ids', () => expect(readCoco(JSON.stringify(coco), 'x').value.labels).toEqual(['car', 'dog']));
});

describe('a data.yaml', () => {
  it.each([
    ['a list of names', 'path: ../coco\nval: images/val\nnames: [car, dog]\n', ['images/val']],
    [
      'names by index, and several places',
      'path: set\nval: [images/a/, images/b]\nnames: {1: dog, 0: car}\n',
      ['set/images/a', 'set/images/b'],
    ],
    ['a place of another machine', 'path: /home/someone/coco\nval: val.txt\nnames: [car, dog]\n', ['val.txt']],
  ])('of %s', (_, text, places) => {
    expect(readYoloData(text, 'data.yaml', 'val')).toEqual({ value: { labels: ['car', 'dog'], places }, problems: [] });
  });

  it.each([
    ['names: [a]\n', 'says nothing of the pictures of split "val"'],
    ['names: {0: a, 2: b}\nval: x\n', 'does not name every index from 0 on'],
  ])('that is not enough: %s', (text, message) => {
    expect(readYoloData(text, 'data.yaml', 'val').problems).toMatchObject([{ file: 'data.yaml', message }]);
  });

  it.each([
    ['images/val/a.jpg', 'labels/val/a.txt'],
    ['x/images/images/a.b.png', 'x/images/labels/a.b.txt'],
    ['a.jpg', 'a.txt'],
  ])('%s has its labels in %s', (picture, labels) => expect(yoloLabelFile(picture)).toBe(labels));
});

describe('faults are named with their line', () => {
  const lines = (problems: readonly { line?: number; message: string }[]) =>
    problems.map(({ line, message }) => `${line ?? '-'}: ${message}`);
  const pretty = (change: (whole: typeof coco) => unknown) => JSON.stringify(change(structuredClone(coco)), null, 1);

  it.each([
    ['COCO that is not JSON', readCoco('{"images": [', 'x'), /^-: not JSON/],
    ['COCO without images', readCoco('{\n"annotations": [], "categories": []}', 'x'), /^-: Invalid input: expected array/],
    [
      'a box that is no box',
      readCoco(
        pretty((w) => ({ ...w, annotations: [w.annotations[0], { image_id: 0, category_id: 3, bbox: [1, 2, 'x', 4] }] })),
        'x',
      ),
      /^36: .*expected number/,
    ],
    [
      'a box of no picture',
      readCoco(
        pretty((w) => ({ ...w, annotations: [{ image_id: 1, category_id: 3, bbox: [1, 2, 3, 4] }] })),
        'x',
      ),
      /^17: is of image 1, which `images` does not list/,
    ],
    [
      'a box of no class',
      readCoco(
        pretty((w) => ({ ...w, annotations: [{ image_id: 0, category_id: 1, bbox: [1, 2, 3, 4] }] })),
        'x',
      ),
      /category 1, which `categories`/,
    ],
    [
      'nothing that encloses',
      readCoco(
        pretty((w) => ({ ...w, annotations: [{ image_id: 0, category_id: 3 }] })),
        'x',
      ),
      /neither a `bbox` nor/,
    ],
    [
      'a negative width',
      readCoco(
        pretty((w) => ({ ...w, annotations: [{ image_id: 0, category_id: 3, bbox: [9, 2, -3, 4] }] })),
        'x',
      ),
      /ends before it begins/,
    ],
    [
      'two images of one id',
      readCoco(
        pretty((w) => ({ ...w, images: [...w.images, w.images[0]] })),
        'x',
      ),
      /two entries of one id/,
    ],
    [
      'VOC with a box without a corner',
      readPascalVoc(voc.replace('<xmin>20</xmin>', ''), 'x', { firstPixel: 'zero' }),
      /^5: the <bndbox> of "dog" has corners that are no numbers/,
    ],
    [
      'XML that is not closed',
      readPascalVoc('<annotation>\n<object>\n</annotation>', 'x', { firstPixel: 'zero' }),
      /^3: not XML/,
    ],
    [
      'XML that declares entities',
      readPascalVoc('<!DOCTYPE a [<!ENTITY b "c">]>\n<annotation/>', 'x', { firstPixel: 'zero' }),
      /^1: declares a document type/,
    ],
    [
      'XML that names an entity',
      readPascalVoc('<annotation><filename>&xxe;</filename></annotation>', 'x', { firstPixel: 'zero' }),
      /not XML: Invalid character entity/,
    ],
    ['XML of something else', readCvat('<svg/>', 'x'), /^1: is no export of CVAT/],
    ['CVAT with a rotated box', readCvat(cvat.replace('occluded="0"', 'rotation="30"'), 'x'), /^4: a box of "dog" is rotated/],
    ['CVAT with a line', readCvat(cvat.replace('polygon', 'polyline'), 'x'), /^5: a <polyline> encloses no part/],
    ['CVAT of a video', readCvat('<annotations>\n<track id="0"/></annotations>', 'x'), /^2: follows objects through a video/],
    ['YOLO of an unknown class', readYoloLabels('0 .1 .1 .1 .1\n2 .1 .1 .1 .1', 'x', ['a', 'b']), /^2: there is no class "2"/],
    ['YOLO in pixels', readYoloLabels('0 100 .1 .1 .1', 'x', ['a']), /^1: has a number outside 0 to 1/],
    ['YOLO with a number too few', readYoloLabels('0 .1 .1 .1', 'x', ['a']), /^1: has 3 numbers after the class/],
    ['YOLO that is no text', readYoloLabels('a b', 'x', ['a']), /^1: there is no class "a"/],
    [
      'Open Images without a column',
      readOpenImages('ImageID,XMin,XMax,YMin,YMax\na,1,1,1,1', 'x', new Map()),
      /^1: there is no column `LabelName`/,
    ],
    [
      'Open Images without a number',
      readOpenImages(openImages.replace('0.3', 'x'), 'x', new Map()),
      /^2: has corners that are no numbers/,
    ],
    ['class descriptions of three columns', readClassDescriptions('/m/1,a,b', 'x'), /^1: is not a label id/],
    [
      'Label Studio, annotated twice',
      readLabelStudio(JSON.stringify([{ data: { image: 'a' }, annotations: [{ result: [] }, { result: [] }] }]), 'x'),
      /has 2 annotations, and none alone/,
    ],
    [
      'Label Studio, not annotated',
      readLabelStudio(JSON.stringify([{ data: { image: 'a' }, annotations: [] }]), 'x'),
      /has not been annotated/,
    ],
    [
      'Label Studio with a rotated box',
      readLabelStudio(
        JSON.stringify([{ image: 'a', label: [{ x: 1, y: 1, width: 1, height: 1, rotation: 3, rectanglelabels: ['a'] }] }]),
        'x',
      ),
      /is rotated/,
    ],
    [
      'Label Studio with an ellipse',
      readLabelStudio(
        JSON.stringify([{ data: { image: 'a' }, annotations: [{ result: [{ type: 'ellipselabels', value: {} }] }] }]),
        'x',
      ),
      /of type "ellipselabels"/,
    ],
    [
      'MOT of a frame past the end',
      readMot('3,1,1,1,1,1,1,1,1', 'x', { folder: 'a', ending: '.jpg', frames: 2, framesPerSecond: 1, size }),
      /^1: is of frame 3, and the sequence has 2/,
    ],
    [
      'MOT of one track twice in a frame',
      readMot('1,3,1,1,1,1\n2,3,1,1,1,1\n1,3,9,1,1,1', 'x', { folder: 'a', ending: '.jpg', frames: 2, framesPerSecond: 1, size }),
      /^3: track 3 is in frame 1 twice/,
    ],
    [
      'MOT that is no CSV',
      readMot('a', 'x', { folder: 'a', ending: '.jpg', frames: 2, framesPerSecond: 1, size }),
      /^1: is not frame, track/,
    ],
  ])('%s', (_, { problems }, expected) => {
    expect(lines(problems)).toEqual([expect.stringMatching(expected)]);
    expect(problems.every(({ file, remedy }) => file === 'x' && remedy !== '')).toBe(true);
  });

  it('and a hundred are enough', () => {
    const many = Array.from({ length: 5000 }, () => ({ image_id: 99, category_id: 3, bbox: [1, 2, 3, 4] }));
    expect(readCoco(JSON.stringify({ ...coco, annotations: many }), 'x').problems).toHaveLength(101);
    expect(readYoloLabels('x\n'.repeat(5000), 'x', ['a']).problems).toHaveLength(101);
  });
});
