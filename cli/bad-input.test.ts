import { appendFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSpoilt, editFile, refusal, type Spoil } from '../testing/bad-input.ts';
import { makeModelRepository, type ModelRepository } from '../testing/worlds/model-repository.ts';

let laid: ModelRepository;
beforeAll(async () => {
  laid = await makeModelRepository();
});
afterAll(() => laid.remove());

type BadInput = [what: string, spoil: Spoil, said: RegExp, remedy: RegExp];

const remove =
  (file: string): Spoil =>
  ({ model }) =>
    rmSync(path.join(model, file), { recursive: true });
const data = ({ folder }: ModelRepository, file: string) => path.join(folder, 'data', file);

const configurations: BadInput[] = [
  [
    'a fieldproof.yaml that is not YAML',
    editFile('fieldproof.yaml', 'version: 1', 'version: [1'),
    /^fieldproof\.yaml:2:1: not YAML/,
    /mend the syntax/,
  ],
  [
    'a field that there is not',
    editFile('fieldproof.yaml', 'margin: 20%', 'margn: 20%'),
    /^fieldproof\.yaml:11:39 \(gates\.tiny\[0\]\.margn\): unknown field/,
    /correct its spelling/,
  ],
  [
    'a gate on event-recall without one on false-alarms-per-hour',
    editFile('fieldproof.yaml', '    - { dataset: street, metric: false-alarms-per-hour, margin: 700, at-most: 700 }\n', ''),
    /^fieldproof\.yaml:12:7 \(gates\.tiny\[1\]\): a gate on event-recall without one on false-alarms-per-hour/,
    /add \{ dataset: street, metric: false-alarms-per-hour/,
  ],
  ['no fieldproof.yaml', remove('fieldproof.yaml'), /^fieldproof\.yaml: neither HEAD nor HEAD has one/, /run `fieldproof init`/],
  [
    'a model folder that is not there',
    remove('models/tiny'),
    /^fieldproof\.yaml \(models\.tiny\.build\): models\/tiny is not in the head commit/,
    /commit the folder/,
  ],
  [
    'a missing fleet repository',
    ({ fleet }) => rmSync(fleet, { recursive: true }),
    /fleet\.git: no such folder/,
    /correct the path/,
  ],
];

const datasets: BadInput[] = [
  [
    'a manifest that is not there',
    remove('datasets/street.yaml'),
    /^datasets\/street\.yaml: the manifest of dataset "street" is not there/,
    /correct `datasets` in fieldproof\.yaml/,
  ],
  [
    'an event label that the manifest does not know',
    editFile('datasets/street.yaml', 'label: alarm', 'label: fire'),
    /^datasets\/street\.yaml:7:49 .*event label "fire" is not in the manifest's labels/,
    /add it under `labels`/,
  ],
  [
    'a class that the manifest does not know',
    editFile('datasets/street.yaml', 'alarm: [red]', 'alarm: [crimson]'),
    /^datasets\/street\.yaml:38:\d+ \(labels\.alarm\[0\]\): unknown class "crimson"/,
    /lists under `classes`/,
  ],
  [
    'a file that is missing',
    (repository) => rmSync(data(repository, 'bench/red/3.png')),
    /^datasets\/bench\.sha256:\d+: red\/3\.png is pinned, but is not there/,
    /fieldproof pin datasets\/bench\.yaml/,
  ],
  [
    'a file that is cut short',
    (repository) => truncateSync(data(repository, 'street/lobby-2.mp4'), 500),
    /lobby-2\.mp4: is not the pinned bytes: found sha256:\w+ \(500 bytes\)/,
    /restore the file/,
  ],
  [
    'a file that has changed',
    (repository) => appendFileSync(data(repository, 'bench/red/3.png'), 'x'),
    /red\/3\.png: is not the pinned bytes/,
    /fieldproof pin datasets\/bench\.yaml/,
  ],
];

const models: BadInput[] = [
  [
    'weights that are not ONNX',
    (repository) => repository.write({ 'models/tiny/tiny.onnx': 'a page of text' }),
    /^models\/tiny\/tiny\.onnx: is no ONNX model/,
    /export it again/,
  ],
  [
    'weights that are not there',
    remove('models/tiny/tiny.onnx'),
    /^models\/tiny\/model\.yaml:\d+:\d+ \(weights\.default\): tiny\.onnx is not there/,
    /add the file itself/,
  ],
  [
    'an operator that there is not',
    (repository) => repository.writeModel({ operator: 'TeleportPool' }),
    /^models\/tiny\/tiny\.onnx: wants the operator TeleportPool, which is not there/,
    /export the model with operators of ONNX itself/,
  ],
  [
    'an output of the wrong shape',
    (repository) => repository.writeModel({ output: 'map' }),
    /^models\/tiny\/model\.yaml:1:1 \(output\): models\/tiny\/tiny\.onnx gives an output of shape \[1, 3, 8, 8\]/,
    /name the output that holds the class scores/,
  ],
  [
    'a model.yaml with a wrong choice',
    editFile('models/tiny/model.yaml', 'kernel: linear', 'kernel: liner'),
    /^models\/tiny\/model\.yaml:15:5 \(preprocess\.resize\.kernel\): .*"linear"/,
    /JSON Schema/,
  ],
];

describe.each([
  ['the configuration', configurations],
  ['a dataset', datasets],
  ['a model', models],
])('bad input in %s', (_, inputs) => {
  it.concurrent.each(inputs)(
    'names %s, with what to do about it, and leaves nothing behind',
    async (_what, spoil, said, remedy) => {
      expect(await checkSpoilt(laid, spoil)).toEqual(refusal(said, remedy));
    },
  );
});

const mendOnHead: Spoil = async (repository) => {
  await editFile('fieldproof.yaml', 'margin: 20%', 'margin: 20')(repository);
  repository.commit('A base that is at fault');
  await editFile('fieldproof.yaml', 'margin: 20,', 'margin: 20%,')(repository);
};

describe('the commits of a check', () => {
  it('are refused by name when there is no such base', async () => {
    const ran = await checkSpoilt(laid, () => {}, { args: ['--base', 'release-9'] });
    expect(ran).toEqual(refusal(/has no commit named release-9/, /name another with --base/));
  });

  it('tell a base that is at fault from a head that is not', async () => {
    const ran = await checkSpoilt(laid, mendOnHead, { args: ['--base', 'HEAD~1'] });
    expect(ran).toEqual(refusal(/^HEAD~1:fieldproof\.yaml:11:\d+ .*more than the whole/, /\S/));
  });
});

describe('the fleet repository', () => {
  it('is refused while its working tree has changes that are not committed', async () => {
    const ran = await checkSpoilt(laid, async (repository) => {
      const clone = path.join(repository.folder, 'fleet');
      repository.git('clone', '--quiet', repository.fleet, clone);
      writeFileSync(path.join(clone, 'kustomization.yaml'), 'half an edit');
      await editFile('fieldproof.yaml', '../fleet.git', '../fleet')(repository);
    });
    expect(ran).toEqual(
      refusal(
        /fleet: the fleet repository has changes that are not committed: kustomization\.yaml/,
        /commit them or put them aside/,
      ),
    );
  });
});
