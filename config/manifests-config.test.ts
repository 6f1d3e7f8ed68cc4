import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { keptFleet } from './kept-fleet.ts';

const written = (placement: string, deploy: string, controller = 'argocd') => `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  unused: { manifest: datasets/unused.yaml }
chipsets:
  orin: { platform: linux/arm64${placement} }
gates:
  porch: [ { dataset: bench, metric: top1, margin: 2% } ]
deploy:
  controller: ${controller}
  repository: https://git.example/acme/fleet.git
  sites: [ { name: lobby, chipset: orin } ]
${deploy}`;

describe('what fieldproof.yaml says of manifests', () => {
  it('is nothing by default', () => {
    const { deploy, chipsets } = readConfig(written('', ''));
    expect(deploy).toMatchObject({ applicationSet: false, layout: null, verify: null, progressive: null });
    expect(chipsets[0]?.placement).toBeNull();
  });

  it('is where a chipset goes, and how the fleet is laid out', () => {
    const config = readConfig(
      written(
        ', placement: { nodes: { nvidia.com/gpu.product: Orin }, resources: { nvidia.com/gpu: 1 }, runtime-class: nvidia }',
        '  layout:\n    - { file: "{site}/values.yaml", in: { kind: X }, set: { "a[name={model}].b": model.digest }, only: { sites: [lobby] } }\n',
      ),
    );
    expect(config.chipsets[0]?.placement).toEqual({
      nodes: { 'nvidia.com/gpu.product': 'Orin' },
      resources: { 'nvidia.com/gpu': 1 },
      runtimeClass: 'nvidia',
    });
    expect(config.deploy && keptFleet(config.deploy, 'porch')).toEqual({
      files: [
        {
          path: '{site}/values.yaml',
          document: { kind: 'X', name: null },
          set: [{ field: 'a[name={model}].b', value: 'model.digest' }],
          only: { models: [], sites: ['lobby'], chipsets: [] },
        },
      ],
      sites: [{ name: 'lobby', chipset: 'orin', link: null, canary: false, context: null }],
      images: { model: 'registry.example/acme/porch', runtime: 'registry.example/acme/fieldproof-runtime' },
    });
  });

  it.each<[string, string, string, RegExp]>([
    [
      'a device without its maker',
      ', placement: { resources: { gpu: 1 } }',
      '',
      /:8:\d+ \(chipsets\.orin\.placement\.resources\.gpu\): .*nvidia\.com\/gpu/,
    ],
    ['half a device', ', placement: { resources: { nvidia.com/gpu: 0.5 } }', '', /chipsets\.orin\.placement\.resources/],
    ['a label that is none', ', placement: { nodes: { a/b: "x y" } }', '', /expected the value of a label/],
    [
      'a file outside the repository',
      '',
      '  layout: [ { file: ../x.yaml, set: { a: variant } } ]\n',
      /expected a path inside the fleet repository/,
    ],
    [
      'a word that nothing stands for',
      '',
      '  layout: [ { file: "{cluster}.yaml", set: { a: variant } } ]\n',
      /expected \{model\}, \{site\} or \{chipset\}/,
    ],
    ['a field that is no path', '', '  layout: [ { file: a.yaml, set: { "a[": variant } } ]\n', /expected a path to a field/],
    [
      'a value that a release has not',
      '',
      '  layout: [ { file: a.yaml, set: { a: model.tag } } ]\n',
      /\(deploy\.layout\[0\]\.set\.a\)/,
    ],
    ['no field at all', '', '  layout: [ { file: a.yaml, set: {} } ]\n', /expected at least one field/],
    [
      'a site that there is not',
      '',
      '  layout: [ { file: a.yaml, set: { a: variant }, only: { sites: [attic] } } ]\n',
      /there is no attic among the sites[\s\S]*lobby/,
    ],
    [
      'manifests into a layout of its own',
      '',
      '  layout: [ { file: a.yaml, set: { a: variant } } ]\n  application-set: true\n',
      /\(deploy\.application-set\): Fieldproof writes no manifests/,
    ],
    ['a clip of no dataset', '', '  verify: { dataset: street, clip: a.mp4 }\n', /no dataset is named street/],
    ['a clip that no gate looks at', '', '  verify: { dataset: unused, clip: a.mp4 }\n', /no model is judged on unused/],
    ['records at no address', '', '  progressive: { tool: kargo, records: records }\n', /\(deploy\.progressive\.records\)/],
  ])('explains %s', (_, placement, deploy, message) => {
    expect(() => readConfig(written(placement, deploy))).toThrow(message);
  });

  it.each([
    ['an ApplicationSet', '  application-set: true\n', /only Argo CD has ApplicationSets/],
    ['Kargo', '  progressive: { tool: kargo, records: "https://x.example" }\n', /Kargo promotes by Argo CD/],
  ])('has no %s with Flux', (_, deploy, message) => {
    expect(() => readConfig(written('', deploy, 'flux'))).toThrow(message);
  });
});
