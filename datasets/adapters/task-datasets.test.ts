import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import type { DetectionDataset } from '../dataset.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { benchOfOwn, picture } from './pinned-dataset.fixture.ts';
import { pinLines, problemsOf } from './repository.fixture.ts';

/** Stored on its side: 200 x 100 when it is upright, as its boxes are. */
const turned = await sharp({ create: { width: 100, height: 200, channels: 3, background: 'blue' } })
  .withMetadata({ orientation: 6 })
  .jpeg()
  .toBuffer();

const { place, pinned } = benchOfOwn();

const coco = (more: object = {}) =>
  JSON.stringify({
    images: [
      { id: 0, file_name: 'a.jpg', width: 200, height: 100 },
      { id: 1, file_name: 'b.jpg', width: 200, height: 100 },
    ],
    categories: [
      { id: 1, name: 'dog' },
      { id: 2, name: 'car' },
    ],
    annotations: [
      { image_id: 0, category_id: 1, bbox: [20, 10, 40, 40] },
      { image_id: 0, category_id: 2, bbox: [100, 25, 50, 50], ignore: 1 },
    ],
    ...more,
  });
const voc = (name: string, objects: string) =>
  `<annotation><filename>${name}</filename><size><width>200</width><height>100</height></size>${objects}</annotation>`;
const object = (label: string, corners: readonly number[], difficult = 0) =>
  `<object><name>${label}</name><difficult>${difficult}</difficult><bndbox>${['xmin', 'ymin', 'xmax', 'ymax']
    .map((name, index) => `<${name}>${corners[index] ?? ''}</${name}>`)
    .join('')}</bndbox></object>`;
