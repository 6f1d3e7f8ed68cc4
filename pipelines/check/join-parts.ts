import { CouldNotRun } from '#kernel';
import type { Artifact } from '../artifacts.ts';
import type { CheckReport, ModelReport } from '../report/check-report.ts';
import { parseCarried } from './carried.ts';
import type { CheckContext, CheckRequest } from './check-context.ts';
import { concludeModel } from './conclude-model.ts';
import { gatherCheck } from './gather-check.ts';
import type { ModelChange } from './gather-change.ts';
import { foresee, judgeModel, type Foreseen } from './judge-model.ts';
import { nameAsWritten } from './name-as-written.ts';
import { partSchema, type ModelPart, type Part } from './part.ts';
import { sameRelease } from './plan-check.ts';
import { isIdentical, planModelChange, type PlannedModel } from './plan-model-change.ts';
import type { CheckPorts } from './ports.ts';
import { leastSandboxed, reportOf, unjudgedReport } from './report-of.ts';

/** Joins what several machines measured into one record, one verdict and one report. */
export async function joinParts(request: CheckRequest, artifacts: readonly Artifact[], ports: CheckPorts): Promise<CheckReport> {
  const gathered = await gatherCheck(request, ports);
  if (gathered.kind === 'unjudged') return unjudgedReport(gathered, ports);
  const context = { ...gathered.context, mayRun: false };
  const parts = readParts(artifacts, context);
  const runner = leastSandboxed(
    parts.map((part) => part.runner),
    ports.runner,
  );
  const models: ModelReport[] = [];
  try {
    for (const modelChange of context.change.models) {
      const { planned, own } = await planOf(modelChange, parts, context);
      const judged = own === null ? null : await judgeOwn(planned, own, context);
      models.push(await concludeModel({ judged, modelChange, planned, runner }, context));
    }
    return reportOf(context, models, [runner]);
  } finally {
    await ports.repository.discard();
  }
}

/** Writes down what the research parts let expect, for each model: before any machine looks at the replay. */
export async function predictFromParts(
  request: CheckRequest,
  artifacts: readonly Artifact[],
  ports: CheckPorts,
): Promise<{ model: string; prediction: Foreseen['prediction'] }[]> {
  const gathered = await gatherCheck(request, ports);
  if (gathered.kind === 'unjudged') return [];
  const { context } = gathered;
  const parts = readParts(artifacts, context);
  const predicted: { model: string; prediction: Foreseen['prediction'] }[] = [];
  try {
    for (const modelChange of context.change.models) {
      const { planned, own } = await planOf(modelChange, parts, context);
      const foreseen = own === null ? null : await foresee(planned, own, context);
      predicted.push({ model: modelChange.model.name, prediction: foreseen?.prediction ?? null });
    }
    return predicted;
  } finally {
    await ports.repository.discard();
  }
}

/** `own`: what the parts hold of this model; null where nothing had to be measured. */
async function planOf(
  modelChange: ModelChange,
  parts: readonly Part[],
  context: CheckContext,
): Promise<{ planned: PlannedModel; own: readonly ModelPart[] | null }> {
  const planned = await planModelChange(modelChange, context);
  return { planned, own: isIdentical(planned, context.request) ? null : partsOf(planned, parts) };
}

async function judgeOwn(planned: PlannedModel, own: readonly ModelPart[], context: CheckContext): Promise<ModelReport> {
  try {
    const foreseen = await foresee(
      planned,
      own,
      context,
      own.some(({ round }) => round === 'replay') ? 'must stand' : 'may be new',
    );
    return await judgeModel(planned, foreseen, own, context);
  } catch (thrown) {
    throw nameAsWritten(thrown, planned);
  }
}

/** @throws CouldNotRun for a part of another check, and for two of one chipset and round: one of them would be a choice */
function readParts(artifacts: readonly Artifact[], { change, seed }: CheckContext): Part[] {
  const parts = artifacts.map(({ name, text }) => ({ name, part: parseCarried(partSchema, text, name) }));
  const taken = new Map<string, string>();
  for (const { name, part } of parts) {
    const { base, head, policy } = part;
    if (base !== change.base || head !== change.head || policy !== change.policy || part.seed !== seed) {
      throw refused(name, `it belongs to another check: ${head.slice(0, 12)} against ${base.slice(0, 12)}, seed ${part.seed}`);
    }
    for (const chipset of part.present) {
      const place = `${part.round} part of ${chipset.name}`;
      const other = taken.get(place);
      if (other !== undefined) throw refused(name, `it is a second ${place}, beside ${other}`);
      taken.set(place, name);
    }
  }
  return parts.map(({ part }) => part);
}

function partsOf(planned: PlannedModel, parts: readonly Part[]): ModelPart[] {
  const { name } = planned.plan.model;
  return parts.map(({ round, runner, present, absent, models }) => {
    const measured = models.find(({ model }) => model === name);
    const where = `the ${round} part of ${present.map((chipset) => chipset.name).join(', ') || 'no chipset'}`;
    if (measured === undefined) throw refused(where, `it holds nothing of the model ${name}`);
    const { release } = planned.candidate;
    if (!sameRelease(measured.candidate, release)) {
      throw refused(where, `it measured ${measured.candidate.model}, and ${name} at the head is ${release.model}`);
    }
    return { round, runner, present, absent, measured };
  });
}

function refused(file: string, message: string): CouldNotRun {
  return new CouldNotRun({ file, message, remedy: 'give the parts of this check alone, each once' });
}
