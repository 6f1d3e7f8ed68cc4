import { describe, expect, it } from 'vitest';
import { digestOf, onlyStage, releaseOf } from '#kernel';
import { readConfig } from '#config';
import { asOnFirstPlatform, platformsOf, refuseUnservedSites, runtimeOn } from './platforms.ts';

const config = readConfig(`version: 1
models:
  tiny: { build: models/tiny, image: registry.example/acme/tiny, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
chipsets:
  cloud: { platform: linux/amd64, at: local, limits: { cpus: 1 } }
  orin: { platform: linux/arm64, at: { runner: orin }, limits: { cpus: 1 } }
  other: { platform: linux/amd64, at: { runner: other }, limits: { cpus: 1 } }
gates:
  tiny: [{ dataset: bench, metric: top1, margin: 5% }]
deploy:
  controller: flux
  repository: ../fleet.git
  sites: [ { name: lobby, chipset: cloud }, { name: yard, chipset: orin } ]
`);
const model = digestOf('model');
const image = (text: string) => ({
  digest: digestOf(text),
  platform: null,
  config: { digest: digestOf(`${text} config`), size: 1, mediaType: '' },
  layers: [],
});
const runtimes = new Map([
  ['linux/amd64', image('amd64')],
  ['linux/arm64', image('arm64')],
]);
const candidate = { release: releaseOf({ model, runtime: digestOf('amd64') }), runtimes };

describe('platformsOf', () => {
  it('names each platform of the chipsets once, in their order', () => {
    expect(platformsOf(config)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(platformsOf({ chipsets: [] })).toEqual(['linux/amd64']);
  });
});

describe('runtimeOn', () => {
  it('is that of the platform, and none where the image brings its own server', () => {
    expect(runtimeOn(candidate, 'linux/arm64')).toBe(digestOf('arm64'));
    expect(runtimeOn({ release: releaseOf({ model, runtime: null }), runtimes: new Map() }, 'linux/arm64')).toBeNull();
  });
});

describe('asOnFirstPlatform', () => {
  it.each([
    ['the same runtime on its own platform', 'orin', 'arm64', 'amd64'],
    ['the same runtime on the first platform', 'cloud', 'amd64', 'amd64'],
    ['an older one', 'orin', 'older', 'older'],
    ['that of another platform', 'orin', 'amd64', 'amd64'],
    ['a chipset that is gone', 'gone', 'arm64', 'arm64'],
  ])('%s', (_, chipset, runs, expected) => {
    const deployed = { chipset, release: releaseOf({ model, runtime: digestOf(runs) }) };
    expect(onlyStage(asOnFirstPlatform(deployed, candidate, config).release).runtime).toBe(digestOf(expected));
  });
});

describe('refuseUnservedSites', () => {
  it('passes where every site has a runtime, or the model brings its own', () => {
    expect(() => refuseUnservedSites(candidate, config)).not.toThrow();
    expect(() =>
      refuseUnservedSites({ release: releaseOf({ model, runtime: null }), runtimes: new Map() }, config),
    ).not.toThrow();
  });

  it('names each site whose platform has none', () => {
    const alone = { ...candidate, runtimes: new Map([...runtimes].slice(0, 1)) };
    expect(() => refuseUnservedSites(alone, config)).toThrow(
      /deploy\.sites\[1\]\): yard is linux\/arm64, for which there is no runtime, so nothing that would run there is judged/,
    );
  });
});
