import { configFile } from '#config';
import { CouldNotRun } from '#kernel';
import { planChecks } from '#pipelines/plan';
import { canDecide, renderPlan } from '#report';
import { composePlan } from '../compose-check.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type PlanOptions = { repo: string; ref: string; runner: 'process' | 'docker' };

/** Says what the gates of a commit could decide, before anybody waits for a verdict. */
export async function runPlan(options: PlanOptions, terminal: Terminal): Promise<number> {
  const ports = await composePlan(options, terminal);
  const request = { base: options.ref, head: options.ref, seed: null, policyFrom: 'base', identity: true, fresh: false } as const;
  const report = await planChecks(request, ports).finally(() => ports.progress.close());
  if (report === null) throw nothingToPlan(options.ref);
  terminal.out(renderPlan(report, terminal));
  const decides = report.models.flatMap(({ gates }) =>
    gates.filter(({ margin }) => margin !== null).map((gate) => canDecide(gate)),
  );
  return decides.every((can) => can === true) ? exitCodes.pass : exitCodes.inconclusive;
}

function nothingToPlan(ref: string): CouldNotRun {
  return new CouldNotRun({
    file: configFile,
    message: `${ref} has none, so there are no gates to plan for`,
    remedy: 'run `fieldproof init` in the repository, and commit what it writes',
  });
}
