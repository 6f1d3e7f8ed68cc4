import type { Round } from '#datasets';
import type { CheckContext, CheckRequest } from './check-context.ts';
import { gatherCheck } from './plan/gather-check.ts';
import { detectChipsets } from './measure/detect-chipsets.ts';
import { measureModel } from './measure/measure-model.ts';
import { nameAsWritten } from './plan/name-as-written.ts';
import { openModelPool, type Machine } from '#runners';
import type { Measured, Part } from './parts/part.ts';
import { isIdentical, planModelChange } from './plan/plan-model-change.ts';
import type { CheckPorts } from './ports.ts';
import type { ModelChange } from './plan/gather-change.ts';

export type PartRequest = CheckRequest & {
  round: Round;
  /** Names of chipsets, or labels of runners, that this machine is. */
  chipsets: readonly string[];
};

/** One machine's share of a check. Null where the base says nothing of how to judge. */
export async function measurePart(request: PartRequest, ports: CheckPorts): Promise<Part | null> {
  const gathered = await gatherCheck(request, ports, 'read');
  if (gathered.kind === 'unjudged') return null;
  const { context } = gathered;
  const { base, head, policy, config, models } = context.change;
  try {
    const machine = await detectChipsets(config.chipsets, request.chipsets, ports.runner);
    const measured: Measured[] = [];
    for (const model of models) measured.push(...(await measureChanged(request.round, model, machine, context)));
    return { version: 2, base, head, policy, seed: context.seed, round: request.round, ...machine, models: measured };
  } finally {
    await ports.repository.discard();
  }
}

async function measureChanged(
  round: Round,
  modelChange: ModelChange,
  machine: Machine,
  context: CheckContext,
): Promise<Measured[]> {
  const planned = await planModelChange(modelChange, context);
  if (isIdentical(planned, context.request)) return [];
  const pool = openModelPool(context.ports.runner);
  try {
    return [(await measureModel(round, planned, machine, { ...context, pool })).measured];
  } catch (thrown) {
    throw nameAsWritten(thrown, planned);
  } finally {
    await pool.stopAll();
  }
}
