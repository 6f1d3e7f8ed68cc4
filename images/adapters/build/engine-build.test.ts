import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentProgress } from '#kernel';
import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { DockerImageBuilder } from './docker-image-builder.ts';
import { buildOnEngine } from './engine-build.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { requestFor, temporaryFolder, writeFiles } from '../images.fixture.ts';

/** What an engine that answers a build in this way makes of it. */
async function buildWith(answer: (response: ServerResponse) => void, signal?: AbortSignal) {
  const server = createServer((request, response) => void request.resume().on('end', () => answer(response)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const docker = new Docker({ protocol: 'http', host: '127.0.0.1', port });
    const context = [{ kind: 'text' as const, path: 'Dockerfile', text: 'FROM scratch' }];
    return await buildOnEngine(docker, { context, platform: null, cache: 'used', progress: silentProgress, signal });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const events = (...list: object[]) => list.map((event) => `${JSON.stringify(event)}\r\n`).join('');
const image = { aux: { ID: 'sha256:abc' } };

describe('buildOnEngine', () => {
  it('gives the image that the engine names, and its log', async () => {
    const outcome = await buildWith((response) => response.end(events({ stream: 'Step 1/1 : FROM scratch\n' }, image)));
    expect(outcome).toEqual({ image: 'sha256:abc', log: ['Step 1/1 : FROM scratch'] });
  });

  it.each([
    ['errorDetail', { errorDetail: { message: 'it broke' } }],
    ['error', { error: 'it broke' }],
  ])('takes %s for a failure, even when an image was named before', async (_, event) => {
    expect(await buildWith((response) => response.end(events(image, event, { stream: 'more\n' })))).toMatchObject({
      error: 'it broke',
    });
  });

  it('takes an end without an image for a failure', async () => {
    const outcome = await buildWith((response) => response.end(events({ stream: 'Step 1/1 : FROM scratch\n' })));
    expect(outcome).toMatchObject({ error: 'the engine ended the build without an image' });
  });

  it('rejects when the connection is cut midway', async () => {
    const cut = buildWith((response) =>
      response.write(events({ stream: 'Step 1/2 : FROM scratch\n' }), () => response.destroy()),
    );
    await expect(cut).rejects.toThrow('aborted');
  });

  it('hands on what an engine says that refuses to begin', async () => {
    const outcome = await buildWith((response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'dockerfile parse error line 1: unknown instruction: FORM' }));
    });
    expect(outcome).toMatchObject({ error: 'dockerfile parse error line 1: unknown instruction: FORM' });
  });

  it('stops when it is told to, while the engine is silent', async () => {
    const stop = new AbortController();
    const built = buildWith((response) => {
      response.write(events({ stream: 'Step 1/2 : FROM scratch\n' }));
      setTimeout(() => stop.abort(new Error('no longer wanted')), 50);
    }, stop.signal);
    await expect(built).rejects.toThrow('no longer wanted');
  });

  it('keeps the end of an endless log only', async () => {
    const outcome = await buildWith((response) => {
      for (let line = 0; line < 5000; line += 1) response.write(events({ stream: `${line} ${'x'.repeat(900)}\n` }));
      response.end(events(image));
    });
    expect(outcome.log).toHaveLength(400);
    expect(outcome.log.at(-1)).toMatch(/^4999 x+$/);
    expect(outcome.log.every((line) => line.length <= 500)).toBe(true);
  });
});

describe('DockerImageBuilder without an engine', () => {
  it('says that it needs one, and what needs none', async () => {
    const root = await temporaryFolder();
    const folder = await writeFiles(root, { Dockerfile: 'FROM scratch\nCOPY . /\n' });
    const docker = { socketPath: '/nowhere/docker.sock' };
    const builder = new DockerImageBuilder({ store: new FileImageStore(`${root}/images`), docker });
    const message = /no Docker engine answers.*\n {2}remedy: start one.*or describe the model by a model\.yaml/;
    await expect(builder.build(requestFor(folder), silentProgress)).rejects.toThrow(message);
  });
});
