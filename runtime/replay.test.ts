import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '#kernel';
import { FileImageStore, PictureClipImageBuilder } from '#images/adapters';
import { writeExportedModel } from '../testing/exported-model.ts';
import { writeTinyModel } from '../testing/tiny-model.ts';
import { compareScores } from './compare-scores.ts';
import { serve, type Served } from './serve.fixture.ts';

const REPLAY = fileURLToPath(new URL('replay.ts', import.meta.url));
const RELEASE = `sha256:${'a'.repeat(64)}`;
const WIDTH = 24;
const HEIGHT = 16;

/** Frames that turn from red to blue. */
async function* frames(count = 5) {
  for (let index = 0; index < count; index += 1) {
    const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => [255 - 60 * index, 0, 60 * index][at % 3] ?? 0);
    yield await Promise.resolve({ timestamp: index * 0.4, width: WIDTH, height: HEIGHT, pixels });
  }
}
const red = [0, 1, 2, 3, 4].map((index) => (255 - 60 * index) / 255);
const expectedOf = (scores: readonly number[], tolerance = 0.02) =>
  JSON.stringify({ version: 1, classes: 3, tolerance, labels: { fire: { classes: [0], scores } } });

let folder: string;
let served: Served;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-replay-'));
  await writeTinyModel(path.join(folder, 'model'));
  const builder = new PictureClipImageBuilder({ store: new FileImageStore(path.join(folder, 'images')) });
  const image = await builder.build({ clip: 'lobby/1.mp4', platforms: ['linux/amd64'], frames: frames() }, silentProgress);
  clip = image.folder ?? '';
  served = await serve(['--model', path.join(folder, 'model'), '--port', '0']);
});
afterAll(async () => {
  await served.stop();
  await rm(folder, { recursive: true });
});

type Ran = { code: number; out: Record<string, unknown> };

function replay(words: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const given = { url: served.first.listening, clip, release: RELEASE, expected: expectedOf(red), ...words };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  return new Promise((resolve) => {
    execFile(process.execPath, [REPLAY, ...args], { env: {} }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), out: JSON.parse(stdout || stderr) as Record<string, unknown> });
    });
  });
}

