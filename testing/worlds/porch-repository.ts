import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBench } from '../../examples/porch/scenes/write-dataset.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from './model-repository.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../..', 'examples', 'porch');

/** Of the example, with few pictures to judge a first release by: footage is what these repositories are for. */
const configText = (replays: string) => `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
  field: { manifest: datasets/field.yaml }
chipsets:
  edge-box: { platform: linux/amd64, at: local, limits: { cpus: 1, memory: 1GiB } }
gates:
  porch:
    - { dataset: bench, metric: top1, margin: 20%, at-least: 40% }
deploy:
  controller: flux
  repository: ../fleet.git
  branch: main
  sites:
    - { name: lobby-berlin, chipset: edge-box }
    - { name: porch-oslo, chipset: edge-box }
replays:
  porch:
${replays.replace(/^(?=.)/gm, '    ')}`;

/** The dataset that harvested clips are added to, which no gate names. */
const fieldManifest = `version: 1
kind: replay
task: classification
classes: [nothing, person, vehicle, parcel, animal]
root: ../../footage
clips: field.jsonl
pins: field.sha256
labels: { person: [person], vehicle: [vehicle], parcel: [parcel], animal: [animal] }
rule: { frames-per-second: 2.5, persistence: 2, merge-gap: 1.5s, tolerance: 0.5s }
`;

/** Where clips arrive: beside the repository. */
export function footageOf({ folder }: ModelRepository): string {
  return path.join(folder, 'footage');
}

/** The example's porch model, judged, merged and deployed at two sites; no footage has arrived yet. */
export async function makePorchRepository(replays: string): Promise<ModelRepository> {
  const repository = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-porch-')));
  const { folder, model, fleet } = repository;
  for (const name of ['model/datasets', 'model/models', 'data/bench', 'footage', 'tmp'])
    mkdirSync(path.join(folder, name), { recursive: true });
  repository.git('init', '--quiet', '--initial-branch=main', '.');
  repository.git('init', '--quiet', '--bare', '--initial-branch=main', fleet);
  cpSync(path.join(EXAMPLE, 'repository', 'models', 'porch'), path.join(model, 'models', 'porch'), { recursive: true });
  cpSync(path.join(EXAMPLE, 'models', 'porch-v3-field.onnx'), path.join(model, 'models', 'porch', 'porch.onnx'));
  for (const name of ['bench', 'street'])
    cpSync(path.join(EXAMPLE, 'repository', 'datasets', `${name}.yaml`), path.join(model, 'datasets', `${name}.yaml`));
  repository.write({ 'fieldproof.yaml': configText(replays), 'datasets/field.yaml': fieldManifest });
  await writeBench(path.join(folder, 'data', 'bench'), { seed: 1, count: 40 });
  for (const args of [
    ['pin', 'datasets/bench.yaml'],
    'commit',
    ['check', '--base', 'main', '--head', 'main'],
    ['deploy'],
  ] as const) {
    if (args === 'commit') repository.commit('Add the porch model and what is replayed of it');
    else await mustRun(repository, args);
  }
  return repository;
}

/** Other words for what is replayed, committed. */
export function changeReplays(repository: ModelRepository, replays: string): void {
  repository.write({ 'fieldproof.yaml': configText(replays) });
  repository.commit('Change what is replayed');
}

async function mustRun(repository: ModelRepository, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runFieldproof(repository, args);
  if (code !== 0) throw new Error(`fieldproof ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
}
