import { CouldNotRun, type Digest } from '#kernel';
import type { Entry } from '#ledger';
import { factsOf, type HoldFact, isUnfinished, deploymentsInForce, type Hold, appendFacts } from '#history';
import { configFile } from '#config';
import { gatherMerged, modelsOf } from './deploy-merged.ts';
import { underPolicy, type DeployPorts } from './deploy-ports.ts';
import type { Merged } from './gather-release.ts';
import type { Landing } from './landing.ts';
import { rollBack } from './roll-back.ts';

export type RollbackRequest = { ref: string; model: string; site: string | null; by: string; why: string };

/** What a failed rollout does by itself, because a person says so: the last release of a model is held, and taken back. */
export async function rollBackByHand(request: RollbackRequest, given: DeployPorts): Promise<Landing> {
  const merged = await gatherMerged(request.ref, given);
  modelsOf(merged.config, request.model);
  refuseUnknownSite(request, merged);
  const ports = await underPolicy(merged.config, given);
  const entries = await ports.ledger.entries();
  const deployments = lastInForce(entries, request.model);
  const hold = await holdFor(request, deployments[0]?.verdict, entries, ports);
  const fleet = ports.openFleet(merged.deploy.repository);
  const { model } = request;
  return await rollBack({ model, hold, deployments, fleet, deploy: merged.deploy, source: merged.commit }, ports);
}

function lastInForce(entries: readonly Entry[], model: string) {
  const verdicts = factsOf(entries, 'deployment').flatMap(({ fact }) => (fact.model === model ? [fact.verdict] : []));
  for (const verdict of verdicts.toReversed()) {
    const inForce = deploymentsInForce(entries, verdict);
    if (inForce.length > 0) return inForce;
  }
  throw new CouldNotRun({
    file: 'fieldproof/ledger',
    message: `the ledger knows of no release of ${model} that could be taken back`,
    remedy: 'fieldproof ledger lists what was deployed; what others deployed is theirs to revert',
  });
}

function refuseUnknownSite({ site }: RollbackRequest, { deploy }: Merged): void {
  if (site === null || deploy.sites.some(({ name }) => name === site)) return;
  throw new CouldNotRun({
    file: configFile,
    field: 'deploy.sites',
    message: `no site is named ${site}`,
    remedy: `name one of: ${[...new Set(deploy.sites.map(({ name }) => name))].join(', ')}`,
  });
}

/** Run again after it was killed, it goes on with the hold that it has written. */
async function holdFor(
  { model, site, by, why }: RollbackRequest,
  verdict: Digest | undefined,
  entries: readonly Entry[],
  ports: DeployPorts,
): Promise<Hold> {
  const begun = factsOf(entries, 'hold').findLast(({ fact }) => fact.verdict === verdict && fact.site === site);
  if (begun !== undefined && isUnfinished(entries, begun)) return begun;
  const release = factsOf(entries, 'deployment').findLast(({ fact }) => fact.verdict === verdict)?.fact.candidate;
  if (verdict === undefined || release === undefined) throw new Error('a deployment in force has a verdict and a release');
  const at = ports.clock.now().toISOString();
  const fact: HoldFact = { kind: 'hold', model, release, verdict, site, by, reason: why, at };
  const [id = verdict] = await appendFacts(ports.ledger, [fact]);
  return { id, fact };
}
