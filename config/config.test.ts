import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { problemsOf } from './problems.fixture.ts';

const good = `version: 1
models:
  porch:
    build: models/porch
    image: registry.example/acme/porch
    task: classification
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  cloud-x86: { platform: linux/amd64, at: local, requires: { cpu: [avx2] }, limits: { cpus: 2, memory: 1GiB },
               budgets: { latency-p95: 50ms, image: 400MiB } }
  edge-box:  { platform: linux/amd64, at: local, variant: int8, limits: { cpus: 1, memory: 512MiB },
               budgets: { latency-p95: 120ms } }
gates:
  porch:
    - { dataset: bench,  metric: top1, margin: 2% }
    - { dataset: street, metric: event-recall, margin: 5%, guard: [site], watch: [light] }
    - { dataset: street, metric: false-alarms-per-hour, margin: 0.5 }
    - { chipset: "*", metric: latency-p50, margin: 10% }
deploy:
  controller: flux
  repository: ../fleet.git
  branch: main
  sites: [ { name: lobby-berlin, chipset: edge-box, link: 2Mbit/s }, { name: cloud-eu, chipset: cloud-x86 } ]
`;

describe('fieldproof.yaml', () => {
  it('is resolved into base units with every default filled in', () => {
    const config = readConfig(good);
    expect(config.chipsets[0]).toMatchObject({
      limits: { cpus: 2, memoryBytes: 2 ** 30 },
      budgets: { 'latency-p95': 50, image: 400 * 2 ** 20 },
    });
    expect(config.models[0]?.gates[0]).toMatchObject({ kind: 'quality', metric: 'top1', margin: 0.02, guard: [] });
    expect(config.models[0]?.gates[3]).toEqual({ kind: 'latency', chipset: '*', metric: 'latency-p50', margin: 0.1 });
    expect(config.models[0]?.runtime).toEqual({ image: 'registry.example/acme/fieldproof-runtime', digest: null });
    expect(config.deploy?.sites[0]).toMatchObject({ name: 'lobby-berlin', chipset: 'edge-box', link: 2e6 });
  });

  it('reads durations of time-to-detect gates as seconds', () => {
    const text = good.replace(
      'metric: top1, margin: 2%',
      'metric: top1, margin: 2% }\n    - { dataset: street, metric: time-to-detect, margin: 500ms',
    );
    expect(readConfig(text).models[0]?.gates[1]).toMatchObject({ metric: 'time-to-detect', margin: 0.5 });
  });

  it('lets a share of a dataset be left out where it cannot be decoded, and else nothing, and never all', () => {
    const saying = (bad: string) => good.replace('datasets/bench.yaml }', `datasets/bench.yaml, bad-samples: ${bad} }`);
    expect(readConfig(good).datasets['bench']).toEqual({ manifest: 'datasets/bench.yaml', source: null });
    expect(readConfig(saying('stop')).datasets['bench']).toEqual({ manifest: 'datasets/bench.yaml', source: null });
    expect(readConfig(saying('{ leave-out: 2% }')).datasets['bench']).toMatchObject({ badSamples: { atMost: 0.02 } });
    for (const wrong of ['leave-out', '{ leave-out: 100% }', '{ leave-out: -1 }'])
      expect(problemsOf(saying(wrong))).toHaveLength(1);
  });

  it('lists every problem at once, each with its line', () => {
    const text = good
      .replace('dataset: bench,', 'dataset: brench,')
      .replace('chipset: edge-box, link', 'chipset: edge-bix, link');
    expect(problemsOf(text).map(({ line, field, message }) => ({ line, field, message }))).toEqual([
      { line: 17, field: 'gates.porch[0].dataset', message: 'no dataset is named brench' },
      { line: 25, field: 'deploy.sites[0].chipset', message: 'no chipset is named edge-bix' },
    ]);
  });

  it('refuses a recall gate without a false-alarm gate, since a model that always says yes would pass it', () => {
    const text = good.replace(/.*false-alarms-per-hour.*\n/, '');
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({
        line: 18,
        message: 'a gate on event-recall without one on false-alarms-per-hour: a model that always says yes would pass',
      }),
    ]);
  });

  it('points at a field that it does not know', () => {
    const text = good.replace('margin: 5%, guard', 'margn: 5%, guard');
    expect(problemsOf(text)).toContainEqual(
      expect.objectContaining({ line: 18, field: 'gates.porch[1].margn', message: 'unknown field "margn"' }),
    );
  });

  it.each([
    ['a unit that there is not', 'memory: 1GiB', 'memory: 1Gib', /expected a number with a unit .* such as 400MiB/],
    ['a path out of the repository', 'build: models/porch', 'build: ../porch', /expected a path inside the repository/],
    ['an image with a tag', 'acme/porch', 'acme/porch:latest', /without tag or digest/],
    ['a bound on the wrong side', 'margin: 0.5', 'margin: 0.5, at-least: 3', /is better when it is less/],
    ['a fraction above the whole', 'margin: 2%', 'margin: 2', /more than the whole/],
    ['a gate that decides nothing', 'metric: top1, margin: 2%', 'metric: top1', /decides nothing/],
    ['a model that nothing judges', 'gates:\n  porch:', 'gates:\n  patio:', /no model is named patio/],
    ['a dataset named as what every object has', 'dataset: bench', 'dataset: constructor', /no dataset is named constructor/],
    ['text that is no YAML', 'version: 1', 'version: [1', /not YAML/],
    ['a field given twice', 'version: 1', 'version: 1\nversion: 1', /unique/i],
  ])('explains %s', (_, from, to, message) => {
    const problems = problemsOf(good.replace(from, to));
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
    for (const problem of problems)
      expect(problem).toMatchObject({ file: 'fieldproof.yaml', line: expect.any(Number), remedy: expect.any(String) });
  });
});
