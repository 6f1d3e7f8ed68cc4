import { configFile, readConfig } from '#config';
import { appendFacts, mustSign, trustedLedger, type AuditFact } from '#history';
import { CouldNotRun, onlyStage } from '#kernel';
import { openJudges, type ModelJudge } from '#pipelines/check';
import type { AuditedGate, AuditedModel, AuditReport } from '#report';
import { METRICS } from '#tasks';
import { changesOf } from './changes/alter.ts';
import { marginGates, nameOf, placeOf, type MarginGate } from './gates.ts';
import { judgeChanges, type Donor } from './judge-changes.ts';
import type { AuditPorts } from './ports.ts';
import { ratesOf, wakesAt } from './rates.ts';
import { doseQuality } from './worlds/dose-quality.ts';
import { doseSpeed } from './worlds/dose-speed.ts';

export type AuditRequest = {
  /** The commit whose policy is audited, and where nothing is deployed, whose model is. */
  ref: string;
  /** Names of models; empty is all. */
  models: readonly string[];
  /** Instead of the configuration's. */
  seed: number | null;
  /** Worlds of each loss for each gate on quality; whole measurements of each slowdown for each gate on latency. */
  runs: number;
  latencyRuns: number;
};

/**
 * The gates audited on the team's own data: known-bad changes are made of the deployed model, each is judged by the gates that judge
 * pull requests, and the ledger keeps how often they erred.
 */
export async function auditModels(request: AuditRequest, ports: AuditPorts): Promise<AuditReport> {
  const [at, began] = [ports.clock.now(), ports.clock.elapsed()];
  const head = await ports.repository.resolve(request.ref);
  const ledger = await signingLedger(head, ports);
  const judges = chosen(await openJudges(head, request.seed, ports), request.models);
  const { name, sandboxed } = ports.runner;
  const runner = { name, sandboxed };
  const models: AuditedModel[] = [];
  try {
    for (const judge of judges) {
      const audited = await auditModel(judge, request, ports);
      models.push(audited);
      await appendFacts(ledger, [factOf(audited, judge, { head, runner, at: ports.clock.now().toISOString() })]);
    }
  } finally {
    await ports.repository.discard();
  }
  const seconds = Math.round(ports.clock.elapsed() - began) / 1000;
  return { version: 1, ref: head, at: at.toISOString(), seconds, seed: judges[0]?.seed ?? 0, runner, models };
}

/** Before anything is measured for an hour: whether what comes of it may be written. */
async function signingLedger(head: string, { repository, ledger, clock }: AuditPorts) {
  const text = await repository.readFile(head, configFile);
  const policy = text === undefined ? null : readConfig(text).ledger;
  await mustSign(ledger, policy, clock, '');
  return trustedLedger(ledger, policy, clock);
}

async function auditModel(judge: ModelJudge, request: AuditRequest, ports: AuditPorts): Promise<AuditedModel> {
  const known = await changesOf(judge.deployed, ports);
  const { changes, donors } = await judgeChanges(known, judge, ports);
  const gates: AuditedGate[] = [];
  for (const gate of marginGates(judge.model.gates, judge.chipset.name))
    gates.push(await auditGate(gate, { judge, donors }, request, ports));
  return {
    model: judge.model.name,
    deployed: onlyStage(judge.deployed.release).model,
    chipset: judge.chipset.name,
    policy: judge.policy,
    gates,
    changes: [...changes],
    ...ratesOf(gates, changes),
  };
}

async function auditGate(
  gate: MarginGate,
  { judge, donors }: { judge: ModelJudge; donors: readonly Donor[] },
  { runs, latencyRuns }: AuditRequest,
  ports: AuditPorts,
): Promise<AuditedGate> {
  const dosed =
    gate.kind === 'latency'
      ? await doseSpeed(gate, { judge, runs: latencyRuns }, ports)
      : await doseQuality(gate, { judge, donors, runs }, ports);
  const metric = METRICS.get(gate.metric)?.metric;
  return {
    gate: nameOf(gate),
    metric: gate.metric,
    ...(metric?.title !== undefined && { title: metric.title }),
    where: placeOf(gate),
    margin: gate.margin,
    unit: metric?.unit ?? 'ratio',
    ...dosed,
    wakesAt: wakesAt(dosed.doses),
  };
}

function factOf(
  audited: AuditedModel,
  { deployed, family, seed }: ModelJudge,
  said: Pick<AuditFact, 'head' | 'runner' | 'at'>,
): AuditFact {
  const { model, policy, chipset, gates, changes } = audited;
  const counted = (rate: AuditedModel['caught']) => (rate === null ? null : { count: rate.count, of: rate.of });
  return {
    kind: 'audit',
    model,
    policy,
    family,
    deployed: deployed.release,
    chipset,
    seed,
    ...said,
    falseFails: counted(audited.falseFails),
    falsePasses: counted(audited.falsePasses),
    caught: counted(audited.caught),
    changesCaught: counted(audited.changesCaught),
    gates: gates.map(({ gate, wakesAt: at }) => ({ gate, wakesAt: at })),
    changes: changes.flatMap(({ change, steps }) => steps.map(({ strength, outcome }) => ({ change, strength, outcome }))),
    left: changes.flatMap(({ change, left }) => (left === null ? [] : [{ change, why: left }])),
  };
}

function chosen(judges: readonly ModelJudge[], names: readonly string[]): readonly ModelJudge[] {
  const known = judges.map(({ model }) => model.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names.length === 0 ? judges : judges.filter(({ model }) => names.includes(model.name));
  throw new CouldNotRun({
    file: configFile,
    field: 'models',
    message: `there is no ${unknown.join(', ')}`,
    remedy: `name one of: ${known.join(', ')}`,
  });
}
