import { digestOf, hexOf, releaseOf } from '#kernel';
import type { FleetPlan } from '#gitops';
import type { VerdictFact } from '../../history/check-facts.ts';
import type { Config } from '../../config/config.ts';
import { policyDigest } from '../../config/policy-digest.ts';

/** What a check would say of releases that have names only: configuration, verdict and plan for the fleet. */
export type SiteLine = { name: string; chipset: 'edge' | 'cloud'; canary?: boolean };

export const DATE = new Date('2026-01-02T03:04:05Z');
export const treeOf = (model: string, word: string) => hexOf(digestOf(`tree ${model} ${word}`)).slice(0, 40);

type Named = { model: string; word: string };

export function verdictOf(config: Config, { model, word, outcome }: Named & Pick<VerdictFact, 'outcome'>): VerdictFact {
  const own = config.models.find(({ name }) => name === model);
  if (own === undefined) throw new Error(`no model ${model}`);
  return {
    kind: 'verdict',
    model,
    base: 'b'.repeat(40),
    head: hexOf(digestOf(`head ${model} ${word}`)).slice(0, 40),
    tree: treeOf(model, word),
    policy: policyDigest(config, own),
    candidate: releaseOf({ model: digestOf(model + word), runtime: digestOf('runtime') }),
    references: [],
    history: 'change',
    outcome,
    superior: false,
    seed: 1,
    runner: { name: 'process', sandboxed: false },
    findings: [],
    at: new Date().toISOString(),
  };
}

export function planOf({ deploy, chipsets }: Config, { model, word }: Named): FleetPlan {
  const release = {
    kind: 'model' as const,
    model: { image: `registry.example/acme/${model}`, digest: digestOf(model + word) },
    runtime: { image: 'registry.example/acme/fieldproof-runtime', digest: digestOf('runtime') },
    variant: null,
  };
  const sites = (deploy?.sites ?? []).map(({ name, chipset, link }) => {
    const found = chipsets.find((entry) => entry.name === chipset);
    const placement = { name: chipset, platform: found?.platform ?? 'linux/amd64', cpus: 1, memoryBytes: null };
    return { site: { name, chipset: placement, link }, release };
  });
  return { controller: 'flux', model, source: { url: 'https://git.example/acme/fleet.git', branch: 'main' }, sites };
}

export function configText(models: readonly string[], sites: readonly SiteLine[], mode: string): string {
  const lines = (line: (model: string) => string) => models.map(line).join('\n');
  return `version: 1
models:
${lines((name) => `  ${name}: { build: models/${name}, image: registry.example/acme/${name}, task: classification }`)}
datasets:
  bench: { manifest: datasets/bench.yaml }
chipsets:
  cloud: { platform: linux/amd64 }
  edge: { platform: linux/amd64 }
gates:
${lines((name) => `  ${name}: [{ dataset: bench, metric: top1, margin: 2% }]`)}
deploy:
  controller: flux
  repository: ../fleet.git
  url: https://git.example/acme/fleet.git
  mode: ${mode}
  sites: ${JSON.stringify(sites)}
`;
}
