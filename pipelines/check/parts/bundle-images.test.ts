import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { memoryPorts, type MemoryCheckOptions } from '../../../testing/worlds/memory-check.ts';
import { imageNamed, releaseNamed } from '../../../testing/worlds/named-releases.ts';
import { bundleImages } from './bundle-images.ts';

async function bundled(options: MemoryCheckOptions = {}, runsImage = true) {
  const { request, ports: given } = memoryPorts(options);
  const ports = { ...given, runner: { ...given.runner, runsImage: async () => runsImage } };
  const sent: string[] = [];
  const bundle = await bundleImages(request, ports, async ({ digest }) => void sent.push(digest));
  return { bundle, sent, treeOf: async (commit: string) => await ports.repository.treeOf(commit, 'models/porch') };
}

const [candidate, old, runtime] = ['better', 'old', 'runtime'].map((word) => digestOf(word));

describe('the images that a check runs', () => {
  it('are sent once each: candidate, what it is compared with, and the runtime', async () => {
    const { bundle, sent } = await bundled();
    expect(sent).toEqual([candidate, runtime, old]);
    expect(bundle?.images).toEqual(sent);
    expect(bundle).toMatchObject({ version: 2, base: 'base', head: 'head', runtimes: { 'linux/amd64': runtime } });
  });

  it('leave out the runtime where it runs as a process: a machine that does so has it', async () => {
    const { bundle, sent } = await bundled({}, false);
    expect(sent).toEqual([candidate, old]);
    expect(bundle?.runtimes).toEqual({ 'linux/amd64': runtime });
  });

  it('are named by the tree that they were built of, and the candidate by when', async () => {
    const { bundle, treeOf } = await bundled();
    const times = { from: expect.stringMatching(/^2026-03-02T/), to: expect.stringMatching(/^2026-03-02T/) };
    expect(bundle?.built).toEqual([
      { model: 'porch', tree: await treeOf('head'), digest: candidate, times },
      { model: 'porch', tree: await treeOf('base'), digest: old },
    ]);
  });

  it('are the candidate and the runtime alone where nothing is deployed', async () => {
    expect((await bundled({ base: null })).sent).toEqual([candidate, runtime]);
  });

  it('have no tree where they were found and not built', async () => {
    const state = {
      model: 'porch',
      commit: null,
      deployed: [{ site: 'lobby', chipset: 'edge', release: releaseNamed('old') }],
      superior: null,
    };
    const { bundle, sent } = await bundled({ base: 'better', ports: { deployedStates: [state] } });
    expect(sent).toContain(old);
    expect(bundle?.built.map(({ digest }) => digest)).toEqual([candidate]);
    expect(bundle?.deployed).toEqual([state]);
  });

  it('need no runtime where each model brings its own', async () => {
    const images = memoryPorts().ports.images;
    const container = { ...images, build: async () => ({ ...imageNamed('better'), kind: 'container' as const }) };
    const { bundle, sent } = await bundled({ base: null, ports: { images: container } });
    expect([bundle?.built.length, sent]).toEqual([1, [candidate]]);
  });

  it('are none where the base says nothing of how to judge', async () => {
    const { ports } = memoryPorts();
    const repository = { ...ports.repository, readFile: () => Promise.resolve(undefined) };
    expect(await bundled({ ports: { repository } })).toMatchObject({ bundle: null, sent: [] });
  });

  it.each([
    ['it went well', () => Promise.resolve(), 'fulfilled'],
    ['one could not be sent', () => Promise.reject(new Error('the disk is full')), 'rejected'],
  ])('leave no folder behind where %s', async (_, send, status) => {
    let discarded = 0;
    const { request, ports } = memoryPorts();
    const repository = { ...ports.repository, discard: async () => void (discarded += 1) };
    const [settled] = await Promise.allSettled([bundleImages(request, { ...ports, repository }, send)]);
    expect([settled.status, discarded]).toEqual([status, 1]);
  });
});