const boxes = `${object('dog', [20, 10, 60, 50])}${object('car', [100, 25, 150, 75], 1)}`;
const pictures = { 'a.jpg': picture, 'b.jpg': turned };
const moved = (folder: string) =>
  Object.fromEntries(Object.entries(pictures).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

const dog = { class: 0, box: [20, 10, 40, 40], area: 1600, crowd: false, ignore: false };
const car = { class: 1, box: [100, 25, 50, 50], area: 2500, crowd: false, ignore: false };
const CLASSES = 'classes: [dog, car]\n';

describe('a detection dataset', () => {
  it.each<[string, string, Record<string, string | Uint8Array>, { ignore?: boolean }, string]>([
    [
      'COCO, beside the manifest',
      'truth: { coco: truth.json }\n',
      { 'repository/datasets/truth.json': coco(), ...pictures },
      { ignore: true },
      '',
    ],
    [
      'COCO, among the data',
      'truth: { coco: truth.json, pictures: images }\n',
      { 'truth.json': coco(), ...moved('images') },
      { ignore: true },
      'images/',
    ],
    [
      'Pascal VOC',
      'truth: { voc: Annotations, pictures: JPEGImages }\n',
      { 'Annotations/a.xml': voc('a.jpg', boxes), 'Annotations/b.xml': voc('another name.jpg', ''), ...moved('JPEGImages') },
      { ignore: true },
      'JPEGImages/',
    ],
    [
      'a set of Pascal VOC',
      'truth: { voc: Annotations, set: val.txt }\n',
      {
        'Annotations/a.xml': voc('a.jpg', boxes),
        'Annotations/b.xml': voc('b.jpg', ''),
        'Annotations/c.xml': 'not in the set',
        'repository/datasets/val.txt': 'a\nb  1\n',
        ...pictures,
      },
      { ignore: true },
      '',
    ],
    [
      'YOLO',
      'truth: { yolo: data.yaml }\n',
      {
        'data.yaml': 'path: ../datasets/x\nval: images/val\nnames: [car, dog]\n',
        'labels/val/a.txt': '1 0.2 0.3 0.2 0.4\n0 0.625 0.5 0.25 0.5\n',
        ...moved('images/val'),
      },
      {},
      'images/val/',
    ],
    [
      'Label Studio',
      'truth: { label-studio: export.json }\n',
      {
        'export.json': JSON.stringify([
          {
            image: 's3://x/a.jpg',
            label: [
              { x: 10, y: 10, width: 20, height: 40, rectanglelabels: ['dog'] },
              { x: 50, y: 25, width: 25, height: 50, rectanglelabels: ['car'] },
            ],
          },
          { image: 's3://x/b.jpg' },
        ]),
        ...pictures,
      },
      {},
      '',
    ],
    [
      'CVAT',
      'truth: { cvat: annotations.xml }\n',
      {
        'annotations.xml': `<annotations><image name="a.jpg" width="200" height="100"><box label="dog" xtl="20" ytl="10" xbr="60" ybr="50"/><box label="car" xtl="100" ytl="25" xbr="150" ybr="75"/></image><image name="b.jpg" width="200" height="100"/></annotations>`,
        ...pictures,
      },
      {},
      '',
    ],
  ])('of %s', async (_, truth, files, second, folder) => {
    const dataset = (await pinned('detection', `${CLASSES}${truth}`, files)) as DetectionDataset;
    expect(dataset.task).toBe('detection');
    expect(dataset.classes).toEqual(['dog', 'car']);
    expect(dataset.samples.map(({ id, truth: { cluster } }) => [id, cluster])).toEqual([
      [`${folder}a.jpg`, null],
      [`${folder}b.jpg`, null],
    ]);
    const [first, last] = dataset.samples.map((sample) => sample.truth.boxes);
    expect(last).toEqual([]);
    expect(first).toHaveLength(2);
    for (const [index, expected] of [dog, { ...car, ...second }].entries()) {
      const { box, area, ...rest } = first?.[index] ?? { box: [], area: 0 };
      expect(rest).toEqual({ class: expected.class, crowd: expected.crowd, ignore: expected.ignore });
      expect(area).toBeCloseTo(expected.area, 6);
      for (const [at, number] of expected.box.entries()) expect(box[at]).toBeCloseTo(number, 6);
    }
  });

  it('of MOT keeps the frames of a sequence together', async () => {
    const info = '[Sequence]\nimDir=img1\nframeRate=25\nseqLength=2\nimWidth=200\nimHeight=100\nimExt=.jpg\n';
    const dataset = (await pinned('detection', 'truth: { mot: [train/one] }\n', {
      'train/one/seqinfo.ini': info,
      'train/one/gt/gt.txt': '1,1,20,10,40,40,1,1,1\n',
      'train/one/img1/000001.jpg': picture,
      'train/one/img1/000002.jpg': picture,
    })) as DetectionDataset;
    expect(dataset.classes).toEqual(['pedestrian']);
    const [cluster, sequence] = ['train/one/img1', 'train/one/img1'];
    expect(dataset.samples.map(({ truth }) => truth)).toMatchObject([
      { cluster, sequence, boxes: [{ track: '1' }] },
      { cluster, sequence, boxes: [] },
    ]);
  });

  it('of Open Images has a class for each label, by its name, and groups are crowds', async () => {
    const dataset = (await pinned('detection', 'truth: { open-images: boxes.csv, names: names.csv, pictures: x }\n', {
      'boxes.csv': 'ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,/m/1,0.1,0.3,0.1,0.5,1\n',
      'names.csv': '/m/1,Dog\n',
      'x/a.jpg': turned,
    })) as DetectionDataset;
    expect(dataset).toMatchObject({
      classes: ['Dog'],
      samples: [{ id: 'x/a.jpg', truth: { boxes: [{ class: 0, crowd: true }] } }],
    });
    expect(dataset.samples[0]?.truth.boxes[0]?.box[2]).toBeCloseTo(40, 6);
  });

  it('takes the truth’s own classes where the manifest names none', async () => {
    expect(await pinned('detection', 'truth: { coco: truth.json }\n', { 'truth.json': coco(), ...pictures })).toMatchObject({
      classes: ['dog', 'car'],
    });
  });

  it('joins and renames classes, and says how a model’s are called', async () => {
    const dataset = await pinned(
      'detection',
      'classes: { animal: [dog, cat], vehicle: [car, truck] }\ntruth: { coco: truth.json }\n',
      { 'truth.json': coco(), ...pictures },
    );
    expect(dataset).toMatchObject({
      classes: ['animal', 'vehicle'],
      renames: { dog: 'animal', cat: 'animal', car: 'vehicle', truck: 'vehicle' },
      samples: [{ truth: { boxes: [{ class: 0 }, { class: 1 }] } }, {}],
    });
  });

  const oneClass = (rest: string) =>
    pinned('detection', `classes: [dog]\ntruth: { coco: truth.json }\n${rest}`, { 'truth.json': coco(), ...pictures });

  it.each(['leave-out: others\n', 'leave-out: [car]\n'])('with %j asks about some classes alone', async (rest) => {
    expect(await oneClass(rest)).toMatchObject({ classes: ['dog'], samples: [{ truth: { boxes: [{ class: 0 }] } }, {}] });
  });

  it('drops no box in silence', async () => {
    expect(await problemsOf(oneClass(''))).toEqual(['datasets/bench.yaml:6: unknown class "car", which 1 box of the truth has']);
  });

  it('has the same digest whatever the order of its file, and another when a box moves', async () => {
    const digest = async (text: string) =>
      (
        await pinned('detection', `${CLASSES}truth: { coco: truth.json }\n`, {
          'repository/datasets/truth.json': text,
          ...pictures,
        })
      ).digest;
    const { images, ...whole } = JSON.parse(coco()) as { images: unknown[]; annotations: { bbox: number[] }[] };
    const first = await digest(coco());
    expect(await digest(JSON.stringify({ ...whole, images: images.toReversed() }))).toBe(first);
    expect(await digest(coco({ annotations: [{ image_id: 0, category_id: 1, bbox: [20, 10, 40, 41] }] }))).not.toBe(first);
  });

  it('is refused when a picture is not the size that its boxes were drawn on', async () => {
    const files = { 'truth.json': coco({ images: [{ id: 0, file_name: 'a.jpg', width: 100, height: 200 }] }), ...pictures };
    expect(await problemsOf(pinned('detection', 'truth: { coco: truth.json }\n', files))).toEqual([
      '../data/truth.json: a.jpg is 200 x 100 pixels when it is upright, and the truth says 100 x 200',
    ]);
  });

  it.each<[string, string, Record<string, string>, string]>([
    [
      'a folder that is not there',
      'truth: { voc: Annotations }',
      {},
      'datasets/bench.yaml:6: there is no folder ../data/Annotations',
    ],
    ['a folder outside', 'truth: { voc: ../x }', {}, 'datasets/bench.yaml:6: there is no folder ../x'],
    [
      'a picture outside',
      'truth: { coco: t.json }',
      { 't.json': coco({ images: [{ id: 0, file_name: '../../a.jpg' }] }) },
      '../data/t.json: path "../../a.jpg" leaves the folder',
    ],
    [
      'a picture that is not there',
      'truth: { cvat: t.xml }',
      { 't.xml': '<annotations>\n<image name="x.jpg"/></annotations>' },
      '../data/t.xml:2: x.jpg is not there (below ../data)',
    ],
    [
      'a split that is not there',
      'truth: { yolo: data.yaml, split: test }',
      { 'data.yaml': 'val: x\nnames: [a]\n' },
      '../data/data.yaml:1: says nothing of the pictures of split "test"',
    ],
    [
      'a sequence that is none',
      'truth: { mot: [x] }',
      {},
      'datasets/bench.yaml:6: there is no MOT sequence in ../data/x: seqinfo.ini and gt/gt.txt',
    ],
    ['a format that is none', 'truth: { kitti: x }', {}, 'datasets/bench.yaml:6: unknown field "kitti"'],
    [
      'a file of a set that is not there',
      'truth: { voc: A, set: val.txt }',
      { 'A/a.xml': voc('a.jpg', ''), 'val.txt': 'b' },
      '../data/A/b.xml: is not there',
    ],
    [
      'a class that means two',
      'classes: { a: [x], b: [x] }\ntruth: { coco: t.json }',
      { 't.json': coco() },
      'datasets/bench.yaml:6: "x" means two classes',
    ],
  ])('is refused: %s', async (_, rest, files, expected) => {
    expect(await problemsOf(pinned('detection', `${rest}\n`, files))).toContain(expected);
  });
});

describe('a manifest written before there were tasks', () => {
  it('keeps its digest', async () => {
    const files = { 'a.jpg': 'A', 'b.jpg': 'B', 'yard/1.jpg': 'A' };
    const common = 'version: 1\ntask: classification\nclasses: [nothing, person]\nroot: ../../data\npins: x.sha256\n';
    const event = '{ label: person, start: 0, end: 0.2 }';
    await place().write({
      ...Object.fromEntries(Object.entries(files).map(([name, content]) => [`data/${name}`, content])),
      'repository/datasets/x.sha256': pinLines(files),
      'repository/datasets/truth.csv': 'file,class,light\nb.jpg,person,night\na.jpg,nothing,\n',
      'repository/datasets/bench.yaml': `${common}kind: research\nsamples: { csv: truth.csv }\n`,
      'repository/datasets/street.yaml': `${common}kind: replay
clips: [{ frames: yard, frames-per-second: 5, site: yard, events: [${event}] }]
labels: { person: [person] }
rule: { frames-per-second: 5, persistence: 2, merge-gap: 1s, tolerance: 500ms }
`,
    });
    const digestOf = async (name: string) =>
      (await new FileSampleSource().load(place().ref(`datasets/${name}.yaml`))).dataset.digest;
    expect([await digestOf('bench'), await digestOf('street')]).toEqual([
      'sha256:c05361c08193b8104b4ccb385310322d2cbfe76ec8622f4a61a1ae9d488775ea',
      'sha256:6c5ae0c5170739f6c73320f50058086368a53d9fa6ea6e8d0aa41a7f4f9f80bf',
    ]);
  });
});
