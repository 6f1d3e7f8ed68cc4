import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { float32Of, type InferRequest } from '#kernel';
import { serveDialect, usual, type Dialect } from '../../testing/model-servers/dialects.ts';
import { openInferenceClient, type InferenceClient } from './inference-client.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const pictures: InferRequest = {
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [2], data: [Uint8Array.of(200, 1, 2), Uint8Array.of(7)] }],
  parameters: { sequence_id: 3 },
};
const scores = [200 / 3, 3, 7 / 3, 1];

async function clientOf(dialect: Partial<Dialect>, wanted: { name?: string; version?: string } = {}): Promise<InferenceClient> {
  const { socketPath, close } = await serveDialect({ ...usual, ...dialect });
  const { name = null, version = null } = wanted;
  const client = openInferenceClient({ socketPath }, { answerWithin: 5000, stranger: true, wanted: { name, version } });
  closing.push(async () => await client.close(), close);
  return client;
}

async function untilReady(client: InferenceClient): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1)
    if (await client.ready()) return;
    else await sleep(5);
  expect.fail('it was never ready');
}

describe('a server is met as it is', () => {
  it.each<[string, Partial<Dialect>, { name?: string; version?: string }, RegExp | null]>([
    ['as Triton has it', { takes: 'text' }, {}, null],
    ['as ours has it', {}, {}, null],
    ['as MLServer has it', { lists: 'index-with-json', takes: 'json', described: false }, {}, /no binary tensors: .*base64/],
    ["as KServe's own server has it", { lists: 'models', takes: 'binary-in' }, {}, /answers come as JSON/],
    ["as OpenVINO's has it", { lists: 'config', takes: 'binary' }, {}, null],
    ['that is ready by its model alone', { ready: 'model' }, {}, null],
    ['that is ready before its model is', { ready: 'slow-model' }, {}, null],
    ['that lists nothing, with a model of our name', { lists: 'nowhere', models: [{ name: 'model' }] }, {}, null],
    ['that lists nothing, with a model that is named', { lists: 'nowhere' }, { name: 'resnet' }, null],
    ['of several models, of which one is named', { models: [{ name: 'a' }, { name: 'resnet' }] }, { name: 'resnet' }, null],
    ['of several models, of which one bears our name', { models: [{ name: 'a' }, { name: 'model' }] }, {}, null],
    ['with a model that was not loaded', { models: [{ name: 'a', state: 'UNAVAILABLE' }, { name: 'b' }] }, {}, null],
    ['that must be told the version that it lists', { versioned: true, models: [{ name: 'm', version: '3' }] }, {}, null],
    [
      'that must be told a version',
      { lists: 'nowhere', versioned: true, models: [{ name: 'm', version: '2' }] },
      { name: 'm', version: '2' },
      null,
    ],
    ['that takes no parameters', { takes: 'strict-json' }, {}, /takes no parameters/],
    ['that says otherwise to JSON', { takes: 'misread' }, {}, /answers the same pictures otherwise when they come as JSON/],
  ])('%s', async (_, dialect, wanted, manner) => {
    const client = await clientOf(dialect, wanted);
    await untilReady(client);
    expect((await client.describe()).name).not.toBe('');
    const answers = await Promise.all([client.infer(pictures), client.infer(pictures)]);
    const expected = dialect.takes === 'misread' ? [0, 1, 0, 1] : scores;
    for (const { outputs } of answers) {
      const found = outputs.flatMap((output) => [...float32Of(output)]);
      expect(found.map((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-4)).toEqual(
        scores.map(() => true),
      );
    }
    expect(client.manner() ?? 'as usual').toMatch(manner ?? /^as usual$/);
  });

  it('but not where it serves several models, and none that we could know', async () => {
    const client = await clientOf({ models: [{ name: 'a' }, { name: 'b' }] });
    await expect(client.ready()).rejects.toThrow('it serves 2 models (a, b), where exactly one is expected');
    const other = await clientOf({ models: [{ name: 'a' }, { name: 'b' }] }, { name: 'c' });
    await expect(other.ready()).rejects.toThrow('it serves 2 models (a, b), where "c" was asked for');
  });
});
