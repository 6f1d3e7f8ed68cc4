import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeInferRequest, parseModelMetadata } from '#kernel';
import { writeTinyModel } from '../testing/tiny-model.ts';
import { frames, images, serve, type Served } from './serve.fixture.ts';

let folder: string;
let tcp: Served;
let socket: Served;
const flat = (r: number, g: number, b: number, side = 8) =>
  sharp({ create: { width: side, height: side, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3)));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-runtime-'));
  await writeTinyModel(folder);
  [tcp, socket] = await Promise.all([
    serve(['--model', folder, '--port', '0', '--variant', 'int8']),
    serve(['--model', folder, '--socket', path.join(folder, 'model.sock')]),
  ]);
});
afterAll(async () => {
  await Promise.all([tcp, socket].map((served) => served?.stop()));
  await rm(folder, { recursive: true });
});

describe('the runtime', () => {
  it('says where it listens and what it serves: the default weights when the wanted ones are not there', () => {
    expect(tcp.first).toMatchObject({ model: 'tiny', variant: 'default' });
    expect(tcp.first.listening).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(socket.first.listening).toBe(`unix:${folder}/model.sock`);
  });

  it('answers health, readiness and metadata', async () => {
    expect(await tcp.get('/v2')).toMatchObject({
      name: 'fieldproof-runtime',
      extensions: ['binary_tensor_data', 'model_repository'],
    });
    const index = await tcp.ask({ method: 'POST', path: '/v2/repository/index' });
    expect(JSON.parse(Buffer.from(index.body).toString())).toEqual([{ name: 'tiny', state: 'READY' }]);
    expect(await tcp.get('/v2/health/live')).toEqual({ live: true });
    expect(await tcp.get('/v2/health/ready')).toEqual({ ready: true });
    expect(await tcp.get('/v2/models/tiny/versions/1/ready')).toEqual({ name: 'tiny', ready: true });
    expect(parseModelMetadata(await socket.get('/v2/models/tiny'))).toEqual({
      name: 'tiny',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [
        { name: 'image', datatype: 'BYTES', shape: [-1] },
        { name: 'frames', datatype: 'UINT8', shape: [-1, -1, -1, 3] },
      ],
      outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, 3] }],
      labels: ['red', 'green', 'blue'],
      threshold: 0.5,
      variant: 'default',
    });
  });

  it('scores encoded pictures in one request, over TCP and over a unix socket alike', async () => {
    const request = { id: 'a', inputs: [images([await flat(255, 0, 51), await flat(0, 102, 255, 50)])] };
    const expected = { shape: [2, 3], scores: [1, 0, 0.2, 0, 0.4, 1] };
    for (const served of [tcp, socket]) {
      const { shape, scores } = await served.infer(request);
      expect({ shape, scores: rounded(scores) }).toEqual(expected);
    }
  });

  it('scores raw frames as it scores a PNG of them, with the parameters of a clip', async () => {
    const [width, height] = [60, 40];
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7 + (at % 3) * 60) % 256);
    const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const clip = { sequence_id: 'clip-1', sequence_start: true, sequence_end: false, timestamp: 0.25 };
    const ofFrame = await tcp.infer(frames([1, height, width, 3], pixels, clip));
    const ofPicture = await tcp.infer({ inputs: [images([png])] });
    expect(ofFrame).toEqual(ofPicture);
    expect(new Set(ofFrame.scores).size).toBe(3);
  });

  it('takes frames of the wanted size as they are, many at once', async () => {
    const pixels = new Uint8Array(40 * 8 * 8 * 3);
    for (let frame = 0; frame < 40; frame += 1) pixels.fill(frame, frame * 192, (frame + 1) * 192);
    const { shape, scores } = await tcp.infer(frames([40, 8, 8, 3], pixels));
    expect(shape).toEqual([40, 3]);
    expect(scores.every((score, index) => Math.abs(score - Math.floor(index / 3) / 255) < 1e-6)).toBe(true);
  });

  it('answers each of many requests at once with its own scores', async () => {
    const levels = Array.from({ length: 24 }, (_, index) => index * 10);
    const answers = await Promise.all(
      levels.map(async (level) => socket.infer({ inputs: [images([await flat(level, 0, 255)])] })),
    );
    expect(answers.map(({ scores }) => Math.round((scores[0] ?? 0) * 255))).toEqual(levels);
  });

  it('speaks plain JSON too', async () => {
    const { body } = encodeInferRequest({ inputs: [images([await flat(255, 0, 0)])] }, 'json');
    const answer = await tcp.ask({ method: 'POST', path: '/v2/models/tiny/versions/1/infer', body });
    expect(answer.headers['inference-header-content-length']).toBeUndefined();
    expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
      model_name: 'tiny',
      model_version: '1',
      outputs: [{ name: 'scores', datatype: 'FP32', shape: [1, 3], data: [1, 0, 0] }],
    });
  });
});

