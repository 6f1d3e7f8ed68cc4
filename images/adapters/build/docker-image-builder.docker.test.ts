import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { digestOf, silentProgress } from '#kernel';
import Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import type { BuildRequest } from '../../image-builder.ts';
import { blobPath } from '../../manifest.ts';
import { imageOn, imagesOf } from '../../image.ts';
import { buildOnPlatforms } from './build-on-platforms.ts';
import { DockerImageBuilder } from './docker-image-builder.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { engineAnswers, loadIntoEngine, requestFor, temporaryFolder, writeFiles } from '../images.fixture.ts';

const BASE = 'debian:bookworm-slim';
const docker = new Docker();
const made: string[] = [];

type Files = Readonly<Record<string, string>>;

async function build(root: string, files: Files, more: Partial<BuildRequest> = {}) {
  const store = new FileImageStore(join(root, 'images'));
  const folder = await writeFiles(join(root, 'source'), files);
  const image = await new DockerImageBuilder({ store }).build(requestFor(folder, more), silentProgress);
  made.push(image.config.digest);
  return image;
}

/** Those in which steps of a build run: other tests start containers of the same base meanwhile, with commands of their own. */
async function containers(): Promise<string[]> {
  const all = await docker.listContainers({ all: true, filters: { ancestor: [BASE] } });
  return all.filter(({ Command }) => Command.startsWith('/bin/sh -c')).map(({ Id }) => Id);
}

describe.skipIf(!(await engineAnswers()))('DockerImageBuilder (needs a Docker engine)', () => {
  afterAll(async () => {
    await execa('docker', ['image', 'rm', '--force', ...new Set(made)], { reject: false });
  });

  it('gives an image whose config and layers are the very bytes that the engine made', async () => {
    const root = await temporaryFolder();
    const files = { Dockerfile: `FROM ${BASE}\nCOPY app /app\nRUN echo built > /built\nUSER 1000\n`, 'app/main.py': 'print()\n' };
    const image = await build(root, files);
    const inspected = await docker.getImage(image.config.digest).inspect();
    expect(inspected.RootFS.Layers).toEqual(image.layers.map(({ digest }) => digest));
    for (const { digest } of [...image.layers, image.config]) {
      expect(digestOf(await readFile(join(image.layout, blobPath(digest))))).toBe(digest);
    }
    expect(image).toMatchObject({ kind: 'container', platform: 'linux/amd64', folder: null });
  });

  it('can be loaded by an engine that has not got it, and has the digest of its config as its id there', async () => {
    const root = await temporaryFolder();
    const image = await build(root, { Dockerfile: `FROM scratch\nCOPY Dockerfile /\nLABEL of=${Date.now()}\n` });
    await docker.getImage(image.config.digest).remove({ force: true });
    expect(await loadIntoEngine(image)).toContain(`Loaded image ID: ${image.config.digest}`);
  });

  it('is not exported again while the engine has everything cached', async () => {
    const root = await temporaryFolder();
    const files = { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' };
    const image = await build(root, files);
    expect(await build(root, files)).toEqual(image);
    const annotated = await build(root, files, {
      annotations: { 'org.opencontainers.image.source': 'https://example.org' },
    });
    expect(annotated.digest).not.toBe(image.digest);
    expect(annotated.layers).toEqual(image.layers);
  });

  it.each([
    [
      'a command that fails',
      `FROM ${BASE}\n\nRUN echo before && \\\n    false\n`,
      3,
      /at RUN echo before && false: .*non-zero code: 1/,
    ],
    ['a syntax error', `FROM ${BASE}\nCOPPY . /\n`, 2, /at COPPY \. \/: .*unknown instruction: COPPY/],
    ['a missing file', `FROM ${BASE}\n# here\nCOPY nope.txt /\n`, 3, /at COPY nope\.txt \/: .*nope\.txt/],
    ['a foreign frontend', `# syntax=evil/frontend\nFROM ${BASE}\n`, 1, /names its own builder/],
  ])('rejects on %s, with its line', async (_, dockerfile, line, message) => {
    const root = await temporaryFolder();
    const before = await containers();
    const built = build(root, { Dockerfile: dockerfile });
    await expect(built).rejects.toThrow(message);
    await expect(built).rejects.toMatchObject({ problems: [{ file: 'models/tiny/Dockerfile', line }] });
    expect(await readdir(join(root, 'images')).catch(() => [])).toEqual([]);
    expect(await containers()).toEqual(before);
  });

  it('shows the end of the log', async () => {
    const root = await temporaryFolder();
    const built = build(root, { Dockerfile: `FROM ${BASE}\nRUN echo the-reason && false\n` });
    await expect(built).rejects.toThrow(/\n {2}\| the-reason\n/);
  });

  it('stops a build that is no longer wanted, container and all', async () => {
    const root = await temporaryFolder();
    const before = await containers();
    const stop = new AbortController();
    const files = { Dockerfile: `FROM ${BASE}\nRUN echo ${Date.now()} && sleep 300\n` };
    const building = build(root, files, { signal: stop.signal });
    building.catch(() => {});
    for (let tries = 0; tries < 100 && (await containers()).length === before.length; tries += 1) await wait(200);
    expect((await containers()).length).toBe(before.length + 1);
    stop.abort(new Error('no longer wanted'));
    await expect(building).rejects.toThrow('no longer wanted');
    for (let tries = 0; tries < 50 && (await containers()).length > before.length; tries += 1) await wait(200);
    expect(await containers()).toEqual(before);
    expect(await readdir(join(root, 'images')).catch(() => [])).toEqual([]);
  });

  it.each([
    ['whose base is made for another platform', ''],
    ['that runs something which the engine cannot emulate', 'RUN ["/nowhere"]\n'],
  ])('refuses by name a platform for which it cannot build: one %s', async (_, more) => {
    const root = await temporaryFolder();
    const built = build(root, { Dockerfile: `FROM ${BASE}\n${more}` }, { platform: 'linux/s390x' });
    await expect(built).rejects.toThrow(/models\/tiny\/Dockerfile.*linux\/s390x[\s\S]*remedy: .*platform/);
  });

  it('is built for each platform of a fleet, under one digest', async () => {
    const root = await temporaryFolder();
    const store = new FileImageStore(join(root, 'images'));
    const folder = await writeFiles(join(root, 'source'), { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\nLABEL a=platforms\n' });
    const { platform: _, ...request } = requestFor(folder);
    const builder = new DockerImageBuilder({ store });
    const platforms = ['linux/amd64', 'linux/arm64'];
    const image = await buildOnPlatforms(platforms, request, silentProgress, { builder, store });
    made.push(...imagesOf(image).map(({ config }) => config.digest));
    expect(platforms.map((platform) => imageOn(image, platform).platform)).toEqual(platforms);
    expect(image).toMatchObject({ kind: 'container', platform: null });
  });

  it('refuses an image that is too large, and leaves nothing', async () => {
    const root = await temporaryFolder();
    const folder = await writeFiles(join(root, 'source'), { Dockerfile: `FROM ${BASE}\nLABEL fieldproof.test=too-large\n` });
    const builder = new DockerImageBuilder({ store: new FileImageStore(join(root, 'images')), mostImageBytes: 1e6 });
    await expect(builder.build(requestFor(folder), silentProgress)).rejects.toThrow('the built image is larger than 976.6 KiB');
    expect(await readdir(join(root, 'images'))).toEqual([]);
    const built = await docker.listImages({ filters: { label: ['fieldproof.test=too-large'] } });
    made.push(...built.map(({ Id }) => Id));
  });
});
