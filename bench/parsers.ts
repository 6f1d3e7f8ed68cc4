/**
 * What reading a stranger's texts costs, up to their size limits: four lengths of each shape, each twice the one before. Cost
 * is linear when a text twice as long takes about twice as long. Milliseconds are of the processor, not of the clock, so that others
 * on the machine count for little. `node bench/parsers.ts`
 */
import { z } from 'zod';
import { CouldNotRun, parseStrictly, parseYaml } from '#kernel';
import { readConfig } from '#config';
import { classesOf } from '../datasets/classes.ts';
import { readClipLines } from '../datasets/clip-list.ts';
import { readCsvSamples } from '../datasets/csv-samples.ts';
import { parseManifest } from '../datasets/manifest.ts';
import { readPins } from '../datasets/pins.ts';
import { readCoco } from '../datasets/formats/coco.ts';
import { readCsvPairs } from '../datasets/formats/csv-pairs.ts';
import { readCvat } from '../datasets/formats/cvat.ts';
import { readLabelStudio } from '../datasets/formats/label-studio.ts';
import { readLfwPairs } from '../datasets/formats/lfw-pairs.ts';
import { readOpenImages } from '../datasets/formats/open-images.ts';
import { readPascalVoc } from '../datasets/formats/pascal-voc.ts';
import { readYoloLabels } from '../datasets/formats/yolo-labels.ts';
import { dockerfileProblems } from '../images/dockerfile.ts';
import { numbered, SHAPES, type Shape } from './brought-shapes.ts';

const MIB = 1024 * 1024;
const yaml = (text: string) => parseYaml(text, 'a.yaml', z.unknown());
const repeated = (text: string) => (bytes: number) => text.repeat(bytes / text.length);

