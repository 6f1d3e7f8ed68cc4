import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { silentProgress } from '#kernel';
import { FileImageStore, ModelImageBuilder, StockRuntimeBuilder } from '#images/adapters';
import { engineAnswers, loadIntoEngine, requestFor } from '../images/adapters/images.fixture.ts';
import { binary } from '../testing/rig/components.ts';
import { makeDeployedRepository, runFieldproof, testCache, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { dockerArguments, type Pod } from '../testing/worlds/pod-on-docker.ts';

const STAGES = ['look', 'find', 'alarms'] as const;
const graphText = `
graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      find: { model: tiny, from: look }
      alarms: { stock: events, from: find }
    deploy:
      placement: traditional
      places: { edge: [garden-oslo] }
      image: registry.example/acme/fieldproof-stage
places: { edge: {} }
placements: { door: { traditional: { stages: { "*": edge } } } }
`;

const lacking = (await engineAnswers())
  ? existsSync(binary('kustomize'))
    ? ''
    : 'kustomize: make rig-build'
  : 'a Docker engine';

type Placed = { pod: Pod; edges: string; service: string };

/** The pod of a stage, as kustomize makes it of what was shipped, and what its ConfigMap says. */
function placed(fleet: string, stage: string): Placed {
  const folder = path.join(fleet, 'apps', `door-${stage}`, 'overlays', 'garden-oslo', 'here');
  const built = execFileSync(binary('kustomize'), ['build', folder], { encoding: 'utf8' });
  const objects = parseAllDocuments(built).map((document) => document.toJS() as Record<string, unknown> & { kind: string });
  const of = (kind: string) => objects.find((object) => object.kind === kind);
  const deployment = of('Deployment') as { spec: { template: { spec: Pod } } } | undefined;
  const edges = (of('ConfigMap') as { data: Record<string, string> } | undefined)?.data['edges.json'];
  const service = of('Service') as { metadata: { name: string; namespace: string } } | undefined;
  if (deployment === undefined || edges === undefined || service === undefined) throw new Error(`${stage} was not shipped`);
  return { pod: deployment.spec.template.spec, edges, service: `${service.metadata.name}.${service.metadata.namespace}.svc` };
}

describe.skipIf(lacking !== '')(
  `a graph that was shipped, run as its manifests say${lacking === '' ? '' : ` (needs ${lacking})`}`,
  () => {
    let repository: ModelRepository | undefined;
    const containers = STAGES.map((stage) => `fieldproof-door-${stage}-${process.pid}`);
    const network = `fieldproof-shipped-${process.pid}`;
    afterAll(async () => {
      await execa('docker', ['rm', '--force', ...containers], { reject: false });
      await execa('docker', ['network', 'rm', network], { reject: false });
      repository?.remove();
    });

    it('sees what its cameras bring, and tells it to whoever asks', async () => {
      repository = await makeDeployedRepository();
      const config = path.join(repository.model, 'fieldproof.yaml');
      writeFileSync(config, readFileSync(config, 'utf8') + graphText);
      repository.commit('Make a graph of it');
      const shipped = await runFieldproof(repository, ['ship', '--no-wait']);
      expect(shipped).toMatchObject({ code: 0 });

      const fleet = path.join(repository.folder, 'clone');
      repository.git('clone', '--quiet', repository.fleet, fleet);
      const store = new FileImageStore(path.join(testCache, 'images'));
      const build = { store, environment: process.env, program: 'stage' } as const;
      const stage = await new StockRuntimeBuilder(build).build('linux/amd64', silentProgress);
      const model = await new ModelImageBuilder({ store }).build(
        { ...requestFor(path.join(repository.model, 'models', 'tiny')), displayPath: 'models/tiny' },
        silentProgress,
      );
      await loadIntoEngine(stage);
      const pods = STAGES.map((name) => placed(fleet, name));
      const references = pods.flatMap(({ pod }) => [
        pod.containers[0].image,
        ...pod.volumes.flatMap(({ image }) => (image === undefined ? [] : [image.reference])),
      ]);
      const images = new Map(
        references.map((reference) => [reference, reference.endsWith(stage.digest) ? stage.config.digest : (model.folder ?? '')]),
      );
      await execa('docker', ['network', 'create', '--internal', network]);
      for (const [index, { pod, edges, service }] of pods.entries()) {
        const folders = new Map(['edges', 'kept'].map((name) => [name, path.join(fleet, '..', `${service}-${name}`)]));
        for (const folder of folders.values()) mkdirSync(folder);
        writeFileSync(path.join(folders.get('edges') ?? '', 'edges.json'), edges);
        chmodSync(folders.get('kept') ?? '', 0o777);
        const named = ['--detach', `--name=${containers[index]}`, `--network=${network}`, `--network-alias=${service}`];
        await execa('docker', ['run', ...named, ...dockerArguments(pod, images, folders)]);
      }

      const red = await sharp({ create: { width: 32, height: 16, channels: 3, background: { r: 220, g: 40, b: 40 } } })
        .jpeg()
        .toBuffer();
      const ask = async (from: number, program: string) =>
        (await execa('docker', ['exec', containers[from] ?? '', '/usr/local/bin/node', '-e', program], { reject: false })).stdout;
      const show = (at: number) => `
      fetch('http://127.0.0.1:8000/cameras/gate?captured-at=${at}', { method: 'POST', body: Buffer.from('${red.toString('base64')}', 'base64') })
        .then(async (answer) => console.log(answer.status), () => console.log('not yet'))`;
      await expect.poll(async () => await ask(0, show(1_790_000_000_000)), { timeout: 60_000, interval: 500 }).toBe('200');
      for (let frame = 1; frame < 12; frame += 1) expect(await ask(0, show(1_790_000_000_000 + frame * 100))).toBe('200');
      const fetched = `fetch('http://127.0.0.1:8000/answers').then(async (answer) => console.log(JSON.stringify((await answer.json()).answers)))`;
      await expect
        .poll(async () => JSON.parse((await ask(2, fetched)) || '[]') as unknown, { timeout: 60_000, interval: 500 })
        .toMatchObject([{ number: 1, event: { site: 'garden-oslo', camera: 'garden-oslo/gate' } }]);
    });
  },
);
