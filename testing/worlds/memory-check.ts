import { digestOf, silentProgress, type Digest } from '#kernel';
import { openModelPool, type Machine, type ModelRunner } from '#runners';
import type { AnswerStore, Served } from '#eval';
import type { Answer } from '#tasks';
import { renderFleet, type FleetRepository } from '#gitops';
import { readConfig } from '../../config/config.ts';
import type { CheckContext, CheckRequest } from '../../pipelines/check/check-context.ts';
import { gatherCheck } from '../../pipelines/check/plan/gather-check.ts';
import { measureModel } from '../../pipelines/check/measure/measure-model.ts';
import { detectChipsets } from '../../pipelines/check/measure/detect-chipsets.ts';
import type { ModelPart } from '../../pipelines/check/parts/part.ts';
import { planModelChange, type PlannedModel } from '../../pipelines/check/plan/plan-model-change.ts';
import type { ModelChange } from '../../pipelines/check/plan/gather-change.ts';
import type { CheckPorts } from '../../pipelines/check/ports.ts';
import { fakeModelRunner, type FakeModel } from '../fakes/fake-model-runner.ts';
import { MemoryFleet } from '../fakes/memory-fleet.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { memoryImages } from '../fakes/memory-images.ts';
import { memoryModels, type MemoryCommit } from '../fakes/memory-models.ts';
import { steppedClock } from '../fakes/stepped-clock.ts';
import { runtimeImage } from './named-releases.ts';
import { bench, openSmall, street } from './small-datasets.ts';

/** How good a model is: the first so many pictures, and persons in clips, it gets right. */
export type Skill = { right: number; found: number; milliseconds?: number };

const SKILLS: Readonly<Record<string, Skill>> = {
  old: { right: 50, found: 50 },
  better: { right: 60, found: 60 },
  worse: { right: 10, found: 10 },
  slow: { right: 50, found: 50, milliseconds: 20 },
};

export const memoryConfig = (more = '') => `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  edge: { platform: linux/amd64 }
gates:
  porch:
    - { dataset: bench, metric: top1, margin: 10% }
    - { dataset: street, metric: event-recall, margin: 20% }
    - { dataset: street, metric: false-alarms-per-hour, at-most: 2000 }
    - { chipset: edge, metric: latency-p50, margin: 20% }
${more}`;

export const fleetConfig = `deploy:
  controller: flux
  repository: fleet
  url: https://git.example/acme/fleet.git
  sites: [ { name: lobby, chipset: edge, link: 8kbit/s }, { name: garden, chipset: edge } ]
`;

export type MemoryCheckOptions = {
  /** The models at base and head, by a word; null: the base has none. */
  base?: string | null;
  head?: string;
  config?: string;
  request?: Partial<CheckRequest>;
  ports?: Partial<CheckPorts>;
  skills?: Readonly<Record<string, Skill>>;
};

export type MemoryCheck = {
  ports: CheckPorts;
  request: CheckRequest;
  context: CheckContext;
  /** The change of the only model, and its plan. */
  modelChange: ModelChange;
  planned: PlannedModel;
  machine: Machine;
  /** What this machine measures in a round. */
  measure(round: 'research' | 'replay'): Promise<ModelPart>;
};

/** A whole check in memory: a change of one model, its datasets, and a machine that is every chipset. */
export async function memoryCheck(options: MemoryCheckOptions = {}): Promise<MemoryCheck> {
  const { request, ports } = memoryPorts(options);
  const gathered = await gatherCheck(request, ports, 'written');
  if (gathered.kind === 'unjudged') throw new Error('the base of this world has a configuration');
  const { context } = gathered;
  const [modelChange] = context.change.models;
  if (modelChange === undefined) throw new Error('the configuration of this world has a model');
  const planned = await planModelChange(modelChange, context);
  const machine = await detectChipsets(context.change.config.chipsets, null, ports.runner);
  const measure = async (round: 'research' | 'replay') => {
    const pool = openModelPool(ports.runner);
    try {
      return await measureModel(round, planned, machine, { ...context, pool });
    } finally {
      await pool.stopAll();
    }
  };
  return { ports, request, context, modelChange, planned, machine, measure };
}

