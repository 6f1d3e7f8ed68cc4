import type { z } from 'zod';
import { readConfig } from '#config';
import { decodeMessage } from '#graphs';
import { parseStrictly, ProtocolError } from '#kernel';
import { readLiteral } from '../cli/init/python-literal.ts';
import { readClassDescriptions } from '../datasets/formats/open-images.ts';
import { readCsvSearch } from '../datasets/formats/csv-search.ts';
import { readMot } from '../datasets/formats/mot.ts';
import { readPlaylist } from '../datasets/playlist.ts';
import { checkLinks, checkTree, type ListedFile } from '../git/tree-rules.ts';
import { withoutIgnored } from '../images/adapters/build/build-context.ts';
import { takenEntries } from '../images/adapters/store/layer-reader.ts';
import { filesOfModel } from '../images/model-folder.ts';
import { externalDataOf } from '../images/onnx-external-data.ts';
import { readLabelling } from '../pipelines/replay/labelling.ts';
import { imageBundleSchema } from '../pipelines/check/parts/image-bundle.ts';
import { partSchema } from '../pipelines/check/parts/part.ts';

/**
 * A kind of text that a stranger may write. `limit`: bytes of the largest that is read, or that is measured here where that is
 * more than a machine should be given for a benchmark.
 */
export type Shape = { name: string; limit: number; make: (bytes: number) => string; read: (text: string) => unknown };

const MIB = 1024 * 1024;

/** Lines until there are so many bytes. */
export const numbered = (line: (index: number) => string) => (bytes: number) => {
  const lines: string[] = [];
  for (let [index, length] = [0, 0]; length < bytes; index += 1) {
    const next = line(index);
    lines.push(next);
    length += next.length + 1;
  }
  return `${lines.slice(0, -1).join('\n')}\n`;
};

const listed = (text: string): readonly ListedFile[] =>
  text.split('\n').flatMap((path) => (path === '' ? [] : [{ path, inside: path, kind: 'file', size: 1 } as const]));
