import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, hexOf, releaseOf } from '#kernel';
import { describeBadModels, describeModelRunner, type Behaviour } from '../../testing/contracts/model-runner.contract.ts';
import { buildTestImage, withoutEngine } from '../../testing/test-image.ts';
import type { Chipset } from '../chipset.ts';
import type { ImageOnDisk, RuntimeImage, Servable } from '../model-runner.ts';
import { detectHost } from './chipset-key.ts';
import { dockerModelRunner } from './docker-model-runner.ts';
import { loadImage } from './engine-image.ts';
import { harnessLabel, reapStale } from './harness-label.ts';
import { RUN_LABEL } from './sandbox.ts';

const docker = new Docker();
const lacking = await withoutEngine();
const release = releaseOf({ model: digestOf('model'), runtime: null });
const chipset: Chipset = {
  name: 'here',
  platform: (await detectHost()).platform,
  at: { kind: 'local' },
  variant: 'int8',
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: 256 * 1024 * 1024 },
};
let image: ImageOnDisk;

const runtimeFrom = (of: ImageOnDisk): RuntimeImage => ({ from: 'installation', load: async () => of });

async function servable(behaviour: Behaviour): Promise<Servable> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-model-'));
  await writeFile(join(folder, 'behaviour'), behaviour);
  return { kind: 'model', release, folder, runtimeImage: runtimeFrom(image) };
}

async function isThere(container: Docker.Container | undefined): Promise<boolean | undefined> {
  return await container?.inspect().then(
    () => true,
    () => false,
  );
}

async function startIdle(label: string): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: image.config,
    Labels: { [RUN_LABEL]: label },
    HostConfig: { NetworkMode: 'none' },
  });
  await container.start();
  return container;
}

/** A docker-archive of one file and a config, as small as an engine takes it. */
async function writeTinyLayout(): Promise<ImageOnDisk> {
  const layout = await mkdtemp(join(tmpdir(), 'fieldproof-layout-'));
  const layer = pack();
  layer.entry({ name: 'hello' }, 'hello');
  layer.finalize();
  const bytes = await buffer(layer);
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { User: '1234' },
    rootfs: { type: 'layers', diff_ids: [digestOf(bytes)] },
  });
  const blobs = join(layout, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  await writeFile(join(blobs, hexOf(digestOf(bytes))), bytes);
  await writeFile(join(blobs, hexOf(digestOf(config))), config);
  const paths = { Config: `blobs/sha256/${hexOf(digestOf(config))}`, Layers: [`blobs/sha256/${hexOf(digestOf(bytes))}`] };
  await writeFile(join(layout, 'manifest.json'), JSON.stringify([{ ...paths, RepoTags: null }]));
  return { layout, manifest: digestOf('manifest'), config: digestOf(config) };
}

