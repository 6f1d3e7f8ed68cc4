import { onlyStage, parseYaml, type Digest } from '#kernel';
import { z } from 'zod';
import type { ChipsetConfig, ModelConfig } from '#config';
import { servedVariant } from '#eval';
import type { Entry } from '#ledger';
import { findRelease, platformsOf } from '#pipelines/releases';
import { decideAdmission, type Judged } from '../decide-admission.ts';
import { deploysOnly } from '../deploy-merged.ts';
import type { Merged } from '../gather-release.ts';
import type { StageModel } from './plan-graph.ts';
import type { ShipPorts } from './ship-ports.ts';

export type AdmittedModel = StageModel & { verdict: Digest; waiver: Digest | null };

/** `needs a check`: nothing is known of these bytes; `refused`: what is known forbids it. */
export type Refusal = { state: 'needs a check' | 'refused'; reason: string };

/**
 * The bytes of a model that a stage may run: those that `fieldproof deploy` would admit, and no others. They were judged on the stock
 * runtime, so it has to be that of the image which runs the stage.
 */
export async function admitModel(
  model: ModelConfig,
  merged: Merged,
  { entries, chipsets }: { entries: readonly Entry[]; chipsets: readonly ChipsetConfig[] },
  ports: ShipPorts,
): Promise<AdmittedModel | Refusal> {
  const { commit, config } = merged;
  const tree = await ports.repository.treeOf(commit, model.build);
  const admission = decideAdmission({ model, config, tree, entries, now: ports.clock.now() });
  if (admission.kind === 'held') return { state: 'refused', reason: admission.reason };
  if (admission.kind === 'turned away')
    return { state: admission.state === 'refused' ? 'refused' : 'needs a check', reason: admission.reason };
  const { judged, waiver } = admission;
  if (judged.fact.history === 'unchanged' && !(await deploysOnly(judged.fact, merged, ports))) {
    const reason = 'what was deployed when it was judged is not what is deployed now: run fieldproof check again';
    return { state: 'needs a check', reason };
  }
  const foreign = await foreignRuntime(judged, model, merged, ports);
  if (foreign !== null) return foreign;
  return {
    image: model.image,
    digest: onlyStage(judged.fact.candidate).model,
    verdict: judged.id,
    waiver,
    threshold: await thresholdIn(model, commit, ports),
    variantOn: await variants(model, judged, merged, chipsets, ports),
  };
}

async function foreignRuntime(
  { fact }: Judged,
  { name, build }: ModelConfig,
  { config }: Merged,
  { building }: ShipPorts,
): Promise<Refusal | null> {
  const { runtime } = onlyStage(fact.candidate);
  if (runtime === null) {
    const reason = `${build} is a container with a server of its own, and a stage runs a model by the stock runtime: give it a model.yaml`;
    return { state: 'refused', reason };
  }
  const own = (await building.runtime.describe(platformsOf(config)[0]))?.digest;
  if (own === runtime) return null;
  const reason = `it was judged on the runtime ${runtime.slice(0, 19)}, and the stages of this installation run ${name} on ${own?.slice(0, 19) ?? 'none'}: run fieldproof check again with this installation, without runtime.digest`;
  return { state: 'needs a check', reason };
}

const described = z.looseObject({ threshold: z.number().optional() });

/** As its model.yaml says, which is among the bytes that were judged. */
async function thresholdIn({ build, threshold }: ModelConfig, commit: string, { repository }: ShipPorts): Promise<number | null> {
  const file = `${build}/model.yaml`;
  const text = await repository.readFile(commit, file);
  return (text === undefined ? undefined : parseYaml(text, file, described).value.threshold) ?? threshold;
}

/** Its image is looked for only where a chipset prefers other weights than the default ones. */
async function variants(
  model: ModelConfig,
  { fact }: Judged,
  { commit, config }: Merged,
  chipsets: readonly ChipsetConfig[],
  { repository, building: images, progress }: ShipPorts,
): Promise<StageModel['variantOn']> {
  if (chipsets.every(({ variant }) => variant === null)) return () => null;
  const source = { repository, images, config, model, writtenBy: 'policy' as const, progress };
  const offered = (await findRelease(source, fact.candidate, commit)).variants;
  const served = new Map(chipsets.map((chipset) => [chipset.name, servedVariant(offered, chipset)]));
  return (chipset) => {
    const variant = served.get(chipset) ?? 'default';
    return variant === 'default' ? null : variant;
  };
}
