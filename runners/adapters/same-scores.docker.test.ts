import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileImageStore, StockRuntimeBuilder } from '#images/adapters';
import { digestOf, float32Of, releaseOf, silentProgress, type InferRequest } from '#kernel';
import { withoutEngine } from '../../testing/test-image.ts';
import { testCache } from '../../testing/worlds/model-repository.ts';
import { writeTinyModel } from '../../testing/tiny-model.ts';
import type { Chipset } from '../chipset.ts';
import type { ModelRunner, RunningModel, Servable } from '../model-runner.ts';
import { detectHost } from './chipset-key.ts';
import { dockerModelRunner } from './docker-model-runner.ts';
import { processModelRunner } from './process-model-runner.ts';

const lacking = await withoutEngine();
const chipset: Chipset = {
  name: 'here',
  platform: '',
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: 512 * 1024 * 1024 },
};
const pixels = (seed: number) => Uint8Array.from({ length: 40 * 30 * 3 }, (_, index) => (index * seed) % 251);

describe.skipIf(lacking !== null)(
  `the stock runtime in a process and in a container${lacking === null ? '' : `: ${lacking}`}`,
  () => {
    let models: RunningModel[];
    let unfit: Servable;
    const runners: ModelRunner[] = [processModelRunner(), dockerModelRunner()];

    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'fieldproof-same-'));
      const built = await new StockRuntimeBuilder({
        store: new FileImageStore(join(testCache, 'images')),
        environment: process.env,
      }).build((await detectHost()).platform, silentProgress);
      const image = { layout: built.layout, manifest: built.digest, config: built.config.digest };
      const runtimeImage = { from: 'installation', load: async () => image } as const;
      const servable = (name: string): Servable => ({
        kind: 'model',
        release: releaseOf({ model: digestOf(name), runtime: built.digest }),
        folder: join(folder, name),
        runtimeImage,
      });
      await writeTinyModel(join(folder, 'model'));
      await writeTinyModel(join(folder, 'unfit'), { operator: 'Frobnicate' });
      unfit = servable('unfit');
      models = await Promise.all(runners.map(async (runner) => await runner.start(servable('model'), chipset)));
    });
    afterAll(async () => {
      for (const model of models) await model.stop();
    });

    const scores = async (request: InferRequest) =>
      await Promise.all(
        models.map(async (model) => (await model.infer(request)).outputs.flatMap((output) => [...float32Of(output)])),
      );

    it('give the same scores for encoded images, bit for bit', async () => {
      const raw = { width: 40, height: 30, channels: 3 } as const;
      const data = await Promise.all([3, 7, 11].map(async (seed) => await sharp(pixels(seed), { raw }).jpeg().toBuffer()));
      const [inProcess, inContainer] = await scores({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [3], data }] });
      expect(inProcess).toHaveLength(9);
      expect(inContainer).toEqual(inProcess);
    });

    it('give the same scores for frames, bit for bit', async () => {
      const data = new Uint8Array([...pixels(5), ...pixels(13)]);
      const [inProcess, inContainer] = await scores({
        inputs: [{ name: 'frames', datatype: 'UINT8', shape: [2, 30, 40, 3], data }],
      });
      expect(inProcess).toHaveLength(6);
      expect(inContainer).toEqual(inProcess);
    });

    it('find the same wrong with a model', async () => {
      const messages = await Promise.all(
        runners.map(async (runner) => await runner.start(unfit, chipset).then(String, (error: unknown) => String(error))),
      );
      expect(messages[0]).toMatch(/\/unfit\/tiny\.onnx: wants the operator .*Frobnicate.*remedy: export the model/s);
      expect(messages[1]).toContain('/unfit/tiny.onnx: wants the operator');
    });
  },
);