describe.skipIf(lacking !== null)(`with a container engine${lacking === null ? '' : `: ${lacking}`}`, () => {
  beforeAll(async () => {
    image = await buildTestImage('scripted.ts', ['--port', '8000']);
  });

  describeModelRunner('docker', async () => ({ runner: dockerModelRunner(), servable, chipset }));
  describeBadModels('docker', async () => ({ runner: dockerModelRunner(), servable, chipset }));

  describe('the docker runner', () => {
    it("serves a container image by the image's own command", async () => {
      const model = await dockerModelRunner().start({ kind: 'container', release, imageFor: () => image }, chipset);
      expect(model.metadata.name).toBe('model');
      await model.stop();
    });

    it('gives the model its variant and threads, and none of our environment', async () => {
      const model = await dockerModelRunner().start(await servable('good'), chipset);
      await model.stop();
      // What the engine and the image set themselves, and no more.
      expect(model.metadata.platform).toBe('scripted:int8:1:HOME,HOSTNAME,PATH');
    });

    it('leaves no container behind, whatever the model did', async () => {
      for (const behaviour of ['good', 'dies-at-once'] as const) {
        const model = await dockerModelRunner()
          .start(await servable(behaviour), chipset)
          .catch(() => null);
        await model?.stop();
      }
      const ours = await docker.listContainers({ all: true, filters: { label: [RUN_LABEL] } });
      expect(ours.filter(({ Labels }) => Labels[RUN_LABEL]?.includes(`/${process.pid}/`))).toEqual([]);
    });

    it('names an image that the engine does not take', async () => {
      const layout = await mkdtemp(join(tmpdir(), 'fieldproof-layout-'));
      await writeFile(join(layout, 'manifest.json'), '[]');
      const broken = { layout, manifest: digestOf('m'), config: digestOf('c') };
      await expect(dockerModelRunner().start({ kind: 'container', release, imageFor: () => broken }, chipset)).rejects.toThrow(
        /the engine did not take this image as sha256:.*\n {2}remedy:/,
      );
    });

    it('shows a model its own folder and nothing beside it, to be read only', async () => {
      const probe = await buildTestImage('probe.ts', []);
      const { folder } = (await servable('good')) as { folder: string };
      await writeFile(join(folder, '..', 'ground-truth.csv'), 'picture,label');
      const model = await dockerModelRunner().start(
        { kind: 'model', release, folder, runtimeImage: runtimeFrom(probe) },
        chipset,
      );
      await model.stop();
      const found = JSON.parse(model.metadata.platform) as {
        model: string[];
        writes: Record<string, string>;
        writable: string[];
      };
      expect(found.model).toEqual(['behaviour']);
      expect(found.writes['/model/probe']).toBe('EROFS');
      expect(found.writable).not.toContain('/model');
    });

    it('loads an image from its layout, and only when the engine has not got it', async () => {
      const layout = await writeTinyLayout();
      const load = async () => await loadImage(docker, layout);
      expect(await load()).toEqual({ id: layout.config, user: '1234', volumes: [] });
      expect(await loadImage(docker, { ...layout, layout: '/gone by now' })).toEqual(await load());
      await docker.getImage(layout.config).remove({ force: true });
    });

    it('removes the containers of harnesses that were killed, also paused ones, and of no others', async () => {
      const label = await harnessLabel();
      const [ours, dead, elsewhere] = await Promise.all(
        [label, label.replace(/\/\d+$/, '/1'), `other-boot/pid:[1]/1/1`].map(async (value) => await startIdle(value)),
      );
      await dead?.pause();
      await reapStale(docker);
      expect([await isThere(ours), await isThere(dead), await isThere(elsewhere)]).toEqual([true, false, true]);
      for (const container of [ours, elsewhere]) await container?.remove({ force: true });
    });

    it('says what to do where no engine answers', async () => {
      const runner = dockerModelRunner(new Docker({ socketPath: '/no/such/docker.sock' }));
      await expect(runner.start(await servable('good'), chipset)).rejects.toThrow(/no Docker engine answers.*--runner process/s);
    });
  });

  describe('what a container can reach', () => {
    it('is its inputs, its own loopback and a small /tmp, and nothing else', async () => {
      const listener = createServer().listen(0, '0.0.0.0');
      await once(listener, 'listening');
      const { port } = listener.address() as { port: number };
      const hosts = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
      const bridges = (await docker.listNetworks()).flatMap(({ IPAM }) =>
        (IPAM?.Config ?? []).flatMap(({ Gateway }) => Gateway ?? []),
      );
      const outside = [...hosts, ...bridges, 'host.docker.internal'];
      const grab = 'RUN mkdir --mode=777 /grab /srv/grab\nVOLUME ["/grab", "/srv/grab"]';
      const probe = await buildTestImage('probe.ts', [outside.join(','), String(port)], grab);
      const model = await dockerModelRunner().start(
        { kind: 'container', release, imageFor: () => probe },
        { ...chipset, limits: { cpus: 1, memoryBytes: 256 * 1024 * 1024 } },
      );
      const found = JSON.parse(model.metadata.platform) as Record<string, unknown> & { connections: object; writes: object };
      await model.stop();
      listener.close();
      expect(Object.keys(found.connections).length).toBeGreaterThan(4);
      expect(Object.entries(found.connections).filter(([, result]) => result === 'connected')).toEqual([]);
      expect(Object.entries(found.writes).filter(([, result]) => result === 'done')).toEqual([]);
      expect(found).toMatchObject({
        interfaces: ['lo'],
        names: 'not resolved',
        writable: ['/dev/mqueue', '/dev/shm', '/tmp'],
        execution: 'EACCES',
        tempOverflow: 'ENOSPC',
        engineSocket: [],
        environment: ['HOME', 'HOSTNAME', 'PATH'],
        model: null,
        user: 65532,
        capabilities: Array.from({ length: 5 }, () => '0000000000000000'),
        noNewPrivileges: '1',
        seccomp: '2',
        processes: 1,
      });
      expect(found['tempOptions']).toEqual(expect.arrayContaining(['nosuid', 'nodev', 'noexec', 'size=65536k']));
      expect(found['forks']).toBeLessThan(256);
      expect(String(found['cpus'])).toMatch(/^\d+$/);
    });
  });
});
