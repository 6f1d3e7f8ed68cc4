import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { readConfig } from '../../../config/config.ts';
import { latency, model } from '../../../testing/reports/report-model.ts';
import { fleetConfig, memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed, resolvedNamed } from '../../../testing/worlds/named-releases.ts';
import { fleetPlan, progressiveOf } from './fleet-plan.ts';

const { planned } = await memoryCheck();
const facts = { changeRequest: '7', replay: null, progressive: null };

function planFor({ candidate = resolvedNamed('better'), chipset = '' } = {}) {
  const config = memoryConfig(fleetConfig).replace(
    'edge: { platform: linux/amd64 }',
    `edge: { platform: linux/amd64${chipset} }`,
  );
  const { deploy, chipsets } = readConfig(config);
  if (deploy === null) throw new Error('there is a fleet');
  return fleetPlan({ plan: planned.plan, candidate }, deploy, chipsets, facts);
}

describe('a release on every site', () => {
  it('is the same on each, pinned by digest', () => {
    const release = {
      kind: 'model',
      model: { image: 'registry.example/acme/porch', digest: digestOf('better') },
      runtime: { image: 'registry.example/acme/fieldproof-runtime', digest: digestOf('runtime') },
      variant: null,
    };
    const { sites, ...rest } = planFor();
    expect(sites.map(({ site, release: at }) => [site.name, site.link, at])).toEqual([
      ['lobby', 8000, release],
      ['garden', null, release],
    ]);
    expect(rest).toMatchObject({ controller: 'flux', model: 'porch', changeRequest: '7', replay: null });
  });

  it.each([
    ['those that its chipset prefers', ', variant: int8', ['default', 'int8'], 'int8'],
    ['the default ones, where it has no such', ', variant: int8', ['default'], null],
    ['the default ones, where nothing is preferred', '', ['default', 'int8'], null],
  ])('serves these weights: %s', (_, chipset, variants, variant) => {
    const plan = planFor({ candidate: resolvedNamed('better', { variants }), chipset });
    expect(plan.sites[0]?.release).toMatchObject({ variant });
  });

  it('is one container where the model brings its own server', () => {
    const candidate = resolvedNamed('better', { release: releaseNamed('better', null), runtimes: new Map() });
    expect(planFor({ candidate }).sites[0]?.release).toEqual({
      kind: 'container',
      model: { image: 'registry.example/acme/porch', digest: digestOf('better') },
    });
  });

  it('has the limits of its chipset', () => {
    expect(planFor({ chipset: ', limits: { cpus: 2, memory: 1KiB }' }).sites[0]?.site.chipset).toMatchObject({
      cpus: 2,
      memoryBytes: 1024,
    });
  });
});

describe('a verdict that others may ask for', () => {
  const { deploy } = readConfig(memoryConfig(fleetConfig));
  if (deploy === null) throw new Error('there is a fleet');
  const progressive = { tool: 'kargo', records: 'https://git.example/raw' } as const;
  const [passed, asked] = [model({ outcome: 'pass', record: digestOf('verdict') }), { ...deploy, progressive }];

  it.each([
    ['nobody asks', passed, { ...deploy, progressive: null }],
    ['it has no record', { ...passed, record: null }, asked],
    ['it is undecided', { ...passed, outcome: 'inconclusive' as const }, asked],
  ])('is none where %s', (_, report, by) => {
    expect(progressiveOf(report, by)).toBeNull();
  });

  it('says of each chipset of a site what was measured there, and null of what was not', () => {
    const sites = ['edge', 'edge', 'cloud'].map((chipset, index) => ({
      name: `${index}`,
      chipset,
      link: null,
      canary: false,
      context: null,
    }));
    const report = {
      ...passed,
      candidate: releaseNamed('better'),
      latency: [latency('edge', 10, 10, 0, { percentiles: { 'latency-p50': 10.5 } })],
    };
    const common = { verdict: 'pass', record: digestOf('verdict'), model: digestOf('better'), runtime: digestOf('runtime') };
    expect([...(progressiveOf(report, { ...asked, sites })?.summaries.values() ?? [])]).toEqual([
      { ...common, chipset: 'edge', p50_ms: 10.5, p95_ms: null },
      { ...common, chipset: 'cloud', p50_ms: null, p95_ms: null },
    ]);
  });
});
