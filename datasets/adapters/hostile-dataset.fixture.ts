import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { digestOf, hexOf } from '#kernel';

/** Lies in every folder above the data, under the names that are tried. */
export const CANARY = 'AKIA-planted-credential';

const golden = path.join(import.meta.dirname, '__golden__/clips');
const PICTURES = [
  'mine/red/a.png',
  'mine/red/c.png',
  'mine/green/b.png',
  'mine/green/d.png',
  'linked/red/a.png',
  'boxes/images/a.png',
  'boxes/images/b.png',
  'boxes/mot/img1/000001.png',
  'faces/q/red/a.png',
  'faces/g/red/b.png',
  'faces/g/green/c.png',
  'clips/clip/0.png',
];
const TEXTS = {
  'boxes/labels/a.txt': '0 0.5 0.5 0.5 0.5\n',
  'boxes/voc/a.xml':
    '<annotation><filename>a.png</filename><object><name>red</name><bndbox><xmin>0</xmin><ymin>0</ymin><xmax>1</xmax><ymax>1</ymax></bndbox></object></annotation>',
  'boxes/mot/seqinfo.ini': '[Sequence]\nimDir=img1\nseqLength=1\nimWidth=2\nimHeight=2\nimExt=.png\n',
  'boxes/mot/gt/gt.txt': '1,1,0,0,1,1,1,1,1\n',
};
const CLIPS = { 'clips/v.mp4': 'segments-mp4/0.mp4', 'clips/parts/0.m2ts': 'hls/0.m2ts' };

/** The data that a pull request brings. `pins`: what is there, as lines below each folder of it. */
export type Brought = { commit: string; pins: Record<Root, string> };

/** A folder for each kind of data. */
const ROOTS = ['mine', 'linked', 'boxes', 'faces', 'clips'] as const;
type Root = (typeof ROOTS)[number];

/** Writes them into `x/commit` below `top`; all that is above is none of it. */
export async function writeData(top: string, picture: Uint8Array): Promise<Brought> {
  const commit = path.join(top, 'x', 'commit');
  const pins: Brought['pins'] = { mine: '', linked: '', boxes: '', faces: '', clips: '' };
  const write = async (file: string, bytes: string | Uint8Array) => {
    const root = ROOTS.find((one) => file.startsWith(`${one}/`)) ?? 'mine';
    pins[root] += `${hexOf(digestOf(bytes))}  ${file.slice(root.length + 1)}\n`;
    await mkdir(path.dirname(path.join(commit, file)), { recursive: true });
    await writeFile(path.join(commit, file), bytes);
  };
  for (const file of PICTURES) await write(file, picture);
  for (const [file, text] of Object.entries(TEXTS)) await write(file, text);
  for (const [file, from] of Object.entries(CLIPS)) await write(file, await readFile(path.join(golden, from)));
  for (const folder of ['', 'x'])
    for (const name of ['secret.txt', 'list.csv', 'a.png', 'v.mp4']) await writeFile(path.join(top, folder, name), `${CANARY}\n`);
  // Such links an extraction would have refused; here they are, in case another way were found to bring them.
  await symlink('../../../../secret.txt', path.join(commit, 'linked/red/link.png'));
  await symlink('../../..', path.join(commit, 'linked/up'));
  return { commit, pins };
}

const PARTS = [
  '..',
  '..',
  '..',
  '.',
  'mine',
  'red',
  'a.png',
  'link.png',
  'list.csv',
  'secret.txt',
  'up',
  'up',
  'v.mp4',
  '',
  '\0',
];
const part = fc.constantFrom(...PARTS);
const place = fc
  .tuple(fc.constantFrom('', '', '', '/'), fc.array(part, { minLength: 1, maxLength: 5 }))
  .map(([start, parts]) => start + parts.join('/'));
/** Mostly what is there, so that an input comes as far as what a single one of its names leads to. */
const named = (...truths: string[]) =>
  fc.oneof({ weight: 11, arbitrary: fc.constantFrom(...truths) }, { weight: 1, arbitrary: place });

