import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun, digestOf, hexOf } from '#kernel';
import { forAllFiles } from '../../testing/fuzz.ts';
import { traceReads } from '../../testing/traced-reads.ts';
import type { ManifestRef } from '../sample-source.ts';
import { FileSampleSource } from './file-sample-source.ts';

/** The canary lies in every folder above the data, under the names that are tried. */
const CANARY = 'AKIA-planted-credential';
let top: string;
let commit: string;
let trace: ReturnType<typeof traceReads>;
let picture: Uint8Array;

beforeAll(async () => {
  top = await realpath(await mkdtemp(path.join(tmpdir(), 'fieldproof-head-')));
  commit = path.join(top, 'x', 'commit');
  picture = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  for (const folder of ['mine/red', 'mine/green', 'mine/clip', 'other'])
    await mkdir(path.join(commit, folder), { recursive: true });
  for (const file of ['mine/red/a.png', 'mine/green/b.png', 'mine/clip/0.png']) await writeFile(path.join(commit, file), picture);
  for (const file of ['mine/list.csv', 'other/list.csv']) await writeFile(path.join(commit, file), 'file,class\nred/a.png,red\n');
  for (const folder of ['', 'x']) {
    for (const name of ['secret.txt', 'list.csv', 'a.png', 'v.mp4']) await writeFile(path.join(top, folder, name), `${CANARY}\n`);
  }
  // Such links an extraction would have refused; here they are, in case another way were found to bring them.
  await symlink('../../../secret.txt', path.join(commit, 'mine/red/link.png'));
  await symlink('../../..', path.join(commit, 'mine/up'));
  trace = traceReads();
});
afterAll(async () => {
  trace.stop();
  await rm(top, { recursive: true, force: true });
});

const part = fc.constantFrom(
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
  'v.mp4',
  'clip',
  'other',
  '',
  '\0',
);
const place = fc
  .tuple(fc.constantFrom('', '', '', '/'), fc.array(part, { minLength: 1, maxLength: 5 }))
  .map(([start, parts]) => start + parts.join('/'));
const named = (truth: string) => fc.oneof({ weight: 2, arbitrary: fc.constant(truth) }, place);
const common = {
  version: fc.constant(1),
  task: fc.constant('classification'),
  root: named('../mine'),
  pins: named('mine.sha256'),
};
const classes = fc.oneof(fc.constant(['red', 'green']), place);
const research = fc.record({
  ...common,
  kind: fc.constant('research'),
  classes,
  samples: fc.oneof(
    fc.constant({ folders: true }),
    fc.record({ csv: named('list.csv'), folder: place }, { requiredKeys: ['csv'] }),
  ),
});
const video = fc.record({ file: named('v.mp4'), site: fc.constant('s'), events: fc.constant([]) });
const frames = fc.record({
  frames: named('clip'),
  'frames-per-second': fc.constant(1),
  site: fc.constant('s'),
  events: fc.constant([]),
});
const listed = fc.record({ file: named('night.m3u8'), site: fc.constant('s'), events: fc.constant([]) });
const segments = fc.record({ segments: named('clip'), site: fc.constant('s'), events: fc.constant([]) });
const replay = fc.record({
  ...common,
  kind: fc.constant('replay'),
  classes,
  clips: fc.oneof(fc.array(fc.oneof(video, frames, listed, segments), { maxLength: 3 }), place),
  labels: fc.constant({ a: ['red'] }),
  rule: fc.constant({ 'frames-per-second': 1, persistence: 1, 'merge-gap': '1s', tolerance: '1s' }),
});
const noun = (fields: Record<string, fc.Arbitrary<unknown>>, needed: string[]) => fc.record(fields, { requiredKeys: needed });
const task = (name: string, truth: fc.Arbitrary<unknown>, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ ...common, ...more, kind: fc.constant('research'), task: fc.constant(name), truth });
const tasks = fc.oneof(
  task(
    'detection',
    fc.oneof(
      noun({ coco: named('list.json'), pictures: place }, ['coco']),
      noun({ voc: place, pictures: place, set: named('list.csv') }, ['voc']),
      fc.record({ yolo: named('data.yaml') }),
      noun({ 'open-images': named('list.csv'), pictures: place }, ['open-images']),
      fc.record({ mot: fc.array(place, { minLength: 1, maxLength: 2 }) }),
    ),
    { 'leave-out': fc.constant('others'), classes },
  ),
  task(
    'verification',
    fc.oneof(
      noun({ pairs: named('pairs.csv'), pictures: place }, ['pairs']),
      fc.record({ identities: place, pairs: fc.constant(4) }),
    ),
  ),
  task(
    'search',
    fc.oneof(noun({ search: named('list.csv'), pictures: place }, ['search']), fc.record({ queries: place, gallery: place })),
  ),
);
/** What a list among the files may be: of any of the kinds that a truth is written in. */
const truths = fc.tuple(place, place).map(([a, b]) => ({
  'datasets/list.json': JSON.stringify({
    images: [{ id: 1, file_name: a }],
    annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1] }],
    categories: [{ id: 1, name: 'red' }],
  }),
  'datasets/data.yaml': JSON.stringify({ path: a, val: [b, `${b}.txt`], names: ['red'] }),
  'datasets/pairs.csv': `file_a,file_b,same\n${JSON.stringify(a)},${JSON.stringify(b)},1\n`,
}));
const lists = fc
  .array(place, { maxLength: 3 })
  .map((files) => `file,class\n${files.map((file) => `${JSON.stringify(file)},red\n`).join('')}`);

