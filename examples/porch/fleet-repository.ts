import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { FIRST_RELEASE, PULL_REQUESTS, type PullRequest } from './history.ts';
import { writeBench, writeStreet } from './scenes/write-dataset.ts';
import type { TeamRepository } from './team-repository.ts';

export const CHIPSET = 'edge-box';
/** The canary, then the others: two waves. */
export const CANARY = 'lobby-berlin';
export const OTHERS = ['porch-oslo', 'gate-porto'] as const;
export const SITES = [CANARY, ...OTHERS] as const;

export type FleetOfPorch = {
  controller: 'flux' | 'argocd';
  /** The fleet repository, as everybody reaches it. */
  url: string;
};

/** The demo's gates on what a few seconds can score; each site is a cluster, and a context of its name. */
function configText({ controller, url }: FleetOfPorch): string {
  const site = (name: string) =>
    `{ name: ${name}, chipset: ${CHIPSET}, context: ${name}${name === CANARY ? ', canary: true' : ''} }`;
  return `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  ${CHIPSET}: { platform: linux/amd64, at: local, variant: int8, limits: { cpus: 1, memory: 512MiB } }
gates:
  porch:
    - { dataset: bench, metric: top1, margin: 10%, at-least: 60% }
    - { dataset: street, metric: event-recall, margin: 20%, at-least: 10% }
    - { dataset: street, metric: false-alarms-per-hour, margin: 200, at-most: 400 }
deploy:
  controller: ${controller}
  repository: ${url}
  branch: main${controller === 'argocd' ? '\n  context: hub' : ''}
  timeout: 45s
  sites:
${SITES.map((name) => `    - ${site(name)}\n`).join('')}`;
}

/** The demo's model and gates in a repository of their own, with little data beside it: a check takes seconds. */
export async function layPorch(team: TeamRepository, fleet: FleetOfPorch): Promise<void> {
  const data = path.resolve(team.folder, '..', 'data');
  mkdirSync(data, { recursive: true });
  team.begin();
  await writeBench(path.join(data, 'bench'), { seed: 1, count: 60 });
  await writeStreet(path.join(data, 'street'), { seed: 1, clipsPerSite: 6 });
  const [model, gates] = FIRST_RELEASE;
  team.record(model);
  team.write({ ...gates.files, 'fieldproof.yaml': { text: configText(fleet) } });
  renameSync(path.join(data, 'street', 'clips.jsonl'), path.join(team.folder, 'datasets', 'street.jsonl'));
  for (const name of ['bench', 'street']) team.mustRun('pin', `datasets/${name}.yaml`);
  team.commitAll(gates);
}

/** The two pull requests of the demo that pass. */
export const NIGHT_AND_RAIN = pullRequest('night-and-rain');
export const INT8 = pullRequest('int8-for-the-edge-box');

function pullRequest(branch: string): PullRequest {
  const found = PULL_REQUESTS.find((each) => each.branch === branch);
  if (found === undefined) throw new Error(`the example has no pull request ${branch}`);
  return found;
}
