import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentProgress } from '#kernel';
import { execa } from 'execa';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobPath } from '../../manifest.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { engineAnswers, requestFor, temporaryFolder, TINY_MODEL, writeFiles } from '../images.fixture.ts';
import { ModelImageBuilder } from '../build/model-image-builder.ts';
import { OciRegistry } from './oci-registry.ts';

async function buildTiny(root: string, files: Readonly<Record<string, string | Uint8Array>> = TINY_MODEL) {
  const store = new FileImageStore(join(root, 'images'));
  const folder = await writeFiles(join(root, 'model'), files);
  return { store, image: await new ModelImageBuilder({ store }).build(requestFor(folder), silentProgress) };
}

describe.skipIf(!(await engineAnswers()))('OciRegistry with a real registry (needs a Docker engine)', () => {
  let registry: StartedTestContainer;
  let host: string;

  beforeAll(async () => {
    const ready = Wait.forHttp('/v2/', 5000);
    registry = await new GenericContainer('registry:2').withExposedPorts(5000).withWaitStrategy(ready).start();
    host = `127.0.0.1:${registry.getMappedPort(5000)}`;
  });

  afterAll(async () => {
    await registry.stop();
  });

  it('gives back by digest exactly what was pushed, model folder included', async () => {
    const root = await temporaryFolder();
    const { store, image } = await buildTiny(root);
    await new OciRegistry({ store }).push(image, `${host}/acme/porch:v1`);
    const elsewhere = new FileImageStore(join(root, 'elsewhere'));
    const pulled = await new OciRegistry({ store: elsewhere }).pull(`${host}/acme/porch@${image.digest}`);
    expect({ ...pulled, layout: '', folder: '' }).toEqual({ ...image, layout: '', folder: '' });
    for (const { digest } of [...image.layers, image.config]) {
      const [theirs, ours] = await Promise.all([pulled, image].map(({ layout }) => readFile(join(layout, blobPath(digest)))));
      expect(theirs).toEqual(ours);
    }
    expect(await readFile(join(pulled.folder ?? '', 'names.txt'), 'utf8')).toBe('cat\ndog\n');
  });

  it('uploads only the layers that are not there, and can be repeated', async () => {
    const root = await temporaryFolder();
    const first = await buildTiny(root);
    const registryOf = new OciRegistry({ store: first.store });
    await registryOf.push(first.image, `${host}/acme/layers`);
    await registryOf.push(first.image, `${host}/acme/layers`);
    const second = await buildTiny(root, { ...TINY_MODEL, 'small/tiny.onnx': new Uint8Array(250).fill(7) });
    await registryOf.push(second.image, `${host}/acme/layers:v2`);
    const { stdout } = await execa('docker', ['logs', registry.getId()], { all: true });
    const uploads = stdout.split('\n').filter((line) => line.includes('"PUT /v2/acme/layers/blobs/uploads/'));
    expect(uploads).toHaveLength(3 + 1 + 1 + 1);
  });

  it('says so when the registry has no such image', async () => {
    const root = await temporaryFolder();
    const store = new FileImageStore(root);
    const pulled = new OciRegistry({ store }).pull(`${host}/acme/porch@sha256:${'0'.repeat(64)}`);
    await expect(pulled).rejects.toThrow('the registry has no such image');
  });

  it('pulls an image that docker pushed', async () => {
    const root = await temporaryFolder();
    const source = await writeFiles(join(root, 'source'), {
      Dockerfile: 'FROM scratch\nCOPY Dockerfile /\nLABEL a=pushed\n',
    });
    const tag = `${host}/acme/by-docker:v1`;
    await execa('docker', ['build', '--tag', tag, source], { env: { DOCKER_BUILDKIT: '0' } });
    const { stdout } = await execa('docker', ['push', tag]);
    await execa('docker', ['image', 'rm', tag]);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
    const image = await new OciRegistry({ store: new FileImageStore(root) }).pull(`${host}/acme/by-docker@${digest}`);
    expect(image).toMatchObject({ kind: 'container', digest, platform: 'linux/amd64' });
    expect(image.layers[0]?.mediaType).toBe('application/vnd.docker.image.rootfs.diff.tar.gzip');
  });
});
