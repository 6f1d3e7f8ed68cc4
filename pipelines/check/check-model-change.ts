import type { Clock } from '#kernel';
import type { CheckReport, ModelReport } from '../report/check-report.ts';
import { asFact } from './facts.ts';
import type { CheckContext, CheckRequest } from './check-context.ts';
import { gatherChange, type ModelChange } from './gather-change.ts';
import { headlineOf, worst } from './headline.ts';
import { judgeModel } from './judge-model.ts';
import { nameAsWritten } from './name-as-written.ts';
import { openModelPool } from './model-pool.ts';
import { openDatasets } from './open-datasets.ts';
import { planModelChange, type PlannedModel } from './plan-model-change.ts';
import type { CheckPorts } from './ports.ts';
import { proposeRelease } from './propose-release.ts';
import { unchangedReport } from './unchanged-report.ts';
import { verdictFact } from './verdict-fact.ts';

/** One pull request, as a straight line: two commits in, a verdict with its reasons out. */
export async function checkModelChange(request: CheckRequest, ports: CheckPorts): Promise<CheckReport> {
  const began = { at: ports.clock.now(), elapsed: ports.clock.elapsed() };
  const change = await gatherChange(ports.repository, request);
  const datasets = await openDatasets(change, ports.repository, ports.samples);
  const context: CheckContext = { request, change, datasets, ports, seed: request.seed ?? change.config.seed };
  const models: ModelReport[] = [];
  try {
    for (const modelChange of change.models) models.push(await checkModel(modelChange, context));
  } finally {
    await ports.repository.discard();
  }
  return assemble(context, began, models);
}

async function checkModel(modelChange: ModelChange, context: CheckContext): Promise<ModelReport> {
  const { request, ports } = context;
  const planned = await planModelChange(modelChange, context);
  const identical = planned.plan.history === 'unchanged' && request.identity;
  const judged = identical ? unchangedReport(planned) : await judgeInPool(planned, context);
  const [record] = await ports.ledger.append([asFact(verdictFact({ report: judged, modelChange, planned, ...context }))]);
  const report = { ...judged, record: record ?? null };
  if (report.outcome === 'fail' || identical) return report;
  return { ...report, ...(await proposeRelease(planned, report, context)) };
}

async function judgeInPool(planned: PlannedModel, context: CheckContext): Promise<ModelReport> {
  const pool = openModelPool(context.ports.runner);
  try {
    return await judgeModel(planned, { ...context, pool });
  } catch (thrown) {
    throw nameAsWritten(thrown, planned);
  } finally {
    await pool.stopAll();
  }
}

function assemble(
  { change, ports, seed }: CheckContext,
  began: { at: Date; elapsed: number },
  models: ModelReport[],
): CheckReport {
  return {
    version: 1,
    base: change.base,
    head: change.head,
    policy: change.policy,
    runner: { name: ports.runner.name, sandboxed: ports.runner.sandboxed },
    seed,
    startedAt: began.at.toISOString(),
    seconds: secondsSince(began.elapsed, ports.clock),
    outcome: worst(models.map((model) => model.outcome)),
    headline: headlineOf(models),
    models,
    notes: [...change.notes],
  };
}

function secondsSince(elapsed: number, clock: Clock): number {
  return Math.round(clock.elapsed() - elapsed) / 1000;
}