const manifest = (task: string, root: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({
    version: fc.constant(1),
    kind: fc.constant('research'),
    task: fc.constant(task),
    root: named(`../${root}`, `../${root}`, '../linked'),
    pins: named(`${root}.sha256`),
    ...fields,
  });
const noun = (fields: Record<string, fc.Arbitrary<unknown>>, needed: string[]) => fc.record(fields, { requiredKeys: needed });
const classes = fc.oneof({ weight: 11, arbitrary: fc.constant(['red', 'green']) }, place);

const classification = manifest('classification', 'mine', {
  classes,
  samples: fc.oneof(fc.constant({ folders: true }), noun({ csv: named('list.csv'), folder: named('.') }, ['csv'])),
});
const detection = manifest('detection', 'boxes', {
  classes: fc.constant(['red', 'pedestrian']),
  'leave-out': fc.constant('others'),
  truth: fc.oneof(
    noun({ coco: named('coco.json'), pictures: named('images') }, ['coco', 'pictures']),
    noun({ voc: named('voc'), pictures: named('images'), set: named('set.txt') }, ['voc', 'pictures']),
    fc.record({ yolo: named('data.yaml') }),
    noun({ 'open-images': named('boxes.csv'), pictures: named('images') }, ['open-images', 'pictures']),
    noun({ cvat: named('cvat.xml'), pictures: named('images') }, ['cvat', 'pictures']),
    noun({ 'label-studio': named('studio.json'), pictures: named('images') }, ['label-studio', 'pictures']),
    fc.record({ mot: fc.array(named('mot'), { minLength: 1, maxLength: 2 }) }),
  ),
});
const verification = manifest('verification', 'mine', {
  truth: fc.oneof(
    noun({ pairs: named('pairs.csv'), pictures: named('.') }, ['pairs']),
    fc.record({ identities: named('.'), pairs: fc.constant(4), folds: fc.constant(1) }),
  ),
});
const search = manifest('search', 'faces', {
  truth: fc.oneof(
    noun({ search: named('search.csv'), pictures: named('.') }, ['search']),
    fc.record({ queries: named('q'), gallery: named('g') }),
  ),
});
const happened = { site: fc.constant('s'), events: fc.constant([]) };
const clip = fc.oneof(
  fc.record({ file: named('v.mp4', 'night.m3u8'), ...happened }),
  fc.record({ segments: named('parts'), ...happened }),
  fc.record({ frames: named('clip'), 'frames-per-second': fc.constant(1), ...happened }),
);
const replay = manifest('classification', 'clips', {
  kind: fc.constant('replay'),
  classes,
  clips: fc.oneof({ weight: 6, arbitrary: fc.array(clip, { minLength: 1, maxLength: 2 }) }, named('clips.jsonl')),
  labels: fc.constant({ a: ['red'] }),
  rule: fc.constant({ 'frames-per-second': 1, persistence: 1, 'merge-gap': '1s', tolerance: '1s' }),
});

/** What the lists beside the manifest hold, of every kind that a truth is written in. */
const texts = fc
  .record({
    image: named('a.png', 'b.png'),
    picture: named('red/a.png', 'green/b.png'),
    other: named('red/c.png'),
    face: named('q/red/a.png'),
    folder: named('.', 'images'),
    split: named('images'),
    part: named('parts/0.m2ts'),
    clip: named('v.mp4'),
  })
  .map(({ image, picture, other, face, folder, split, part: segment, clip: file }) => ({
    'list.csv': `file,class\n${JSON.stringify(picture)},red\n`,
    'coco.json': JSON.stringify({
      images: [{ id: 1, file_name: image }],
      annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1] }],
      categories: [{ id: 1, name: 'red' }],
    }),
    'set.txt': `a\n${image}\n`,
    'data.yaml': JSON.stringify({ path: folder === 'images' ? '.' : folder, val: [split], names: ['red'] }),
    'boxes.csv': `ImageID,LabelName,XMin,XMax,YMin,YMax\n${JSON.stringify(image)},red,0,1,0,1\n`,
    'cvat.xml': `<annotations><image name="${image.replaceAll('\0', '&amp;')}" width="2" height="2"><box label="red" xtl="0" ytl="0" xbr="1" ybr="1"/></image></annotations>`,
    'studio.json': JSON.stringify([{ image, label: [{ x: 0, y: 0, width: 50, height: 50, rectanglelabels: ['red'] }] }]),
    'pairs.csv': `file_a,file_b,same\n${JSON.stringify(picture)},${JSON.stringify(other)},1\nred/a.png,green/d.png,0\n`,
    'search.csv': `file,identity,role\n${JSON.stringify(face)},red,query\ng/red/b.png,red,gallery\n`,
    'clips.jsonl': `${JSON.stringify({ file, site: 's', events: [] })}\n`,
    'night.m3u8': `#EXTM3U\n${segment}\n`,
  }));

/** A dataset as its files are: `texts` beside the manifest, and `pinned`, files that a stranger would like to know the bytes of. */
export const datasets = fc.record({
  manifest: fc.oneof(
    ...[classification, detection, verification, search].map((arbitrary) => ({ weight: 4, arbitrary })),
    // A clip takes as long as ten pictures, and has a test of its own.
    { weight: 1, arbitrary: replay },
  ),
  texts,
  pinned: fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, fc.array(place, { maxLength: 3 })),
});

/** What stands in the folder of the manifest; of `night.m3u8`, which is data, the pin. */
export function filesOf(
  { manifest: written, texts: beside, pinned }: { manifest: unknown; texts: Record<string, string>; pinned: readonly string[] },
  { pins }: Brought,
): Record<string, string> {
  const secrets = pinned.map((file) => `${hexOf(digestOf(`${CANARY}\n`))}  ${file}\n`).join('');
  const playlist = `${hexOf(digestOf(beside['night.m3u8'] ?? ''))}  night.m3u8\n`;
  return Object.fromEntries([
    ...Object.entries(beside).map(([name, text]) => [`datasets/${name}`, text]),
    ...ROOTS.map((root) => [`datasets/${root}.sha256`, pins[root] + (root === 'clips' ? playlist : '') + secrets]),
    ['datasets/mine.yaml', JSON.stringify(written)],
  ]) as Record<string, string>;
}
