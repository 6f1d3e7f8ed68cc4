import { expect, it } from 'vitest';
import { readConfig } from '../../config/config.ts';
import { rolloutTargets } from './rollout-targets.ts';

const configText = (more: string) => `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets: {}
chipsets:
  orin: { platform: linux/arm64 }
gates:
  porch: [ { chipset: orin, metric: latency-p50, margin: 10% } ]
deploy:
  controller: flux
  repository: ../fleet.git
  sites: [ { name: gate-oslo, chipset: orin, link: 2Mbit/s }, { name: cloud-eu, chipset: orin } ]
${more}`;

it.each([
  ['', [35, 15]],
  ['  timeout: 20m\n', [25, 25]],
  ['  timeout: 1m\n', [2, 2]],
])('waits for a rollout as long as its controller does, and for that to begin: %j', (more, minutes) => {
  const { deploy } = readConfig(configText(more));
  if (deploy === null) throw new Error('the configuration deploys');
  const places = deploy.sites.map(({ name, chipset }) => ({ site: name, chipset }));
  const digest = `sha256:${'1'.repeat(64)}` as const;
  const release = { kind: 'container', model: { image: 'registry.example/acme/porch', digest } } as const;
  const deployed = places.map((place) => ({ ...place, release }));
  const targets = rolloutTargets('porch', places, { deployed, commit: 'a'.repeat(40), deploy, digestsOf: () => [digest] });
  expect(targets.map(({ timeout }) => timeout / 60_000)).toEqual(minutes);
});
