import type { CheckReport, ModelReport } from '#report';
import { openModelPool } from '#runners';
import type { CheckContext, CheckRequest } from './check-context.ts';
import { stoppedOf } from './early/judge-stopped.ts';
import { concludeModel } from './conclude/conclude-model.ts';
import { asRehearsal, reportOf, unjudgedReport } from './conclude/report-of.ts';
import { gatherCheck } from './plan/gather-check.ts';
import { judgeModel, predictBeforeReplay, type Judgement } from './judge/judge-model.ts';
import { detectChipsets } from './measure/detect-chipsets.ts';
import { measureModel } from './measure/measure-model.ts';
import { nameAsWritten } from './plan/name-as-written.ts';
import type { ModelChange } from './plan/gather-change.ts';
import { undecidableNotes } from './plan/undecidable-notes.ts';
import { isIdentical, planModelChange, type PlannedModel } from './plan/plan-model-change.ts';
import type { CheckPorts } from './ports.ts';

/**
 * One pull request, as a straight line: two commits in, a verdict with its reasons out. The parts of the check are measured
 * on this machine, and joined as those of several machines are.
 */
export async function checkModelChange(request: CheckRequest, ports: CheckPorts): Promise<CheckReport> {
  return await judge(request, ports, 'written');
}

/** The same without a trace: the ledger is read and not written, nothing is proposed, and the report says that it is a rehearsal. */
export async function rehearseModelChange(request: CheckRequest, ports: CheckPorts): Promise<CheckReport> {
  return asRehearsal(await judge(request, ports, 'rehearsed'));
}

async function judge(request: CheckRequest, ports: CheckPorts, ledger: 'written' | 'rehearsed'): Promise<CheckReport> {
  const gathered = await gatherCheck(request, ports, ledger);
  if (gathered.kind === 'unjudged') return unjudgedReport(gathered, ports);
  const { context } = gathered;
  for (const note of undecidableNotes(context.change, context.datasets)) ports.progress.note(note);
  const models: ModelReport[] = [];
  try {
    for (const modelChange of context.change.models) models.push(await checkModel(modelChange, context));
    return { ...reportOf(context, models, []), ledger: await context.ports.ledger.sharedHead() };
  } finally {
    await ports.repository.discard();
  }
}

async function checkModel(modelChange: ModelChange, context: CheckContext): Promise<ModelReport> {
  const planned = await planModelChange(modelChange, context);
  const judgement = isIdentical(planned, context.request) ? null : await measureAndJudge(planned, context);
  const { name, sandboxed } = context.ports.runner;
  return await concludeModel({ judgement, modelChange, planned, runner: { name, sandboxed } }, context);
}

/** Asks and judges one model on this machine. */
export async function measureAndJudge(planned: PlannedModel, context: CheckContext): Promise<Judgement> {
  const machine = await detectChipsets(context.change.config.chipsets, null, context.ports.runner);
  const pool = openModelPool(context.ports.runner);
  try {
    const research = await measureModel('research', planned, machine, { ...context, pool });
    const before = await predictBeforeReplay(planned, [research], context);
    if (stoppedOf([research]).length > 0) return await judgeModel(planned, before, [research], context);
    const replay = await measureModel('replay', planned, machine, { ...context, pool });
    return await judgeModel(planned, before, [research, replay], context);
  } catch (thrown) {
    throw nameAsWritten(thrown, planned);
  } finally {
    await pool.stopAll();
  }
}
