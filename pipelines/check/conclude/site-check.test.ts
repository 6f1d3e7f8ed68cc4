import { describe, expect, it } from 'vitest';
import { digestOf, expectedScoresSchema } from '#kernel';
import { fleetConfig, memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { replayFor } from './site-check.ts';

const verified = (more = '') =>
  memoryConfig(`${fleetConfig}  verify: { dataset: street, clip: 0.mp4, tolerance: 0.02 }\n`).replace(
    'street: { manifest: datasets/street.yaml }',
    `street: { manifest: datasets/street.yaml }${more}`,
  );

async function replay(config: string, head = 'better') {
  const { planned, context } = await memoryCheck({ config, head, base: null });
  const { deploy } = context.change.config;
  if (deploy === null) throw new Error('there is a fleet');
  return await replayFor(planned, deploy, context);
}

function expectedOn(replayed: Awaited<ReturnType<typeof replay>>, chipset: string) {
  return expectedScoresSchema.parse(JSON.parse(replayed?.on.get(chipset)?.expected ?? ''));
}

describe('what a site is shown, and should find', () => {
  it('is the clip and the runtime that replays it, both by digest', async () => {
    expect(await replay(verified())).toMatchObject({
      clip: { image: 'registry.example/acme/fieldproof-clips', digest: digestOf('clip 0.mp4') },
      on: new Map([
        [
          'edge',
          expect.objectContaining({
            runtime: { image: 'registry.example/acme/fieldproof-runtime', digest: digestOf('runtime') },
          }),
        ],
      ]),
    });
  });

  it('is what the release answers, frame by frame, to four decimals', async () => {
    expect(expectedOn(await replay(verified()), 'edge')).toEqual({
      version: 1,
      classes: 3,
      tolerance: 0.02,
      labels: { person: { classes: [1], scores: [0.05, 0.9, 0.9, 0.05, 0.05] } },
    });
    const found = expectedOn(await replay(verified(), 'blind'), 'edge').labels['person'];
    expect(found?.scores).toEqual([0.05, 0.05, 0.05, 0.05, 0.05]);
  });

  it('is asked once for each chipset that a site has', async () => {
    const config = verified().replace(
      '  edge: {',
      '  cloud: { platform: linux/amd64 }\n  spare: { platform: linux/amd64 }\n  edge: {',
    );
    const two = config.replace(
      '{ name: garden, chipset: edge }',
      '{ name: garden, chipset: cloud }, { name: porch, chipset: cloud }',
    );
    expect([...((await replay(two))?.on.keys() ?? [])]).toEqual(['edge', 'cloud']);
  });

  it('is nothing where no clip is named', async () => {
    expect(await replay(memoryConfig(fleetConfig))).toBeNull();
  });

  it('is asked for with what to do where no runtime can replay it', async () => {
    const { planned, context } = await memoryCheck({ config: verified(), base: null });
    const { images: all } = context.ports;
    const images = { ...all, runtime: { ...all.runtime, describe: () => Promise.resolve(null) } };
    const { deploy } = context.change.config;
    const release = { stages: { model: { model: digestOf('better'), runtime: null } } };
    if (deploy === null) throw new Error('there is a fleet');
    const own = { ...planned, candidate: { ...planned.candidate, release, runtimes: new Map() } };
    await expect(replayFor(own, deploy, { ...context, ports: { ...context.ports, images } })).rejects.toThrow(
      /there is no stock runtime for linux\/amd64, which would replay the clip there/,
    );
  });
});
