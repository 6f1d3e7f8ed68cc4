import { expect, it } from 'vitest';
import { finding, latencyFindings, slice } from '../../testing/reports/report-findings.ts';
import { failingReport, report } from '../../testing/reports/report-fixtures.ts';
import { model } from '../../testing/reports/report-model.ts';
import { locateFindings } from './locate-findings.ts';

const config = `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  edge-box:
    platform: linux/arm64
    budgets:
      latency-p95: 120ms
      image: 40MB
gates:
  porch:
    - dataset: bench
      metric: top1
      margin: 2%
    - dataset: street
      metric: event-recall
      margin: 5%
      at-least: 80%
      guard: [light]
    - { dataset: street, metric: false-alarms-per-hour, margin: 0.5 }
    - { chipset: "*", metric: latency-p50, margin: 10% }
`;
const described = 'version: 1\nname: porch\nweights: { default: porch.onnx }\n';
const files = new Map([
  ['fieldproof.yaml', config],
  ['models/porch/model.yaml', described],
]);

const fails = { outcome: 'fail', reason: 'it lost' } as const;
const numbers = { gain: -0.1, half: 0.01, candidate: 0.7, reference: 0.8 };

it.each([
  ['a gate at its margin', finding(numbers, fails), 20],
  ['a guarded slice at the guard', slice('light', 'night', numbers, fails), 22],
  ['a bound at the bound', finding(numbers, { ...fails, against: 'bound' }), 21],
  ['a latency gate for every chipset', { ...latencyFindings[0], ...fails }, 24],
  ['a budget at the budget', { ...latencyFindings[2], ...fails }, 11],
  ['an anchor at the model', finding(numbers, { ...fails, against: 'anchor' }), 3],
  ['a gate that the head has removed, at the gates', finding(numbers, { ...fails, dataset: 'gone' }), 14],
])('shows %s', (_, found, line) => {
  const given = report({
    outcome: 'fail',
    models: [model({ outcome: 'fail', findings: [found as ReturnType<typeof finding>] })],
  });
  const about = locateFindings(given, files).filter(({ path }) => path === 'fieldproof.yaml');
  expect(about.map((each) => each.line)).toEqual([line]);
  expect(config.split('\n')[line - 1]).toMatch(/margin: 5%|guard|at-least|"\*"|latency-p95|porch:/);
});

it('shows what fails before what is undecided, and nothing that passed or is only watched', () => {
  const annotations = locateFindings(failingReport(), files);
  expect(annotations.map(({ level, path }) => [level, path])).toEqual([
    ['failure', 'models/porch/model.yaml'],
    ['failure', 'fieldproof.yaml'],
    ['failure', 'fieldproof.yaml'],
    ['warning', 'fieldproof.yaml'],
  ]);
  expect(annotations[0]).toMatchObject({ line: 3, title: 'porch fails' });
});

it('points at the last stage of a Dockerfile', () => {
  const dockerfile = 'FROM a AS build\nRUN make\nFROM scratch\nCOPY --from=build /m /m\n';
  const withOne = new Map([...files, ['models/porch/Dockerfile', dockerfile]]);
  expect(locateFindings(failingReport(), withOne)[0]).toMatchObject({ path: 'models/porch/Dockerfile', line: 3 });
});

it('is content with a configuration that the head has broken, or has not', () => {
  expect(locateFindings(failingReport(), new Map([['fieldproof.yaml', 'models: [']])).map(({ line }) => line)).toEqual([1, 1, 1]);
  expect(locateFindings(failingReport(), new Map())).toEqual([]);
});

it("looks names up among the configuration's own", () => {
  const odd = model({
    outcome: 'fail',
    model: 'constructor',
    findings: [finding(numbers, { ...fails, chipset: '__proto__', against: 'budget' })],
  });
  expect(locateFindings(report({ outcome: 'fail', models: [odd] }), files)).toMatchObject([{ path: 'fieldproof.yaml' }]);
});