const shapes: readonly Shape[] = [
  ...SHAPES,
  { name: 'YAML: keys of one map', limit: MIB, make: numbered((i) => `k${i}: ${i}`), read: yaml },
  { name: 'YAML: the same key', limit: MIB, make: numbered(() => 'k: 1'), read: yaml },
  { name: 'YAML: items of a list', limit: MIB, make: numbered((i) => `- ${i}`), read: yaml },
  { name: 'YAML: an open flow map', limit: MIB, make: numbered((i) => `${i === 0 ? '{' : ''}k${i}: [],`), read: yaml },
  { name: 'YAML: one list in another', limit: MIB, make: repeated('['), read: yaml },
  { name: 'YAML: blocks in blocks', limit: MIB, make: numbered((i) => `${' '.repeat(i)}a:`), read: yaml },
  { name: 'YAML: anchors and aliases', limit: MIB, make: numbered((i) => `- &a${i} x\n- *a${i}`), read: yaml },
  { name: 'YAML: aliases of nothing', limit: MIB, make: numbered((i) => `- *a${i}`), read: yaml },
  { name: 'YAML: unknown tags', limit: MIB, make: numbered((i) => `- !t${i} x`), read: yaml },
  { name: 'YAML: comments', limit: MIB, make: numbered(() => '# comment'), read: yaml },
  { name: 'YAML: documents', limit: MIB, make: numbered(() => '---'), read: yaml },
  { name: 'YAML: a quoted text without end', limit: MIB, make: numbered((i) => `${i === 0 ? '"' : ''}a\\n`), read: yaml },
  { name: 'YAML: blank lines in a plain text', limit: MIB, make: numbered((i) => (i % 2 === 0 ? 'a' : ' ')), read: yaml },
  { name: 'YAML: a block text', limit: MIB, make: numbered((i) => (i === 0 ? 'a: |' : ' b')), read: yaml },
  { name: 'YAML: question marks', limit: MIB, make: repeated('? '), read: yaml },
  { name: 'YAML: dashes', limit: MIB, make: repeated('- '), read: yaml },
  { name: 'YAML: colons', limit: MIB, make: repeated(': '), read: yaml },
  { name: 'YAML: tabs', limit: MIB, make: repeated('\t'), read: yaml },
  { name: 'fieldproof.yaml: unknown fields', limit: MIB, make: numbered((i) => `k${i}: ${i}`), read: (text) => readConfig(text) },
  {
    name: 'fieldproof.yaml: models without gates',
    limit: MIB,
    make: numbered((i) =>
      i === 0 ? 'version: 1\nchipsets: {}\ngates: {}\nmodels:' : `  m${i}: {build: a, image: a/b, task: classification}`,
    ),
    read: (text) => readConfig(text),
  },
  {
    name: 'fieldproof.yaml: sites',
    limit: MIB,
    make: numbered((i) =>
      i === 0
        ? 'version: 1\nchipsets: {}\ngates: {}\nmodels: {a: {build: a, image: a/b, task: classification}}\ndeploy:\n  controller: flux\n  repository: a\n  sites:'
        : `    - {name: s${i}, chipset: here}`,
    ),
    read: (text) => readConfig(text),
  },
  {
    name: 'dataset manifest: unknown fields',
    limit: MIB,
    make: numbered((i) => `k${i}: ${i}`),
    read: (text) => parseManifest(text, 'a'),
  },
  {
    name: 'dataset manifest: clips of no kind',
    limit: MIB,
    make: numbered((i) => (i === 0 ? 'kind: replay\nclips:' : `  - {file: ${i}}`)),
    read: (text) => parseManifest(text, 'a'),
  },
  {
    name: 'samples.csv',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? 'file,class,light' : `red/${i}.png,red,night`)),
    read: (text) => readCsvSamples(text, 'a.csv', classesOf(['red']), ''),
  },
  {
    name: 'samples.csv: columns',
    limit: 64 * MIB,
    make: (bytes) => numbered((i) => `c${i},`)(bytes).replaceAll('\n', ''),
    read: (text) => readCsvSamples(text, 'a.csv', classesOf(['red']), ''),
  },
  {
    name: 'samples.csv: an open quote',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? 'file,"class' : 'a,b')),
    read: (text) => readCsvSamples(text, 'a.csv', classesOf(['red']), ''),
  },
  {
    name: 'clips.jsonl',
    limit: 64 * MIB,
    make: numbered((i) => `{"file":"${i}.mp4","site":"a","events":[]}`),
    read: (text) => readClipLines(text, 'a.jsonl'),
  },
  {
    name: 'clips.jsonl: no clips',
    limit: 64 * MIB,
    make: numbered((i) => `{"file":${i}}`),
    read: (text) => readClipLines(text, 'a.jsonl'),
  },
  {
    name: 'pins',
    limit: 64 * MIB,
    make: numbered((i) => `${'0'.repeat(64)}  red/${i}.png`),
    read: (text) => readPins(text, 'a.sha256'),
  },
  { name: 'pins: no pins', limit: 64 * MIB, make: numbered((i) => `${i}`), read: (text) => readPins(text, 'a.sha256') },
  {
    name: 'COCO: boxes',
    limit: 64 * MIB,
    make: (bytes) =>
      `{"images":[{"id":1,"file_name":"a"}],"categories":[{"id":1,"name":"a"}],"annotations":[${numbered((i) => `${i === 0 ? '' : ','}{"id":${i},"image_id":1,"category_id":1,"bbox":[1,2,3.5,4],"area":14,"iscrowd":0}`)(bytes - 128)}]}`,
    read: (text) => readCoco(text, 'a'),
  },
  {
    name: 'COCO: faults',
    limit: 64 * MIB,
    make: (bytes) =>
      `{"images":[],"categories":[],"annotations":[${numbered((i) => `${i === 0 ? '' : ','}{"image_id":${i},"category_id":1}`)(bytes - 128)}]}`,
    read: (text) => readCoco(text, 'a'),
  },
  { name: 'COCO: one list in another', limit: 64 * MIB, make: repeated('['), read: (text) => readCoco(text, 'a') },
  {
    name: 'Label Studio',
    limit: 64 * MIB,
    make: (bytes) => `[${numbered((i) => `${i === 0 ? '' : ','}{"image":"${i}.jpg","label":[]}`)(bytes - 16)}]`,
    read: (text) => readLabelStudio(text, 'a'),
  },
  {
    name: 'Pascal VOC: objects',
    limit: 64 * MIB,
    make: (bytes) =>
      `<annotation><filename>a</filename>${numbered(() => '<object><name>a</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object>')(bytes - 64)}</annotation>`,
    read: (text) => readPascalVoc(text, 'a', { firstPixel: 'zero' }),
  },
  {
    name: 'CVAT: pictures',
    limit: 64 * MIB,
    make: (bytes) =>
      `<annotations>${numbered((i) => `<image name="${i}.jpg" width="9" height="9"><box label="a" xtl="1" ytl="1" xbr="2" ybr="2"/></image>`)(bytes - 64)}</annotations>`,
    read: (text) => readCvat(text, 'a'),
  },
  { name: 'XML: one element in another', limit: 64 * MIB, make: repeated('<a>'), read: (text) => readCvat(text, 'a') },
  {
    name: 'XML: one text',
    limit: 64 * MIB,
    make: (bytes) => `<a>${'b '.repeat(bytes / 2 - 8)}</a>`,
    read: (text) => readCvat(text, 'a'),
  },
  {
    name: 'XML: references',
    limit: 64 * MIB,
    make: (bytes) => `<a>${'&lt;'.repeat(bytes / 4 - 8)}</a>`,
    read: (text) => readCvat(text, 'a'),
  },
  {
    name: 'XML: attributes',
    limit: 64 * MIB,
    make: (bytes) => `<a ${numbered((i) => `a${i}="1"`)(bytes - 16)}/>`,
    read: (text) => readCvat(text, 'a'),
  },
  {
    name: 'YOLO',
    limit: 64 * MIB,
    make: numbered((i) => `0 0.5 0.5 0.1 0.${i + 1}`),
    read: (text) => readYoloLabels(text, 'a', ['a']),
  },
  {
    name: 'Open Images',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? 'ImageID,LabelName,XMin,XMax,YMin,YMax' : `${i % 999},a,0.1,0.2,0.1,0.2`)),
    read: (text) => readOpenImages(text, 'a', new Map()),
  },
  {
    name: 'pairs.csv',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? 'file_a,file_b,same' : `${i}.jpg,${i + 1}.jpg,1`)),
    read: (text) => readCsvPairs(text, 'a'),
  },
  {
    name: 'pairs.txt',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? '1 900000' : `Ann ${i % 9999} ${10_000 + (i % 9999)}`)),
    read: (text) => readLfwPairs(text, 'a'),
  },
  {
    name: 'Dockerfile',
    limit: 64 * 1024,
    make: numbered((i) => (i === 0 ? 'FROM a' : `RUN --a=${i} b`)),
    read: (text) => dockerfileProblems(text, 'a'),
  },
  {
    name: 'Dockerfile: one long line',
    limit: 64 * 1024,
    make: (bytes) => `# syntax=${' '.repeat(bytes - 12)}x\n`,
    read: (text) => dockerfileProblems(text, 'a'),
  },
  {
    name: 'Dockerfile: flags',
    limit: 64 * 1024,
    make: (bytes) => `RUN ${'--a '.repeat(bytes / 4 - 4)}`,
    read: (text) => dockerfileProblems(text, 'a'),
  },
  {
    name: 'JSON of a job: unknown fields',
    limit: 16 * MIB,
    make: (bytes) => `{${numbered((i) => `"k${i}":${i},`)(bytes - 16)}"z":0}`,
    read: (text) => parseStrictly(z.strictObject({}), text, { file: 'a', remedy: '' }),
  },
];

const only = process.argv[2];
console.log('| what | limit | 1/8 | 1/4 | 1/2 | at the limit | grows as n to the |\n| --- | --- | --- | --- | --- | --- | --- |');
for (const { name, limit, make, read } of shapes) {
  if (only !== undefined && !name.includes(only)) continue;
  const lengths = [limit / 8, limit / 4, limit / 2, limit];
  const took: number[] = [];
  for (const length of lengths) took.push(await milliseconds(make(length - 64), read));
  const [half = 0, whole = 0] = took.slice(-2);
  const power = whole < 5 ? '(too quick to tell)' : Math.log2(whole / half).toFixed(1);
  console.log(`| ${name} | ${limit / 1024} KiB | ${took.map((each) => `${each.toFixed(0)} ms`).join(' | ')} | ${power} |`);
}

async function milliseconds(text: string, read: (text: string) => unknown): Promise<number> {
  const since = process.cpuUsage();
  try {
    await read(text);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
  }
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
