import type { CheckReport, ModelReport } from '#report';
import type { CheckContext } from '../check-context.ts';
import type { Gathered } from '../plan/gather-check.ts';
import { headlineOf, worst } from './headline.ts';
import type { CheckPorts } from '../ports.ts';

/** @param runners of other machines that measured; none when all was this one's, or no part came */
export function reportOf(
  { change, ports, seed, began }: Reporting,
  models: ModelReport[],
  runners: readonly CheckReport['runner'][],
): CheckReport {
  return {
    version: 2,
    base: change.base,
    head: change.head,
    policy: change.policy,
    runner: leastSandboxed(runners, ports.runner),
    seed,
    startedAt: began.at.toISOString(),
    seconds: secondsSince(began.elapsed, ports),
    outcome: worst(models.map((model) => model.outcome)),
    headline: headlineOf(models),
    models,
    notes: [...change.notes],
  };
}

type Reporting = Pick<CheckContext, 'seed' | 'began'> & {
  change: Pick<CheckContext['change'], 'base' | 'head' | 'policy' | 'notes'>;
  ports: Pick<CheckPorts, 'clock'> & { runner: Pick<CheckPorts['runner'], 'name' | 'sandboxed'> };
};

/** A pull request that brings the first configuration cannot be judged by it. */
export function unjudgedReport(
  { base, head, at }: Extract<Gathered, { kind: 'unjudged' }>,
  ports: Pick<Reporting['ports'], 'runner'>,
): CheckReport {
  return {
    version: 2,
    base,
    head,
    policy: base,
    runner: { name: ports.runner.name, sandboxed: ports.runner.sandboxed },
    seed: 0,
    startedAt: at.toISOString(),
    seconds: 0,
    outcome: 'inconclusive',
    headline: 'The base has no fieldproof.yaml: judged from the next pull request.',
    models: [],
    notes: ['What a pull request brings cannot judge that same pull request. Once it is merged, the next one is judged by it.'],
  };
}

/** It tells what a check would say, and is none: no deploy counts it, and it is published nowhere. */
export function asRehearsal(report: CheckReport): CheckReport {
  const note = 'This was a rehearsal: nothing was written to the ledger or proposed to the fleet, and no deploy counts it.';
  return {
    ...report,
    rehearsal: true,
    headline: `Only a rehearsal, nothing is recorded: ${report.headline}`,
    notes: [note, ...report.notes],
  };
}

/** What holds for all parts holds for the check. */
export function leastSandboxed(
  runners: readonly CheckReport['runner'][],
  fallback: Pick<CheckPorts['runner'], 'name' | 'sandboxed'>,
): CheckReport['runner'] {
  const { name, sandboxed } = runners.find((runner) => !runner.sandboxed) ?? runners[0] ?? fallback;
  return { name, sandboxed };
}

function secondsSince(elapsed: number, { clock }: Pick<CheckPorts, 'clock'>): number {
  return Math.round(clock.elapsed() - elapsed) / 1000;
}
