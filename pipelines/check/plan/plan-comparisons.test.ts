import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import type { BuiltImage } from '#images';
import { fakeModelRunner } from '../../../testing/fakes/fake-model-runner.ts';
import { readConfig } from '../../../config/config.ts';
import type { ResolvedRelease } from '../../releases/resolve-release.ts';
import { sitesOf } from '../conclude/site-payload.ts';
import { detectChipsets } from '../measure/detect-chipsets.ts';
import { planComparisons } from './plan-comparisons.ts';

const config = readConfig(`version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
chipsets:
  edge: { platform: linux/amd64 }
gates:
  porch: [ { dataset: bench, metric: top1, margin: 2% } ]
deploy:
  controller: flux
  repository: ../fleet.git
  sites: [ { name: lobby, chipset: edge, link: 8kbit/s } ]
`);
const [model] = config.models;
const change = { base: '', head: '', policy: '', config, models: [], notes: [] };

/** Layers by name and size; a config of ten bytes. */
function image(name: string, layers: Readonly<Record<string, number>>): BuiltImage {
  const blob = (text: string, size: number) => ({ digest: digestOf(text), size, mediaType: 'application/octet-stream' });
  return {
    kind: 'model',
    digest: digestOf(name),
    platform: 'linux/amd64',
    config: blob(`config of ${name}`, 10),
    layers: Object.entries(layers).map(([layer, size]) => blob(layer, size)),
    layout: '/nowhere',
    folder: '/nowhere',
  };
}

const runtime = image('runtime', { 'runtime itself': 5000 });

function resolved(name: string, layers: Readonly<Record<string, number>>, own: BuiltImage | null = runtime): ResolvedRelease {
  const built = image(name, layers);
  const release = releaseOf({ model: built.digest, runtime: runtime.digest });
  const servable = { kind: 'model', release, folder: '/nowhere', runtimeImage: null } as const;
  const runtimes = new Map(own === null ? [] : [[config.chipsets[0]?.platform ?? '', own]]);
  return { release, image: built, runtimes, variants: ['default'], commit: null, servable };
}

const candidate = resolved('new', { labels: 100, 'new weights': 1000 });
const old = resolved('old', { labels: 100, 'old weights': 1000 });
const references = [{ role: 'baseline' as const, chipsets: ['edge'], resolved: old }];
const running = (release: ResolvedRelease['release']) => [{ site: 'lobby', chipset: 'edge', release }];

describe('what a site has to download', () => {
  it('is what is new of the model, where the runtime is there already', () => {
    expect(sitesOf({ candidate, references, deployed: running(old.release) }, { change })).toEqual([
      { name: 'lobby', chipset: 'edge', payloadBytes: 1010, transferSeconds: 1.01 },
    ]);
    expect(sitesOf({ candidate, references, deployed: running(candidate.release) }, { change })[0]?.payloadBytes).toBe(0);
  });

  it('is the runtime too, where another one runs or nothing does', () => {
    const elsewhere = releaseOf({ model: old.image.digest, runtime: digestOf('an older runtime') });
    expect(sitesOf({ candidate, references, deployed: running(elsewhere) }, { change })[0]?.payloadBytes).toBe(6020);
    expect(sitesOf({ candidate, references, deployed: [] }, { change })[0]?.payloadBytes).toBe(6120);
  });

  it('is not known where the runtime is not at hand', () => {
    const strange = resolved('new', { 'new weights': 1000 }, null);
    expect(sitesOf({ candidate: strange, references, deployed: [] }, { change })).toEqual([
      { name: 'lobby', chipset: 'edge', payloadBytes: null, transferSeconds: null },
    ]);
  });
});

describe('what is compared', () => {
  it('holds the candidate alone beside a pinned anchor of a first release, so that its bounds are judged', async () => {
    if (model === undefined) throw new Error('the configuration has a model');
    const anchor = { role: 'anchor' as const, chipsets: ['edge'], resolved: old };
    const plan = {
      model,
      candidate: candidate.release,
      history: 'first' as const,
      references: [],
      chipsets: config.chipsets,
      datasets: { research: ['bench'], replay: [] },
    };
    const planned = { plan, candidate, references: [anchor], deployed: [], fleetCommit: null, notes: [] };
    const machine = await detectChipsets(
      config.chipsets,
      null,
      fakeModelRunner(() => ({ classes: 2, score: () => [0, 1] })),
    );
    const { comparisons } = planComparisons(planned, [machine]);
    expect(comparisons.map(({ role, reference }) => [role, reference?.release ?? null])).toEqual([
      ['baseline', null],
      ['anchor', old.release],
    ]);
  });
});
