import { execa } from 'execa';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { silentProgress } from '#kernel';
import { FileImageStore, ModelImageBuilder, PictureClipImageBuilder, StockRuntimeBuilder } from '#images/adapters';
import { engineAnswers, loadIntoEngine, requestFor } from '../images/adapters/images.fixture.ts';
import { testCache } from '../testing/worlds/model-repository.ts';
import { dockerArguments, type Pod } from '../testing/worlds/pod-on-docker.ts';
import { writeTinyModel } from '../testing/tiny-model.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { FleetPlan } from './release.ts';
import { renderFleet } from './render/render-fleet.ts';

const WIDTH = 24;
const HEIGHT = 16;

async function* frames() {
  for (let index = 0; index < 3; index += 1) {
    const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => [255 - 100 * index, 0, 0][at % 3] ?? 0);
    yield await Promise.resolve({ timestamp: index * 0.4, width: WIDTH, height: HEIGHT, pixels });
  }
}
const expecting = (scores: readonly number[]) =>
  JSON.stringify({ version: 1, classes: 3, tolerance: 0.02, labels: { fire: { classes: [0], scores } } });
const red = [1, 155 / 255, 55 / 255];

/** The pods of the one place of a fleet, with the images that its kustomizations pin in the place of ours. */
function podsOf(plan: FleetPlan): { model: Pod; replay: Pod } {
  const overlay = 'apps/tiny/overlays/lobby/here';
  const files = new Map(renderFleet(plan).map(({ path, content }) => [path, content]));
  const read = (path: string): unknown => parse(files.get(path) ?? '');
  type Workload = { spec: { template: { spec: Pod } } };
  type Pins = { images: { name: string; newName: string; digest: string }[] };
  const pinned = (pod: Pod, { images }: Pins) =>
    JSON.parse(
      images.reduce(
        (text, { name, newName, digest }) => text.replaceAll(`"${name}"`, `"${newName}@${digest}"`),
        JSON.stringify(pod),
      ),
    ) as Pod;
  const base = (read('apps/tiny/base/deployment.yaml') as Workload).spec.template.spec;
  const patch = (read(`${overlay}/deployment.yaml`) as Workload).spec.template.spec;
  const merged = { ...base, containers: [{ ...base.containers[0], ...patch.containers[0] }] as const };
  return {
    model: pinned(merged, read(`${overlay}/kustomization.yaml`) as Pins),
    replay: pinned(
      (read(`${overlay}/replay/job.yaml`) as Workload).spec.template.spec,
      read(`${overlay}/replay/kustomization.yaml`) as Pins,
    ),
  };
}

describe.skipIf(!(await engineAnswers()))(
  'the pods of a site, run by an engine as their manifests say (needs a Docker engine)',
  () => {
    const network = `fieldproof-replay-${process.pid}`;
    let folder = '';
    let runtimeId = '';
    let images: ReadonlyMap<string, string>;
    let planWith: (expected: readonly number[]) => FleetPlan;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'fieldproof-replay-'));
      await writeTinyModel(join(folder, 'model'));
      const store = new FileImageStore(join(testCache, 'images'));
      const model = await new ModelImageBuilder({ store }).build(requestFor(join(folder, 'model')), silentProgress);
      const runtime = await new StockRuntimeBuilder({ store, environment: process.env }).build('linux/amd64', silentProgress);
      const clip = await new PictureClipImageBuilder({ store }).build(
        { clip: 'lobby/1.mp4', platforms: ['linux/amd64'], frames: frames() },
        silentProgress,
      );
      await loadIntoEngine(runtime);
      runtimeId = runtime.config.digest;
      const pin = (name: string, { digest }: { digest: `sha256:${string}` }) => ({ image: `registry.example/${name}`, digest });
      images = new Map([
        [`registry.example/tiny@${model.digest}`, model.folder ?? ''],
        [`registry.example/runtime@${runtime.digest}`, runtimeId],
        [`registry.example/clips@${clip.digest}`, clip.folder ?? ''],
      ]);
      const chipset = { name: 'here', platform: 'linux/amd64', cpus: 1, memoryBytes: 2 ** 29 };
      planWith = (scores) => ({
        controller: 'flux',
        model: 'tiny',
        source: { url: 'https://git.example/fleet.git', branch: 'main' },
        sites: [
          {
            site: { name: 'lobby', chipset, link: null },
            release: { kind: 'model', model: pin('tiny', model), runtime: pin('runtime', runtime), variant: null },
          },
        ],
        replay: {
          clip: pin('clips', clip),
          on: new Map([['here', { runtime: pin('runtime', runtime), expected: expecting(scores) }]]),
        },
      });
      // The Service: a name on a network that leads nowhere else.
      await execa('docker', ['network', 'create', '--internal', network]);
      const service = ['--network', network, '--network-alias', 'tiny-here', '--name', network];
      await execa('docker', ['run', '--detach', ...service, ...dockerArguments(podsOf(planWith(red)).model, images)]);
    });
    afterAll(async () => {
      await execa('docker', ['rm', '--force', network], { reject: false });
      await execa('docker', ['network', 'rm', network], { reject: false });
      await execa('docker', ['image', 'rm', runtimeId], { reject: false });
      await rm(folder, { recursive: true, force: true });
    });

    const replay = async (expected: readonly number[]) => {
      const words = dockerArguments(podsOf(planWith(expected)).replay, images);
      const { exitCode, stdout, stderr } = await execa('docker', ['run', '--rm', '--network', network, ...words], {
        reject: false,
      });
      return { exitCode, out: JSON.parse(stdout || stderr) as unknown };
    };

    it('the replay passes against the model that was judged', async () => {
      expect(await replay(red)).toMatchObject({
        exitCode: 0,
        out: { replay: 'pass', frames: 3, agreeing: 3, clip: 'lobby/1.mp4' },
      });
    });

    it('the replay fails when the model answers otherwise', async () => {
      expect(await replay([1, 0, 0])).toMatchObject({ exitCode: 1, out: { replay: 'fail', agreeing: 1 } });
    });
  },
);
