import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { startS3, type S3Server } from '../../testing/fakes/s3-server.ts';
import type { ClipDataset } from '../dataset.ts';
import type { Footage } from '../footage.ts';
import { folderFootage } from './folder-footage.ts';
import { writeGreyClip, problemsOf } from './repository.fixture.ts';
import { s3Footage } from './s3-footage.ts';

let scratch: string;
let folder: string;
let server: S3Server;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'fieldproof-footage-'));
  folder = join(scratch, 'arrived');
  mkdirSync(join(folder, 'lobby'), { recursive: true });
  writeGreyClip(join(folder, 'lobby', 'b.mp4'));
  writeGreyClip(join(folder, 'lobby', 'cut.mp4'));
  truncateSync(join(folder, 'lobby', 'cut.mp4'), Math.floor(statSync(join(folder, 'lobby', 'cut.mp4')).size / 2));
  writeFileSync(join(folder, 'lobby', 'b.json'), '{"site":"lobby"}');
  writeFileSync(join(folder, 'large.json'), 'x'.repeat(70_000));
  server = await startS3(['cameras', 'many']);
  await server.putFolder('cameras', folder, 'porch/');
  symlinkSync('/etc', join(folder, 'elsewhere'));
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
});
afterAll(async () => {
  await server.close();
  rmSync(scratch, { recursive: true });
});

const places: Record<string, () => Footage> = {
  'a folder': () => folderFootage(folder),
  'a bucket': () => bucketAt('cameras', 'porch/'),
};

function bucketAt(bucket: string, prefix: string): Footage {
  return s3Footage({ bucket, prefix, endpoint: server.endpoint, region: null, cache: join(scratch, 'cache') });
}

async function fileIn(footage: Footage, name: string) {
  const file = (await footage.list()).find((one) => one.name === name);
  if (file === undefined) throw new Error(`${name} is not listed`);
  return file;
}

function datasetOf(id: string, pin: ReturnType<typeof digestOf>): ClipDataset {
  const rule = { labels: { grey: [0] }, framesPerSecond: 5, persistence: 1, mergeGap: 0, tolerance: 0 };
  const clip = { id, media: { kind: 'video' as const, pin }, site: 'lobby', conditions: {}, events: [] };
  return {
    round: 'replay',
    medium: 'clips',
    task: 'events',
    name: 'arrived',
    digest: pin,
    classes: ['grey'],
    rule,
    cluster: 'clip',
    clips: [clip],
  };
}

async function framesOf(footage: Footage, dataset: ClipDataset): Promise<number> {
  let frames = 0;
  const [clip] = dataset.clips;
  if (clip !== undefined) for await (const _ of footage.open(dataset).frames(clip, 5)) frames += 1;
  return frames;
}

describe.each(Object.keys(places))('footage in %s', (name) => {
  const open = () => places[name]?.() ?? folderFootage(folder);

  it('is listed by name, with sizes, and nothing that a link leads to', async () => {
    const files = await open().list();
    expect(files.map((file) => file.name)).toEqual(['large.json', 'lobby/b.json', 'lobby/b.mp4', 'lobby/cut.mp4']);
    expect(files[2]).toMatchObject({ bytes: statSync(join(folder, 'lobby', 'b.mp4')).size });
    expect(Date.parse(files[2]?.modifiedAt ?? '')).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('gives small texts, and refuses large ones', async () => {
    const footage = open();
    expect(await footage.readText(await fileIn(footage, 'lobby/b.json'))).toBe('{"site":"lobby"}');
    expect((await problemsOf(footage.readText(await fileIn(footage, 'large.json')))).join()).toContain('larger than 64 KiB');
  });

  it('is pinned by its bytes, and decoded from them', async () => {
    const footage = open();
    const { pin, bytes } = await footage.pin(await fileIn(footage, 'lobby/b.mp4'));
    expect(bytes).toBe(statSync(join(folder, 'lobby', 'b.mp4')).size);
    const dataset = datasetOf('lobby/b.mp4', pin);
    expect(await framesOf(footage, dataset)).toBe(10);
    const [clip] = dataset.clips;
    expect(clip === undefined ? 0 : await footage.open(dataset).seconds(clip)).toBeCloseTo(2, 1);
  });

  it('names a clip that is not whole', async () => {
    const footage = open();
    const { pin } = await footage.pin(await fileIn(footage, 'lobby/cut.mp4'));
    expect((await problemsOf(framesOf(footage, datasetOf('lobby/cut.mp4', pin)))).join()).toContain('cut.mp4');
  });

  it('is not decoded when it is no longer what arrived', async () => {
    expect((await problemsOf(framesOf(open(), datasetOf('lobby/b.mp4', digestOf('something else'))))).join()).toContain(
      'its arrival',
    );
  });
});

describe('a place', () => {
  it('that is not there is an error that says so', async () => {
    expect((await problemsOf(folderFootage(join(scratch, 'nowhere')).list())).join()).toMatch(
      /nowhere: the footage cannot be listed/,
    );
    expect((await problemsOf(bucketAt('nobody', '').list())).join()).toMatch(
      /s3:\/\/nobody\/: cannot be read: .*bucket does not exist/,
    );
  });

  it('with more objects than a page holds is listed whole', async () => {
    for (let index = 0; index < 1003; index += 1) await server.put('many', `${String(index).padStart(4, '0')}.txt`, 'x');
    expect(await bucketAt('many', '').list()).toHaveLength(1003);
  });
});
