import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { silentProgress } from '#kernel';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { testCache } from '../../../testing/worlds/model-repository.ts';
import { writeTinyModel } from '../../../testing/tiny-model.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { engineAnswers, loadIntoEngine, requestFor, temporaryFolder } from '../images.fixture.ts';
import { ModelImageBuilder } from './model-image-builder.ts';
import { StockRuntimeBuilder } from './runtime-image-builder.ts';

const SANDBOX = [
  '--network=none',
  '--read-only',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--user=65532',
  '--tmpfs=/tmp',
];
const ASK = `fetch('http://127.0.0.1:8000/v2/health/ready').then(({ status }) => console.log(status), () => console.log('not yet'))`;

describe.skipIf(!(await engineAnswers()))('images that were made without an engine (needs a Docker engine)', () => {
  it('a model image is loaded under the digest of its config, and holds the folder', async () => {
    const root = await temporaryFolder();
    await writeTinyModel(join(root, 'model'));
    const store = new FileImageStore(join(root, 'images'));
    const image = await new ModelImageBuilder({ store }).build(requestFor(join(root, 'model')), silentProgress);
    expect(await loadIntoEngine(image)).toContain(`Loaded image ID: ${image.config.digest}`);
    const { stdout: container } = await execa('docker', ['create', image.config.digest, 'nothing']);
    try {
      const copied = await execa('docker', ['cp', `${container}:/tiny.onnx`, join(root, 'copy')]);
      expect(copied.exitCode).toBe(0);
      await execa('cmp', [join(root, 'copy'), join(image.folder ?? '', 'tiny.onnx')]);
    } finally {
      await execa('docker', ['rm', '--force', container]);
      await execa('docker', ['image', 'rm', image.config.digest]);
    }
  });

  it('the stock runtime serves a model image in a sealed container, as nobody', async () => {
    const root = await temporaryFolder();
    await writeTinyModel(join(root, 'model'));
    const store = new FileImageStore(join(root, 'images'));
    const model = await new ModelImageBuilder({ store }).build(requestFor(join(root, 'model')), silentProgress);
    const kept = new FileImageStore(join(testCache, 'images'));
    const runtime = await new StockRuntimeBuilder({ store: kept, environment: process.env }).build('linux/amd64', silentProgress);
    expect(await loadIntoEngine(runtime)).toContain(`Loaded image ID: ${runtime.config.digest}`);
    const mount = `--volume=${model.folder}:/model:ro`;
    const { stdout: container } = await execa('docker', ['run', '--detach', ...SANDBOX, mount, runtime.config.digest]);
    try {
      const ready = async () => (await execa('docker', ['exec', container, '/usr/local/bin/node', '-e', ASK])).stdout;
      let status = await ready();
      for (let tries = 0; tries < 50 && status !== '200'; tries += 1) {
        await wait(100);
        status = await ready();
      }
      expect(status).toBe('200');
      const { stdout, stderr } = await execa('docker', ['logs', container]);
      expect(stdout).toContain('"model":"tiny"');
      expect(stderr).toBe('');
    } finally {
      await execa('docker', ['rm', '--force', container]);
      // An image that others were built on since stays.
      await execa('docker', ['image', 'rm', runtime.config.digest], { reject: false });
    }
  });
});