const LIMITS = { files: 1_000_000, links: 1000, bytes: 1e12 };
const linked = (text: string) => {
  const targets = new Map(text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ', 2) as [string, string]])));
  checkLinks(
    [...targets].map(([path]) => ({ path, inside: path, kind: 'link', size: 1 })),
    targets,
  );
};

/** A tar's header: name, size and kind, and the sum over all of it. */
function header(name: string, size: number): string {
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits - 1, '0')}\0`;
  const start = `${name.padEnd(100, '\0')}${octal(0o644, 8)}${octal(0, 8)}${octal(0, 8)}${octal(size, 12)}${octal(0, 12)}`;
  const rest = `0${'\0'.repeat(100)}ustar\x0000`.padEnd(356, '\0');
  const sum = Buffer.from(`${start}        ${rest}`, 'latin1').reduce((all, byte) => all + byte, 0);
  return `${start}${sum.toString(8).padStart(6, '0')}\0 ${rest}`;
}

async function unpacked(tar: string): Promise<void> {
  const bytes = (async function* () {
    for (let at = 0; at < tar.length; at += MIB) yield Buffer.from(tar.slice(at, at + MIB), 'latin1');
  })();
  for await (const entry of takenEntries(bytes, 'a.tar', new Set()))
    if ('content' in entry) for await (const _ of entry.content) continue;
}

const field = (number: number, bytes: string) => {
  const length = [0, 7, 14].map((bits) => ((bytes.length >> bits) & 127) | 128);
  return String.fromCharCode(number * 8 + 2, ...length, bytes.length >> 21) + bytes;
};
const asBytes = (text: string) => {
  const bytes = Buffer.from(text, 'latin1');
  return { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) };
};
const release = `{"model":"sha256:${'a'.repeat(64)}","runtime":null}`;
const commit = 'a'.repeat(40);
const strictly = (schema: z.ZodType) => (text: string) => parseStrictly(schema, text, { file: 'a', remedy: '' });
const sequence = { folder: 'img1', ending: '.jpg', frames: 1000, framesPerSecond: 1, size: { width: 4, height: 4 } };

export const SHAPES: readonly Shape[] = [
  {
    name: 'fieldproof.yaml: containers of a graph',
    limit: MIB,
    make: numbered((i) =>
      i === 0
        ? 'version: 1\nchipsets: {}\ngates: {}\nmodels: {a: {build: a, image: a/b, task: detection}}\ngraphs:\n  g:\n    footage: a\n    stages:'
        : `      s${i}: {container: a/${i}, takes: [frame], gives: frame, from: s${i - 1}}`,
    ),
    read: (text) => readConfig(text),
  },
  {
    name: 'model.yaml: variants',
    limit: MIB,
    make: numbered((i) => (i === 0 ? 'weights:' : `  v${i}: a${i}.onnx`)),
    read: (text) => filesOfModel(text, 'a'),
  },
  {
    name: 'model.yaml: paths that lead out',
    limit: MIB,
    make: numbered((i) => (i === 0 ? 'weights:' : `  v${i}: ../a${i}.onnx`)),
    read: (text) => filesOfModel(text, 'a'),
  },
  {
    name: 'labels of a night',
    limit: MIB,
    make: numbered((i) =>
      i === 0
        ? `version: 1\nmodel: a\nnight: a\nrecord: sha256:${'a'.repeat(64)}\nclips:`
        : `  - {file: ${i}.mp4, pin: sha256:${'a'.repeat(64)}, site: a, why: unsure, probability: null, events: []}`,
    ),
    read: (text) => readLabelling(text, 'a'),
  },
  {
    name: 'playlist',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? '#EXTM3U' : `#EXTINF:6,\n${i}.ts`)),
    read: (text) => readPlaylist(text, 'night/a.m3u8', { file: 'a' }),
  },
  {
    name: 'search.csv',
    limit: 64 * MIB,
    make: numbered((i) => (i === 0 ? 'file,identity,role,light' : `${i}.jpg,${i >> 1},${i % 2 ? 'query' : 'gallery'},night`)),
    read: (text) => readCsvSearch(text, 'a'),
  },
  {
    name: 'MOT',
    limit: 64 * MIB,
    make: numbered((i) => `${(i % 1000) + 1},${i},1,1,1,1,1,1,1`),
    read: (text) => readMot(text, 'a', sequence),
  },
  {
    name: 'Open Images: class names',
    limit: 64 * MIB,
    make: numbered((i) => `/m/${i},name ${i}`),
    read: (text) => readClassDescriptions(text, 'a'),
  },
  {
    name: '.dockerignore, and a thousand paths',
    limit: 64 * 1024,
    make: (bytes) => numbered((i) => `**/*${'a'.repeat(120)}${i}`)(bytes),
    read: (text) =>
      withoutIgnored(
        Array.from({ length: 1000 }, (_, i) => `a/b/${i}`),
        text,
        'a',
      ),
  },
  {
    name: 'a part: answers',
    limit: 64 * MIB,
    make: (bytes) =>
      `{"version":2,"base":"${commit}","head":"${commit}","policy":"${commit}","seed":1,"round":"research","runner":{"name":"process","sandboxed":false},"present":[],"absent":[],"models":[{"model":"a","candidate":${release},"speeds":[],"peaks":[],"answers":[{"task":"classification","key":{"release":${release},"variant":"a","dataset":"sha256:${'a'.repeat(64)}","chipsetKey":"sha256:${'a'.repeat(64)}","threshold":null,"taskVersion":1},"reused":0,"answers":[${numbered((i) => `${i === 0 ? '' : ','}{"id":"${i}","ranked":[0,1,2],"scores":[0.5,0.25,0.25],"more":0}`)(bytes - 900)}]}]}]}`,
    read: strictly(partSchema),
  },
  {
    name: 'images.json: images',
    limit: 64 * MIB,
    make: (bytes) =>
      `{"version":2,"base":"a","head":"a","runtimes":{},"built":[],"deployed":[],"images":[${numbered((i) => `${i === 0 ? '' : ','}"sha256:${'a'.repeat(64)}"`)(bytes - 100)}]}`,
    read: strictly(imageBundleSchema),
  },
  {
    name: 'a message between stages: its header',
    limit: MIB,
    make: (bytes) =>
      `{"contract":1,"camera":"a","sequence":1,"capturedAt":1,"stamps":[],"kind":"detections","promised":false,"about":{"width":1,"height":1,"rows":0,"classes":[${numbered((i) => `${i === 0 ? '' : ','}"c${i}"`)(bytes - 200)}]}}`,
    read: (text) => {
      const bytes = Buffer.from(`    ${text}`);
      bytes.writeUInt32LE(bytes.length - 4);
      try {
        return decodeMessage(bytes);
      } catch (thrown) {
        if (!(thrown instanceof ProtocolError)) throw thrown;
        return null;
      }
    },
  },
  { name: 'metadata of an ONNX file', limit: MIB, make: numbered((i) => (i === 0 ? '{' : `${i}: 'c${i}',`)), read: readLiteral },
  {
    name: 'an ONNX file: where its weights lie',
    limit: 64 * MIB,
    make: (bytes) => {
      const tensor = (i: number) => field(5, field(13, field(1, 'location') + field(2, `${i}.bin`)));
      return field(7, numbered(tensor)(bytes - 64).replaceAll('\n', ''));
    },
    read: (text) => externalDataOf(asBytes(text), 'a.onnx'),
  },
  {
    name: 'a tree: files',
    limit: 64 * MIB,
    make: numbered((i) => `d${i % 99}/${i}`),
    read: (text) => checkTree('a', listed(text), LIMITS),
  },
  {
    name: 'a tree: folders',
    limit: 64 * MIB,
    make: numbered((i) => `${i}/${'d/'.repeat(300)}f`),
    read: (text) => checkTree('a', listed(text), LIMITS),
  },
  {
    name: 'links through links',
    limit: 1000 * 128,
    make: numbered((i) => `l${i} ${'./'.repeat(50)}${i % 8 === 7 ? 'x' : `l${i + 1}`}`),
    read: linked,
  },
  {
    name: 'a layer: files',
    limit: 10 * MIB,
    make: (bytes) => Array.from({ length: bytes >> 10 }, (_, i) => header(`f${i}`, 1) + 'x'.padEnd(512, '\0')).join(''),
    read: unpacked,
  },
  {
    name: 'a layer: one file',
    limit: 128 * MIB,
    make: (bytes) => header('f', (bytes >> 10) << 9) + 'x'.repeat((bytes >> 10) << 9),
    read: unpacked,
  },
];
