import type { Digest } from '#kernel';
import type { Controller, DeployedRelease, FleetPlan, RecordSummary } from './release.ts';

const MIB = 1024 ** 2;
export const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`;

const model = { image: 'registry.example/acme/porch', digest: digest('a') };
const runtime = { image: 'registry.example:5000/acme/fieldproof-runtime', digest: digest('b') };

/** Three sites; one of them has two chipsets, another a slow link. */
export function planOf(controller: Controller, kind: DeployedRelease['kind'] = 'model'): FleetPlan {
  const release = (variant: string | null): DeployedRelease =>
    kind === 'model' ? { kind, model, runtime, variant } : { kind, model };
  const edgeBox = { name: 'edge-box', platform: 'linux/amd64', cpus: 1, memoryBytes: 512 * MIB };
  const orin = { name: 'orin', platform: 'linux/arm64/v8', cpus: 1.5, memoryBytes: null };
  const cloud = { name: 'cloud-x86', platform: 'linux/amd64', cpus: 2, memoryBytes: 1_000_000_000 };
  return {
    controller,
    model: 'porch',
    source: { url: 'https://git.example/acme/fleet.git', branch: 'main' },
    sites: [
      { site: { name: 'lobby-berlin', chipset: edgeBox, link: 2_000_000 }, release: release('int8') },
      { site: { name: 'gate-oslo', chipset: orin, link: 100_000_000 }, release: release('fp16') },
      { site: { name: 'gate-oslo', chipset: edgeBox, link: 100_000_000 }, release: release('int8') },
      { site: { name: 'cloud-eu', chipset: cloud, link: null }, release: release(null) },
    ],
  };
}

/** The same with all that can be asked for beside it, and orin as a cluster calls it. */
export function fullPlanOf(controller: Controller, kind: DeployedRelease['kind'] = 'model'): FleetPlan {
  const plan = planOf(controller, kind);
  const placement = { nodes: { 'nvidia.com/gpu.product': 'Orin' }, resources: { 'nvidia.com/gpu': 1 }, runtimeClass: 'nvidia' };
  const chipsets = [...new Set(plan.sites.map(({ site }) => site.chipset.name))];
  const expected = { version: 1, classes: 2, tolerance: 0.05, labels: { person: { classes: [1], scores: [0.1, 0.9] } } };
  const summary = (chipset: string): RecordSummary => ({
    verdict: 'pass',
    record: digest('f'),
    model: digest('a'),
    runtime: kind === 'model' ? digest('b') : null,
    chipset,
    p50_ms: 12.5,
    p95_ms: null,
  });
  return {
    ...plan,
    sites: plan.sites.map(({ site, release }) => ({
      site: site.chipset.name === 'orin' ? { ...site, chipset: { ...site.chipset, placement } } : site,
      release,
    })),
    applicationSet: controller === 'argocd',
    changeRequest: '123',
    replay: {
      clip: { image: 'registry.example/acme/fieldproof-clips', digest: digest('c') },
      on: new Map(chipsets.map((chipset) => [chipset, { runtime, expected: JSON.stringify(expected) }])),
    },
    progressive: {
      tool: controller === 'argocd' ? 'kargo' : 'rollouts',
      records: 'https://git.example/acme/fleet/raw/main/',
      summaries: new Map(chipsets.map((chipset) => [chipset, summary(chipset)])),
    },
  };
}