const playlists = fc.array(place, { maxLength: 3 }).map((files) => `#EXTM3U\n${files.join('\n')}\n`);

describe('a dataset that a pull request brings', () => {
  it('is loaded and read, or refused: nothing outside its commit is looked at, and no word of what is there is told', async () =>
    await forAllFiles(
      fc.record({
        manifest: fc.oneof(research, replay, tasks),
        list: lists,
        playlist: playlists,
        truth: truths,
        pinned: fc.array(place, { maxLength: 4 }),
      }),
      async ({ manifest, list, playlist, truth, pinned }) => {
        await writeFile(path.join(commit, 'mine/night.m3u8'), playlist);
        const hex = hexOf(digestOf(picture));
        const secret = hexOf(digestOf(`${CANARY}\n`));
        const pins = ['red/a.png', 'green/b.png', 'clip/0.png', 'red/link.png'].map((file) => `${hex}  ${file}\n`);
        const files: Record<string, string> = {
          'datasets/mine.yaml': JSON.stringify(manifest),
          'datasets/mine.sha256': [
            ...pins,
            `${hexOf(digestOf(playlist))}  night.m3u8\n`,
            ...pinned.map((file) => `${secret}  ${file}\n`),
          ].join(''),
          'datasets/list.csv': list,
          ...truth,
        };
        const ref: ManifestRef = {
          name: 'mine',
          path: 'datasets/mine.yaml',
          readFile: (file) => Promise.resolve(Object.hasOwn(files, file) ? files[file] : undefined),
          data: { kind: 'commit', by: 'head', extract },
        };
        trace.seen();
        const told = await loadAndRead(ref);
        const outside = trace
          .seen()
          .filter((file) => file.startsWith(top) && file !== commit && !file.startsWith(`${commit}${path.sep}`));
        expect(outside).toEqual([]);
        expect(told).not.toContain(CANARY);
        expect(told).not.toContain(`found sha256:`);
      },
    ));
});

/** As Git has it: a path of a commit goes through no link. */
async function extract(folder: string): Promise<string> {
  const at = path.join(commit, folder);
  if ((await realpath(at).catch(() => undefined)) === at) return at;
  throw new CouldNotRun({ file: folder, message: 'no such folder', remedy: '' });
}

async function loadAndRead(ref: ManifestRef): Promise<string> {
  try {
    const open = await new FileSampleSource().load(ref);
    const { dataset } = open;
    if (dataset.medium === 'pictures') for (const sample of dataset.samples) await open.read(sample);
    else for (const clip of dataset.clips) for await (const _ of open.frames(clip, 1)) continue;
    return JSON.stringify(dataset);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return thrown.message;
  }
}
