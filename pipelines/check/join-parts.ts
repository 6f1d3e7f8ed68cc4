import type { Artifact } from './parts/artifacts.ts';
import type { CheckReport, ModelReport } from '#report';
import type { CheckContext, CheckRequest } from './check-context.ts';
import { concludeModel } from './conclude/conclude-model.ts';
import { gatherCheck } from './plan/gather-check.ts';
import type { ModelChange } from './plan/gather-change.ts';
import { predictBeforeReplay, judgeModel, type BeforeReplay, type Judgement } from './judge/judge-model.ts';
import { nameAsWritten } from './plan/name-as-written.ts';
import type { RefusedPart } from './parts/part-refused.ts';
import { isIdentical, planModelChange, type PlannedModel } from './plan/plan-model-change.ts';
import type { CheckPorts } from './ports.ts';
import { leastSandboxed, reportOf, unjudgedReport } from './conclude/report-of.ts';
import { partsOfModel, takeParts, withoutRefused, type Own, type TakenParts } from './parts/take-parts.ts';

/** Joins what several machines measured into one record, one verdict and one report. */
export async function joinParts(request: CheckRequest, artifacts: readonly Artifact[], ports: CheckPorts): Promise<CheckReport> {
  const gathered = await gatherCheck(request, ports, 'written');
  if (gathered.kind === 'unjudged') return unjudgedReport(gathered, ports);
  const context = { ...gathered.context, mayRun: false };
  const taken = takeParts(artifacts, context);
  const runner = leastSandboxed(
    taken.parts.map((part) => part.runner),
    ports.runner,
  );
  const models: ModelReport[] = [];
  try {
    for (const modelChange of context.change.models) {
      const { planned, own } = await planOf(modelChange, taken, context);
      const judgement = own === null ? null : await judgeOwn(planned, own, context);
      models.push(await concludeModel({ judgement, modelChange, planned, runner }, context));
    }
    const report = { ...reportOf(context, models, [runner]), ledger: await context.ports.ledger.sharedHead() };
    return { ...report, notes: [...report.notes, ...taken.refused.map((part) => refusalNote(part))] };
  } finally {
    await ports.repository.discard();
  }
}

export type Predicted = {
  predicted: readonly { model: string; prediction: BeforeReplay['prediction'] }[];
  refused: readonly RefusedPart[];
};

/** Predicts the field gain of each model from the research parts, and writes it down before any machine looks at the replay. */
export async function predictFromParts(
  request: CheckRequest,
  artifacts: readonly Artifact[],
  ports: CheckPorts,
): Promise<Predicted> {
  const gathered = await gatherCheck(request, ports, 'written');
  if (gathered.kind === 'unjudged') return { predicted: [], refused: [] };
  const { context } = gathered;
  const taken = takeParts(artifacts, context);
  const predicted: Predicted['predicted'][number][] = [];
  const refused = new Set(taken.refused);
  try {
    for (const modelChange of context.change.models) {
      const { planned, own } = await planOf(modelChange, taken, context);
      const before =
        own === null
          ? null
          : await withoutRefused(own, async (given) => {
              for (const part of given.refused) refused.add(part);
              return await predictBeforeReplay(planned, given.own, context);
            });
      predicted.push({ model: modelChange.model.name, prediction: before?.prediction ?? null });
    }
    return { predicted, refused: [...refused] };
  } finally {
    await ports.repository.discard();
  }
}

function refusalNote({ name, reason }: RefusedPart): string {
  return `A part was refused: ${name}: ${reason}`;
}

/** `own`: what the parts hold of this model; null where nothing had to be measured. */
async function planOf(
  modelChange: ModelChange,
  taken: TakenParts,
  context: CheckContext,
): Promise<{ planned: PlannedModel; own: Own | null }> {
  const planned = await planModelChange(modelChange, context);
  return { planned, own: isIdentical(planned, context.request) ? null : partsOfModel(planned, taken) };
}

async function judgeOwn(planned: PlannedModel, parts: Own, context: CheckContext): Promise<Judgement> {
  try {
    return await withoutRefused(parts, async ({ own, refused }) => {
      const prediction = own.some(({ round }) => round === 'replay') ? 'must stand' : 'may be new';
      return await judgeModel(planned, await predictBeforeReplay(planned, own, context, prediction), own, context, refused);
    });
  } catch (thrown) {
    throw nameAsWritten(thrown, planned);
  }
}
