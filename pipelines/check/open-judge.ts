import { configFile, policyDigest, type ChipsetConfig, type ModelConfig } from '#config';
import type { Round } from '#datasets';
import type { Finding, Gate } from '#eval';
import { CouldNotRun, type Digest } from '#kernel';
import type { Ledger } from '#ledger';
import { openModelPool, type Machine, type ModelPool, type ModelRunner } from '#runners';
import type { ResolvedRelease } from '#pipelines/releases';
import { metricOn } from '#tasks';
import type { CheckContext, CheckRequest, MeasureContext } from './check-context.ts';
import { gateFindings } from './judge/gate-findings.ts';
import { detectChipsets } from './measure/detect-chipsets.ts';
import { measureModel } from './measure/measure-model.ts';
import type { ModelPart } from './parts/part.ts';
import { familyOf } from './plan/model-family.ts';
import { gatherCheck } from './plan/gather-check.ts';
import type { ModelChange } from './plan/gather-change.ts';
import { planComparisons } from './plan/plan-comparisons.ts';
import { planModelChange, type PlannedModel } from './plan/plan-model-change.ts';
import type { CheckPorts } from './ports.ts';
import { judgeChipsets } from './speed/judge-chipsets.ts';
import { measureChipsets } from './speed/measure-chipsets.ts';

/**
 * The gates of one model, for whoever asks them about releases that no commit holds, such as the audit. It asks, measures and judges by
 * the functions of a check, on one chipset, and records nothing.
 */
export type ModelJudge = {
  model: ModelConfig;
  policy: Digest;
  /** What its description says of how it is shown pictures; null for an image that brings its own server. */
  family: Digest | null;
  /** What runs today; where nothing does, what the commit holds. */
  deployed: ResolvedRelease;
  chipset: ChipsetConfig;
  /** What a gate's interval is resampled by on this dataset, in the plural. */
  calls: (dataset: string, metric: string) => string;
  /** Whether milliseconds of it say anything. */
  isTimed: boolean;
  seed: number;
  /** The answers of a release and of the deployed one, in parts as a machine brings them; those that are kept are not asked again. */
  ask: (candidate: ResolvedRelease) => Promise<readonly ModelPart[]>;
  /** What these gates find in answers, the deployed release being the reference. */
  judge: (candidate: ResolvedRelease, parts: readonly ModelPart[], gates: readonly Gate[]) => Promise<readonly Finding[]>;
  /** What the latency gates find of a release that this runner runs beside the deployed one. */
  time: (candidate: ResolvedRelease, runner: ModelRunner, seed: number) => Promise<readonly Finding[]>;
};

const ROUNDS: readonly Round[] = ['research', 'replay'];

/** The judges of the models at a commit, by policy of that commit. @throws CouldNotRun where it has no configuration */
export async function openJudges(ref: string, seed: number | null, ports: CheckPorts): Promise<readonly ModelJudge[]> {
  const request: CheckRequest = { base: ref, head: ref, seed, policyFrom: 'base', identity: false, fresh: false, whole: true };
  const gathered = await gatherCheck(request, ports, 'rehearsed');
  if (gathered.kind === 'unjudged') throw noPolicy(ref);
  const context = forgetting(gathered.context);
  const machine = await detectChipsets(context.change.config.chipsets, null, ports.runner);
  const judges: ModelJudge[] = [];
  for (const change of context.change.models) judges.push(await judgeOf(change, machine, context));
  return judges;
}

/** Worlds are judged by the hundred: what was scored in them is nobody's record. */
function forgetting(context: CheckContext): CheckContext {
  const ledger: Ledger = { ...context.ports.ledger, append: async () => await Promise.resolve([]) };
  return { ...context, leaves: 'nothing', ports: { ...context.ports, ledger } };
}