/** What the check is made of, before anything is gathered. */
export function memoryPorts({ base = 'old', head = 'better', ...options }: MemoryCheckOptions = {}) {
  const { config = memoryConfig(), skills = SKILLS } = options;
  const commit = (word: string | null): MemoryCommit => ({
    files: { 'fieldproof.yaml': config, ...(word !== null && { 'models/porch/weights': word }) },
  });
  const repository = memoryModels({ base: commit(base), head: { ...commit(head), parent: 'base' } });
  const { clock, spend } = steppedClock();
  const ports = {
    repository,
    images: memoryImages(
      [base, head].filter((word) => word !== null),
      repository,
    ),
    samples: { load: async ({ name }: { name: string }) => openSmall(name === 'bench' ? bench : street) },
    thumbnails: { thumbnail: async () => ({ jpeg: Uint8Array.of(1), width: 1, height: 1, scale: 1 }) },
    runner: runnerOf(skills, spend),
    answers: once(memoryAnswers),
    ledger: new MemoryLedger(),
    openFleet: once(() => new MemoryFleet()),
    deployedStates: null,
    graphs: null,
    clock,
    progress: silentProgress,
    ...options.ports,
  } satisfies CheckPorts;
  const request: CheckRequest = {
    base: 'base',
    head: 'head',
    seed: 1,
    policyFrom: 'base',
    identity: true,
    fresh: false,
    ...options.request,
  };
  return { request, ports };
}

/** Puts a release on every site of the fleet, as a merged proposal would. */
export async function deploy(fleet: FleetRepository, config: string, word: string): Promise<string> {
  const { deploy: to, chipsets } = readConfig(config);
  const pin = (image: string, digest: Digest) => ({ image: `registry.example/acme/${image}`, digest });
  const model = pin('porch', digestOf(word));
  const release = { kind: 'model' as const, model, runtime: pin('fieldproof-runtime', runtimeImage.digest), variant: null };
  const sites = (to?.sites ?? []).map(({ name, chipset, link }) => {
    const { platform = 'linux/amd64' } = chipsets.find((one) => one.name === chipset) ?? {};
    return { site: { name, chipset: { name: chipset, platform, cpus: 1, memoryBytes: null }, link }, release };
  });
  const source = { url: 'https://git.example/acme/fleet.git', branch: 'main' };
  const files = renderFleet({ controller: 'flux', model: 'porch', source, sites });
  const { commit } = await fleet.commit({ parent: null, branch: 'main', files, message: word, date: new Date(0) });
  return commit;
}

/** Pictures and frames say what is true of them, and which they are: see small-datasets.ts. */
function runnerOf(skills: Readonly<Record<string, Skill>>, spend: (milliseconds: number) => void): ModelRunner {
  const skillOf = new Map(Object.entries(skills).map(([word, skill]) => [digestOf(word), skill]));
  const modelOf = (digest: Digest | undefined): FakeModel => {
    const { right, found, milliseconds = 10 } = (digest && skillOf.get(digest)) ?? { right: 0, found: 0 };
    const score = (picture: Uint8Array) => {
      const [truth = 0, index = 0] = picture;
      const isFrame = picture.length === 3;
      const seen = index < (isFrame ? found : right) ? truth : isFrame ? 0 : (truth + 1) % 3;
      return [0, 1, 2].map((at) => (at === seen ? 0.9 : 0.05));
    };
    return { classes: 3, threshold: 0.5, milliseconds, score };
  };
  return fakeModelRunner(({ release }) => modelOf(release.stages['model']?.model), { spend });
}

function memoryAnswers(): AnswerStore<Answer> {
  const kept = new Map<string, Answer[]>();
  const served = new Map<string, Served>();
  return {
    read: async (key) => kept.get(JSON.stringify(key)) ?? [],
    append: async (key, answers) => {
      kept.set(JSON.stringify(key), [...(kept.get(JSON.stringify(key)) ?? []), ...answers]);
    },
    readServed: async (key) => served.get(JSON.stringify(key)) ?? { labels: null, manner: null },
    keepServed: async (key, one) => void served.set(JSON.stringify(key), one),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