describe('a replay at a site', () => {
  it('passes when the model answers as it was judged, and says how near', async () => {
    const { code, out } = await replay();
    expect({ code, out }).toMatchObject({
      code: 0,
      out: { replay: 'pass', frames: 5, agreeing: 5, clip: 'lobby/1.mp4', variant: 'default', release: RELEASE, tolerance: 0.02 },
    });
    expect((out['worst'] as { difference: number }).difference).toBeLessThan(0.005);
  });

  it('fails when a score is further away than it may be, and names the worst', async () => {
    const { code, out } = await replay({ expected: expectedOf(red.map((score, index) => (index === 3 ? score + 0.2 : score))) });
    expect({ code, out }).toMatchObject({
      code: 1,
      out: { replay: 'fail', agreeing: 4, worst: { label: 'fire', timestamp: 1.2000000000000002 } },
    });
  });

  it('fails against weights that are not the judged ones', async () => {
    await writeTinyModel(path.join(folder, 'other'), { gains: [0.5, 1, 1] });
    const other = await serve(['--model', path.join(folder, 'other'), '--port', '0']);
    try {
      expect(await replay({ url: other.first.listening })).toMatchObject({ code: 1, out: { replay: 'fail' } });
    } finally {
      await other.stop();
    }
  });

  it('fails, and does not pass, when the model scores other classes', async () => {
    const expected = JSON.stringify({ ...(JSON.parse(expectedOf(red)) as object), classes: 4 });
    expect(await replay({ expected })).toMatchObject({ code: 1, out: { replay: 'fail', agreeing: 0 } });
  });

  it('looks at the boxes of a detector that the rule of the judged clip looks at', async () => {
    // One box, at the lower right.
    await writeExportedModel(
      path.join(folder, 'detector'),
      {
        inputs: [{ name: 'images', type: 'float32', shape: [1, 3, HEIGHT, WIDTH] }],
        outputs: [{ name: 'rows', shape: [1, 6], values: [14, 8, 22, 15, 0.75, 0] }],
      },
      {
        task: 'detection',
        labels: ['fire'],
        threshold: 0.5,
        preprocess: { resize: { width: WIDTH, height: HEIGHT, kernel: 'linear' } },
        output: { kind: 'rows', columns: ['x1', 'y1', 'x2', 'y2', 'score', 'class'] },
        postprocess: { nms: 'none' },
      },
    );
    const detector = await serve(['--model', path.join(folder, 'detector'), '--port', '0']);
    const half = (from: number) => [
      [from, 0],
      [from + 0.5, 0],
      [from + 0.5, 1],
      [from, 1],
    ];
    const expecting = (score: number, boxes: object) =>
      JSON.stringify({ ...(JSON.parse(expectedOf(red.map(() => score))) as object), classes: 1, boxes });
    const told = async (score: number, boxes: object) =>
      (await replay({ url: detector.first.listening, expected: expecting(score, boxes) })).out['replay'];
    try {
      expect(await told(0.75, { minimumArea: 0, zones: [half(0.5)] })).toBe('pass');
      expect(await told(0.75, { minimumArea: 0, zones: [half(0)] })).toBe('fail');
      expect(await told(0, { minimumArea: 0, zones: [half(0)] })).toBe('pass');
      expect(await told(0, { minimumArea: 0.2, zones: null })).toBe('pass');
    } finally {
      await detector.stop();
    }
  });

  it('could not run when nobody answers, and does not wait for ever', async () => {
    const url = await freeAddress();
    const { code, out } = await replay({ url, 'ready-within': '0' });
    expect({ code, out }).toMatchObject({ code: 3, out: { replay: 'could not run' } });
    expect(JSON.stringify(out)).toMatch(/is not ready within 0 s: fetch failed/);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no clip', { clip: '/nowhere' }, /clip\.json.*can't be read/],
    ['no address', { url: 'porch:8000' }, /not an http address/],
    ['no digest', { release: 'v1' }, /not a digest/],
    ['no expectation', { expected: '{}' }, /not what a check writes/],
    ['a word too many', { extra: 'x' }, /Unknown option.*node runtime\/replay\.ts --url/],
  ])('could not run with %s', async (_, words, message) => {
    const { code, out } = await replay(words);
    expect(code).toBe(3);
    expect(JSON.stringify(out)).toMatch(message);
  });

  it('could not run when the clip has another number of frames than was judged', async () => {
    const { code, out } = await replay({ expected: expectedOf(red.slice(1)) });
    expect({ code, out: JSON.stringify(out) }).toEqual({
      code: 3,
      out: expect.stringContaining('the clip has 5 frames, and 4 were judged'),
    });
  });

  it('could not run when a frame is damaged', async () => {
    const builder = new PictureClipImageBuilder({ store: new FileImageStore(path.join(folder, 'damaged')) });
    const image = await builder.build({ clip: 'x', platforms: ['linux/amd64'], frames: frames() }, silentProgress);
    await writeFile(path.join(image.folder ?? '', 'frames/00002.webp'), 'RIFFxxxxWEBPno');
    expect((await replay({ clip: image.folder ?? '' })).code).toBe(3);
  });
});

describe('scores', () => {
  it('that are no numbers never agree', () => {
    const expected = { version: 1 as const, classes: 1, tolerance: 1, labels: { a: { classes: [0], scores: [0.5] } } };
    expect(compareScores([{ timestamp: 0, scores: { a: Number.NaN } }], expected)).toMatchObject({
      replay: 'fail',
      agreeing: 0,
    });
    expect(compareScores([{ timestamp: 0, scores: { a: 0.5 } }], expected)).toMatchObject({
      replay: 'pass',
      worst: { difference: 0 },
    });
  });
});

function freeAddress(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      server.close(() => resolve(`http://127.0.0.1:${port}`));
    });
  });
}