describe('what the runtime refuses', () => {
  const infer = '/v2/models/tiny/infer';
  it.each([
    ['text', { body: 'hello' }, 400, "JSON can't be read"],
    [
      'a header length that is none',
      { body: '{}', headers: { 'Inference-Header-Content-Length': '-1' } },
      400,
      'not a number of bytes',
    ],
    [
      'a header longer than the body',
      { body: '{}', headers: { 'Inference-Header-Content-Length': '7' } },
      400,
      'the body has 2 bytes',
    ],
    ['GET', { method: 'GET' }, 405, 'takes POST, not GET'],
    ['a compressed body', { body: 'x', headers: { 'Content-Encoding': 'gzip' } }, 415, 'Content-Encoding gzip'],
    ['another model', { path: '/v2/models/porch/infer', body: '{}' }, 404, 'no model "porch" here, only "tiny"'],
    ['another version', { path: '/v2/models/tiny/versions/2/infer', body: '{}' }, 404, 'no version "2" of "tiny", only 1'],
    ['a broken path', { path: '/v2/models/%ff', method: 'GET' }, 404, 'no model "%ff"'],
    ['what is elsewhere', { path: '/metrics', method: 'GET' }, 404, 'the protocol begins at /v2'],
  ])('%s, and says why', async (_, ask, status, message) => {
    const answer = await tcp.ask({ method: 'POST', path: infer, ...ask });
    expect(answer.status).toBe(status);
    expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({ error: expect.stringContaining(message) });
  });

  it.each([
    ['no picture', images([]), 'holds no picture'],
    ['no JPEG', images([Buffer.from('hello')]), 'no JPEG, PNG or WebP'],
    ['257 pictures', images(Array.from({ length: 257 }, () => Uint8Array.of(1))), '257 pictures in one request'],
    ['an unknown input', { ...images([Uint8Array.of(1)]), name: 'photo' }, 'expected one input: .*not .*photo'],
  ])('%s with 400', async (_, input, message) => {
    await expect(tcp.infer({ inputs: [input] })).rejects.toThrow(new RegExp(`^400 .*${message}`));
  });

  it('frames that are no frames, and two inputs at once', async () => {
    await expect(tcp.infer(frames([1, 8, 8, 4], new Uint8Array(256)))).rejects.toThrow('400');
    await expect(tcp.infer(frames([1, 0, 8, 3], new Uint8Array()))).rejects.toThrow('holds no picture');
    await expect(
      tcp.infer({ inputs: [images([await flat(1, 1, 1)]), { ...images([await flat(1, 1, 1)]), name: 'b' }] }),
    ).rejects.toThrow('not 2');
    const { headerLength, body } = encodeInferRequest(frames([1, 8, 8, 3], new Uint8Array(192)));
    const cut = await tcp.ask({
      method: 'POST',
      path: infer,
      headers: { 'Inference-Header-Content-Length': headerLength ?? 0 },
      body: body.subarray(0, -1),
    });
    expect(Buffer.from(cut.body).toString()).toContain('191 bytes are left');
  });

  it('a body that is larger than its limit, before it is sent', async () => {
    const answer = await tcp.ask({ method: 'POST', path: infer, headers: { 'Content-Length': 300 * 1024 * 1024 }, body: '{' });
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([413, expect.stringContaining('send fewer pictures')]);
  });

  it('nothing of this stops it from serving', async () => {
    expect((await tcp.infer({ inputs: [images([await flat(255, 255, 255)])] })).scores).toEqual([1, 1, 1]);
  });
});

describe('the life of the runtime', () => {
  it('ends by SIGTERM with 0, and takes its socket with it', async () => {
    const served = await serve(['--model', folder, '--socket', path.join(folder, 'short.sock')]);
    expect(await served.stop()).toBe(0);
    await expect(served.get('/v2/health/live')).rejects.toThrow('ENOENT');
  });

  it('ends with its standard input when asked to, so that no child outlives its parent', async () => {
    const served = await serve(['--model', folder, '--port', '0', '--stop-with-stdin']);
    served.child.stdin?.end();
    await once(served.child, 'close');
    expect(served.child.exitCode).toBe(0);
  });

  it('tells nobody about the models it serves: ONNX Runtime keeps no identifier and no queue of telemetry', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'fieldproof-home-'));
    const served = await serve(['--model', folder, '--port', '0'], { HOME: home });
    await served.infer({ inputs: [images([await flat(1, 2, 3)])] });
    await served.stop();
    expect(await readdir(home)).toEqual([]);
    await rm(home, { recursive: true });
  });

  it('does not start where it cannot listen', async () => {
    const port = new URL(tcp.first.listening).port;
    await expect(serve(['--model', folder, '--port', port])).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("can't listen"),
    });
  });
});