async function judgeOf(change: ModelChange, machine: Machine, context: CheckContext): Promise<ModelJudge> {
  const planned = await planModelChange(change, context);
  const { chipset, key } = chipsetOf(planned, machine);
  const deployed = deployedOn(planned, chipset.name);
  const about = (candidate: ResolvedRelease, gates: readonly Gate[]) => beside(planned, { candidate, deployed, chipset, gates });
  const measuring = async <T>(runner: ModelRunner, work: (measure: MeasureContext) => Promise<T>) => {
    const pool = openModelPool(runner);
    return await withPool(pool, async () => await work({ ...context, pool }));
  };
  const { gates } = planned.plan.model;
  return {
    model: planned.plan.model,
    policy: policyDigest(context.change.config, planned.plan.model),
    family: await familyOf(context, { model: planned.plan.model, commit: deployed.commit ?? context.change.head }),
    deployed,
    chipset,
    calls: (dataset, metric) => unitOf(planned, dataset, metric),
    isTimed: key.emulator === undefined,
    seed: context.seed,
    ask: async (candidate) =>
      await measuring(context.ports.runner, async (measure) => {
        const parts: ModelPart[] = [];
        const quality = about(
          candidate,
          gates.filter(({ kind }) => kind === 'quality'),
        );
        for (const round of ROUNDS) parts.push(await measureModel(round, quality, machine, measure));
        return parts;
      }),
    judge: async (candidate, parts, asked) => {
      const found: Finding[] = [];
      for (const round of ROUNDS) found.push(...(await gateFindings(round, about(candidate, asked), parts, context)).findings);
      return found;
    },
    time: async (candidate, runner, seed) =>
      await measuring(runner, async (measure) => {
        const timed = about(
          candidate,
          gates.filter(({ kind }) => kind === 'latency'),
        );
        const { present } = planComparisons(timed, [machine]);
        const speeds = await measureChipsets(timed, present, { ...measure, seed });
        const measured = { model: planned.plan.model.name, candidate: candidate.release, answers: [], ...speeds };
        const part: ModelPart = { ...machine, round: 'replay', measured };
        return (await judgeChipsets(timed, present, [part], context)).findings;
      }),
  };
}

async function withPool<T>(pool: ModelPool, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await pool.stopAll();
  }
}

/** A plan of one candidate beside the deployed release, on one chipset, under some gates; its budgets are not asked. */
function beside(
  planned: PlannedModel,
  {
    candidate,
    deployed,
    chipset,
    gates,
  }: { candidate: ResolvedRelease; deployed: ResolvedRelease; chipset: ChipsetConfig; gates: readonly Gate[] },
): PlannedModel {
  const chipsets = [chipset.name];
  const { plan } = planned;
  return {
    ...planned,
    candidate,
    references: [{ role: 'baseline', chipsets, resolved: deployed }],
    plan: {
      ...plan,
      model: { ...plan.model, gates },
      candidate: candidate.release,
      history: 'change',
      references: [{ release: deployed.release, role: 'baseline', chipsets }],
      chipsets: [{ ...chipset, budgets: {} }],
    },
    datasets: datasetsOf(planned, gates),
  };
}

/** Those that the gates name; speed is measured with what there is. */
function datasetsOf({ datasets }: PlannedModel, gates: readonly Gate[]): PlannedModel['datasets'] {
  const named = new Set(gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])));
  if (named.size === 0) return datasets;
  const of = (round: Round) => datasets[round].filter(({ dataset }) => named.has(dataset.name));
  return { research: of('research'), replay: of('replay') };
}

function unitOf({ datasets }: PlannedModel, name: string, metric: string): string {
  const dataset = [...datasets.research, ...datasets.replay].map((open) => open.dataset).find((one) => one.name === name);
  if (dataset?.medium !== 'clips') return (dataset && metricOn(dataset, metric).clusters) ?? 'samples';
  return dataset.cluster === 'site' ? 'sites' : 'clips';
}

function chipsetOf(
  { plan }: PlannedModel,
  { present, absent }: Machine,
): { chipset: ChipsetConfig; key: Machine['present'][number]['key'] } {
  for (const chipset of plan.chipsets) {
    const here = present.find(({ name }) => name === chipset.name);
    if (here !== undefined) return { chipset, key: here.key };
  }
  throw new CouldNotRun({
    file: configFile,
    field: 'chipsets',
    message: `this machine is none of them${absent.map(({ name, missing }) => `; ${name} lacks ${missing.join(', ')}`).join('')}`,
    remedy: 'audit on a machine that is one of the chipsets',
  });
}

function deployedOn({ references, candidate }: PlannedModel, chipset: string): ResolvedRelease {
  const baselines = references.filter(({ role }) => role === 'baseline');
  return (baselines.find(({ chipsets }) => chipsets.includes(chipset)) ?? baselines[0])?.resolved ?? candidate;
}

function noPolicy(ref: string): CouldNotRun {
  return new CouldNotRun({
    file: configFile,
    message: `is not in ${ref}`,
    remedy: 'name a commit that has it with --ref',
  });
}
