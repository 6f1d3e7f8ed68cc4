import { digest, planOf } from '../plan.fixture.ts';
import type { Controller, DeployedRelease, Site } from '../release.ts';
import type { GraphPlan, PlacedStage } from './graph-plan.ts';

const MIB = 1024 ** 2;
const runtime = { image: 'registry.example/acme/fieldproof-runtime', digest: digest('b') };
const box = { name: 'edge-box', platform: 'linux/amd64', cpus: 1, memoryBytes: 512 * MIB };
const big = { name: 'cloud-x86', platform: 'linux/amd64', cpus: 2, memoryBytes: 1024 * MIB };
export const OSLO: Site = { name: 'gate-oslo', chipset: box, link: 2_000_000 };
export const BERLIN: Site = { name: 'lobby-berlin', chipset: box, link: 2_000_000 };
export const CLOUD: Site = { name: 'cloud-eu', chipset: big, link: null };

export const STAGES = ['motion', 'detector', 'embedder', 'events'] as const;

type Letters = Partial<Record<(typeof STAGES)[number], string>>;
const container = (name: string, letter: string): DeployedRelease => ({
  kind: 'container',
  model: { image: `registry.example/acme/${name}`, digest: digest(letter) },
});
const model = (name: string, letter: string): DeployedRelease => ({
  kind: 'model',
  model: { image: `registry.example/acme/${name}`, digest: digest(letter) },
  runtime,
  variant: null,
});
const contract = { speaks: 1, reads: [1, 1] as const };

/** Motion and detector on the boxes, embedder and events in the cloud: crops go over the link, and events stay. */
export function graphPlanOf(controller: Controller, letters: Letters = {}): GraphPlan {
  const { motion = '1', detector = '2', embedder = '3', events = '4' } = letters;
  const stages: PlacedStage[] = [
    {
      name: 'motion',
      told: { name: 'motion' },
      desk: 'cameras',
      runs: 'in the runtime',
      contract,
      places: [OSLO, BERLIN].map((site) => ({ site, release: container('motion', motion) })),
    },
    {
      name: 'detector',
      told: { name: 'detector' },
      desk: null,
      runs: 'in the runtime',
      contract,
      places: [OSLO, BERLIN].map((site) => ({ site, release: model('detector', detector) })),
    },
    {
      name: 'embedder',
      told: { name: 'embedder' },
      desk: null,
      runs: 'in the runtime',
      contract,
      places: [{ site: CLOUD, release: model('embedder', embedder) }],
    },
    {
      name: 'events',
      told: { name: 'events' },
      desk: 'answers',
      runs: 'in the runtime',
      contract,
      places: [{ site: CLOUD, release: container('events', events) }],
    },
  ];
  const size = { window: 8, largest: MIB };
  return {
    controller,
    graph: 'porch',
    source: planOf(controller).source,
    stages,
    edges: [
      { from: 'motion', to: 'detector', promised: false, ...size },
      { from: 'detector', to: 'embedder', promised: true, ...size },
      { from: 'embedder', to: 'events', promised: true, ...size },
    ],
    broker: {
      site: CLOUD,
      image: { image: 'registry.example/nats', digest: digest('9') },
      host: 'broker.porch.example',
      port: 4222,
      from: ['198.51.100.0/24'],
      secret: 'porch-broker',
      storageBytes: 1024 * MIB,
    },
  };
}
