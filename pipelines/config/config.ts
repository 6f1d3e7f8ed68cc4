import { CouldNotRun, parseYaml, type Digest } from '#kernel';
import type { Chipset, Gate } from '#eval';
import type { Controller } from '#gitops';
import { configProblems } from './config-rules.ts';
import { normaliseWatch, type WatchConfig } from './normalise-watch.ts';
import { writtenConfigSchema, type WrittenConfig } from './written-config.ts';

/** `fieldproof.yaml` resolved: every default filled in, every reference known to exist, every unit a base unit. */
export type Config = {
  models: readonly ModelConfig[];
  datasets: Readonly<Record<string, { manifest: string }>>;
  chipsets: readonly ChipsetConfig[];
  deploy: DeployConfig | null;
  seed: number;
};

export type ModelConfig = {
  name: string;
  build: string;
  image: string;
  runtime: { image: string; digest: Digest | null };
  task: 'classification';
  threshold: number | null;
  anchor: Digest | null;
  gates: readonly Gate[];
};

export type ChipsetConfig = Chipset & { budgets: Budgets };

/** Milliseconds and bytes. */
export type Budgets = Partial<Record<'latency-p50' | 'latency-p90' | 'latency-p95' | 'image' | 'memory', number>>;

export type DeployConfig = {
  controller: Controller;
  repository: string;
  url: string;
  branch: string;
  /** How a release lands on the branch. */
  mode: 'commit' | 'pull-request';
  /** A canary gets a release before the others do. `context`: of the kubeconfig; null where the site names none. */
  sites: readonly { name: string; chipset: string; link: number | null; canary: boolean; context: string | null }[];
  watch: WatchConfig;
};

export const configFile = 'fieldproof.yaml';

/** @throws CouldNotRun with every problem at once */
export function readConfig(text: string, file = configFile): Config {
  const { value, source } = parseYaml(text, file, writtenConfigSchema);
  const problems = configProblems(value, source);
  if (problems.length > 0) throw new CouldNotRun(problems);
  return normalise(value);
}

function normalise(written: WrittenConfig): Config {
  return {
    models: Object.entries(written.models).map(([name, model]) => ({
      name,
      build: model.build.replace(/\/+$/, ''),
      image: model.image,
      runtime: {
        image: model.runtime?.image ?? siblingImage(model.image, 'fieldproof-runtime'),
        digest: model.runtime?.digest ?? null,
      },
      task: model.task,
      threshold: model.threshold ?? null,
      anchor: model.anchor ?? null,
      gates: (written.gates[name] ?? []).map((gate) => normaliseGate(gate)),
    })),
    datasets: written.datasets,
    chipsets: Object.entries(written.chipsets).map(([name, chipset]) => normaliseChipset(name, chipset)),
    deploy: written.deploy ? normaliseDeploy(written.deploy) : null,
    seed: written.seed,
  };
}

/** `registry.example/acme/porch` -> `registry.example/acme/<name>`. */
function siblingImage(image: string, name: string): string {
  return `${image.slice(0, image.lastIndexOf('/'))}/${name}`;
}

function normaliseGate(gate: WrittenConfig['gates'][string][number]): Gate {
  if ('chipset' in gate) return { kind: 'latency', chipset: gate.chipset, metric: gate.metric, margin: gate.margin };
  return {
    kind: 'quality',
    dataset: gate.dataset,
    metric: gate.metric,
    margin: gate.margin ?? null,
    atLeast: gate['at-least'] ?? null,
    atMost: gate['at-most'] ?? null,
    guard: gate.guard,
    guardMargin: gate['guard-margin'] ?? null,
    watch: gate.watch === true ? [] : gate.watch,
    watchOnly: gate.watch === true,
  };
}

function normaliseChipset(name: string, chipset: WrittenConfig['chipsets'][string]): ChipsetConfig {
  return {
    name,
    platform: chipset.platform,
    at: normalisePlace(chipset.at),
    variant: chipset.variant ?? null,
    requires: chipset.requires,
    limits: { cpus: chipset.limits.cpus, memoryBytes: chipset.limits.memory ?? null },
    budgets: Object.fromEntries(Object.entries(chipset.budgets).filter(([, budget]) => budget !== undefined)),
  };
}

function normalisePlace(at: WrittenConfig['chipsets'][string]['at']): Chipset['at'] {
  if (at === 'local') return { kind: 'local' };
  if ('runner' in at) return { kind: 'runner', label: at.runner };
  if ('ssh' in at) return { kind: 'ssh', host: at.ssh };
  return { kind: 'endpoint', url: at.endpoint };
}

function normaliseDeploy(deploy: NonNullable<WrittenConfig['deploy']>): DeployConfig {
  return {
    controller: deploy.controller,
    repository: deploy.repository,
    url: deploy.url ?? deploy.repository,
    branch: deploy.branch,
    mode: deploy.mode,
    sites: deploy.sites.map(({ link, context, ...site }) => ({ ...site, link: link ?? null, context: context ?? null })),
    watch: normaliseWatch(deploy),
  };
}
