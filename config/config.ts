import { CouldNotRun, inTime, parseYaml, type Digest } from '#kernel';
import type { Chipset } from '#runners';
import type { Gate, Scenario } from '#eval';
import type { Controller, NodeSelection } from '#gitops';
import { configProblems } from './config-rules.ts';
import { normaliseDataset, type DatasetConfig } from './dataset-source.ts';
import { normaliseReplay, type ReplayConfig } from './replays.ts';
import { normaliseGraphs, type GraphsConfig } from './normalise-graphs.ts';
import { normaliseGithub, type GithubConfig } from './github-config.ts';
import { normaliseLedger, type LedgerConfig } from './ledger-config.ts';
import { normaliseManifests, normalisePlacement, type ManifestConfig } from './normalise-manifests.ts';
import { normaliseAudit, type AuditConfig } from './written-audit.ts';
import { normaliseScenario } from './written-scenarios.ts';
import { normaliseWatch, type WatchConfig } from './normalise-watch.ts';
import { writtenConfigSchema, type WrittenConfig } from './written-config.ts';

/** `fieldproof.yaml` resolved: every default filled in, every reference known to exist, every unit a base unit. */
export type Config = {
  models: readonly ModelConfig[];
  datasets: Readonly<Record<string, DatasetConfig>>;
  /** Names of images, without tag or digest, that are fetched with our rights for whatever builds on them. */
  baseImages: readonly string[];
  chipsets: readonly ChipsetConfig[];
  deploy: DeployConfig | null;
  replays: readonly ReplayConfig[];
  github: GithubConfig;
  ledger: LedgerConfig | null;
  /** Whether a check that is sure to fail ends before its datasets do. */
  earlyStopping: boolean;
  audit: AuditConfig;
  seed: number;
} & GraphsConfig;

export type ModelConfig = {
  name: string;
  build: string;
  image: string;
  runtime: { image: string; digest: Digest | null };
  /** How its server calls what it serves; null: it is asked. */
  serves: { name: string; version: string | null } | null;
  task: 'classification' | 'detection' | 'embedding';
  threshold: number | null;
  anchor: Digest | null;
  gates: readonly Gate[];
};

/** `scenarios`: left out where none is said, so that policies of before have the digest that they had. */
export type ChipsetConfig = Chipset & { budgets: Budgets; placement: NodeSelection | null; scenarios?: readonly Scenario[] };

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
  /** By model: the names of its images, without tag or digest. */
  images: Readonly<Record<string, { model: string; runtime: string }>>;
  watch: WatchConfig;
} & ManifestConfig;

export const configFile = 'fieldproof.yaml';

/** @throws CouldNotRun with every problem at once */
export function readConfig(text: string, file = configFile): Config {
  return inTime(file, () => readWhole(text, file));
}

function readWhole(text: string, file: string): Config {
  const { value, source } = parseYaml(text, file, writtenConfigSchema);
  const problems = configProblems(value, source);
  if (problems.length > 0) throw new CouldNotRun(problems);
  return normalise(value);
}

function normalise(written: WrittenConfig): Config {
  const models = Object.entries(written.models).map(([name, model]) => normaliseModel(name, model, written.gates[name] ?? []));
  return {
    models,
    datasets: Object.fromEntries(Object.entries(written.datasets).map(([name, dataset]) => [name, normaliseDataset(dataset)])),
    baseImages: written['base-images'],
    chipsets: Object.entries(written.chipsets).map(([name, chipset]) => normaliseChipset(name, chipset)),
    deploy: written.deploy ? normaliseDeploy(written.deploy, models) : null,
    replays: Object.entries(written.replays).map(([model, replay]) => normaliseReplay(model, replay, written.seed)),
    ...normaliseGraphs(written),
    github: normaliseGithub(written.github),
    ledger: normaliseLedger(written.ledger),
    earlyStopping: written['early-stopping'] === 'to-fail',
    audit: normaliseAudit(written.audit),
    seed: written.seed,
  };
}

function normaliseModel(
  name: string,
  model: WrittenConfig['models'][string],
  gates: WrittenConfig['gates'][string],
): ModelConfig {
  return {
    name,
    build: model.build.replace(/\/+$/, ''),
    image: model.image,
    runtime: {
      image: model.runtime?.image ?? siblingImage(model.image, 'fieldproof-runtime'),
      digest: model.runtime?.digest ?? null,
    },
    serves: model.serves === undefined ? null : { name: model.serves.model, version: model.serves.version ?? null },
    task: model.task,
    threshold: model.threshold ?? null,
    anchor: model.anchor ?? null,
    gates: gates.flatMap((gate) => ('placement' in gate ? [] : [normaliseGate(gate)])),
  };
}

/** By model: the names of its images. */
export function imageNames(models: readonly ModelConfig[]): DeployConfig['images'] {
  return Object.fromEntries(models.map(({ name, image, runtime }) => [name, { model: image, runtime: runtime.image }]));
}

/** `registry.example/acme/porch` -> `registry.example/acme/<name>`. */
function siblingImage(image: string, name: string): string {
  return `${image.slice(0, image.lastIndexOf('/'))}/${name}`;
}

type WrittenModelGate = Exclude<WrittenConfig['gates'][string][number], { placement: string }>;

function normaliseGate(gate: WrittenModelGate): Gate {
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
    placement: chipset.placement === undefined ? null : normalisePlacement(chipset.placement),
    ...(chipset.scenarios !== undefined && { scenarios: chipset.scenarios.map((scenario) => normaliseScenario(scenario)) }),
  };
}

function normalisePlace(at: WrittenConfig['chipsets'][string]['at']): Chipset['at'] {
  if (at === 'local') return { kind: 'local' };
  if ('runner' in at) return { kind: 'runner', label: at.runner };
  if ('ssh' in at) return { kind: 'ssh', host: at.ssh };
  return { kind: 'endpoint', url: at.endpoint };
}

function normaliseDeploy(deploy: NonNullable<WrittenConfig['deploy']>, models: readonly ModelConfig[]): DeployConfig {
  return {
    controller: deploy.controller,
    repository: deploy.repository,
    url: deploy.url ?? deploy.repository,
    branch: deploy.branch,
    mode: deploy.mode,
    sites: deploy.sites.map(({ name, chipset, link, canary, context }) => ({
      name,
      chipset,
      link: link ?? null,
      canary,
      context: context ?? null,
    })),
    images: imageNames(models),
    watch: normaliseWatch(deploy),
    ...normaliseManifests(deploy),
  };
}
