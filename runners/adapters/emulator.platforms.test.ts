import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileImageStore, StockRuntimeBuilder } from '#images/adapters';
import { digestOf, float32Of, releaseOf, silentProgress } from '#kernel';
import { withoutEmulator } from '../../testing/emulator.ts';
import { testCache } from '../../testing/worlds/model-repository.ts';
import type { Chipset } from '../chipset.ts';
import type { RunningModel } from '../model-runner.ts';
import { findEmulator } from './emulator.ts';
import { processModelRunner } from './process-model-runner.ts';

const DATA = path.resolve(import.meta.dirname, '../../../shared/data/real');
const lacking = withoutEmulator ?? (existsSync(DATA) ? null : 'there is no ../shared/data/real here');

const pi: Chipset = {
  name: 'pi',
  platform: 'linux/arm64',
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: ['asimddp'] },
  limits: { cpus: 2, memoryBytes: 64 * 1024 * 1024 },
};
const amd64 = { platform: 'linux/amd64', cpuModel: 'x', cpuFlags: [], cores: 2, usableCpus: 2, governor: null };

describe('findEmulator', () => {
  it.each<[string, Chipset, typeof amd64]>([
    ['for what this machine is itself', pi, { ...amd64, platform: 'linux/arm64' }],
    ['for a platform that none is for', { ...pi, platform: 'linux/riscv64' }, amd64],
    ['for a chipset that is elsewhere', { ...pi, at: { kind: 'runner', label: 'pi' } }, amd64],
  ])('looks for none %s', async (_, chipset, host) => {
    expect(await findEmulator(host, chipset, '/usr/bin')).toBeNull();
  });

  it('finds none where none is installed, and the chipset is told to be missing', async () => {
    const runner = processModelRunner(undefined, '/nowhere');
    expect(await runner.runsImage(pi)).toBe(false);
    expect((await runner.missing(pi)).join()).toMatch(/it is linux\/arm64, this machine is/);
  });
});

describe.skipIf(lacking !== null)(`SqueezeNet under the arm64 runtime, emulated${lacking === null ? '' : `: ${lacking}`}`, () => {
  let folder: string;
  let model: RunningModel;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-emulated-'));
    await copyFile(path.join(DATA, 'models/squeezenet-fp16.onnx'), path.join(folder, 'squeezenet.onnx'));
    const description = `version: 1
name: squeezenet
task: classification
weights: { default: squeezenet.onnx }
preprocess: { resize: { shorter-side: 256, kernel: lanczos3 }, crop: { width: 224, height: 224 }, channels: bgr, mean: [104, 117, 123] }
`;
    await writeFile(path.join(folder, 'model.yaml'), description);
    const store = new FileImageStore(path.join(testCache, 'images'));
    const image = await new StockRuntimeBuilder({ store, environment: process.env }).build(pi.platform, silentProgress);
    const load = async () => ({ layout: image.layout, manifest: image.digest, config: image.config.digest });
    model = await processModelRunner().start(
      {
        kind: 'model',
        release: releaseOf({ model: digestOf('squeezenet'), runtime: image.digest }),
        folder,
        runtimeImage: { from: 'installation', load },
      },
      pi,
    );
  });
  afterAll(async () => {
    await model.stop();
    await rm(folder, { recursive: true });
  });

  it('is known not to be silicon', async () => {
    const runner = processModelRunner();
    expect(await runner.missing(pi)).toEqual([]);
    expect(await runner.detect(pi)).toMatchObject({
      cpuModel: 'cortex-a76',
      emulator: expect.stringMatching(/^qemu-aarch64 \d/),
    });
    expect(await model.peakMemory()).toBeNull();
  });

  // All 200 take seven minutes (docs/measurements.md). Of the first 20, native code puts 13 right.
  it('is as good as where nothing is emulated', async () => {
    const [, ...rows] = (await readFile(path.join(DATA, 'ground-truth.csv'), 'utf8')).trim().split('\n');
    let right = 0;
    for (const row of rows.slice(0, 20)) {
      const at = row.lastIndexOf(',');
      const data = [await readFile(path.join(DATA, 'images', row.slice(0, at)))];
      const { outputs } = await model.infer({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data }] });
      const scores = outputs[0] ? float32Of(outputs[0]) : new Float32Array();
      if (scores.indexOf(Math.max(...scores)) === Number(row.slice(at + 1))) right += 1;
    }
    expect(Math.abs(right - 13)).toBeLessThanOrEqual(1);
  });
});
