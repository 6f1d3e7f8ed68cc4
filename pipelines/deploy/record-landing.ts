import { appendUnless, deploymentsInForce, factsOf, type DeploymentFact, type MergeFact, type StampedFact } from '#history';
import type { Entry } from '#ledger';
import type { DeployPorts } from './deploy-ports.ts';
import type { ReleaseInFlight, Wave } from './gather-release.ts';
import type { Landed } from './land-wave.ts';

/**
 * Writes down that a release was merged and that a wave of it was committed: once, whoever else deploys the same at the same time,
 * and also when the run that committed it was killed before it could say so.
 */
export async function recordLanding(
  release: ReleaseInFlight,
  wave: Wave,
  landed: Extract<Landed, { kind: 'landed' }>,
  ports: DeployPorts,
): Promise<DeploymentFact> {
  const { commit, fresh } = landed;
  const recorded = (entries: readonly Entry[]) => recordedLanding(entries, release, wave, landed);
  const before = await ports.ledger.entries();
  const known = recorded(before);
  if (known !== undefined) return known;
  const isMerged = factsOf(before, 'merge').some(({ fact }) => fact.verdict === release.judged.id);
  const made = fresh ? undefined : await release.fleet.at(release.merged.deploy.branch, commit);
  const deployment = deploymentFact(release, wave, { commit, at: made?.date ?? ports.clock.now() });
  await appendUnless(ports.ledger, (entries) => recorded(entries) !== undefined, [
    ...(isMerged ? [] : [mergeFact(release), beganFact(release)]),
    deployment,
  ]);
  return recorded(await ports.ledger.entries()) ?? deployment;
}

/** Of this very commit; of any where nothing was committed just now, for then it may have been another that brought it. */
function recordedLanding(
  entries: readonly Entry[],
  { judged }: ReleaseInFlight,
  { number }: Wave,
  { commit, fresh }: Extract<Landed, { kind: 'landed' }>,
): DeploymentFact | undefined {
  return deploymentsInForce(entries, judged.id).find(
    (fact) => (fact.wave?.number ?? 1) === number && (!fresh || fact.fleetCommit === commit),
  );
}

function mergeFact({ model, judged, tree, merged }: ReleaseInFlight): MergeFact {
  return { kind: 'merge', model, verdict: judged.id, tree, commit: merged.commit, at: merged.at.toISOString() };
}

function beganFact({ model, judged, merged }: ReleaseInFlight): StampedFact {
  const steps = [{ step: 'deploy began', at: merged.began.toISOString() }] as const;
  return { kind: 'stamped', model, verdict: judged.id, by: 'deploy', steps };
}

function deploymentFact(
  { model, judged, waiver, proposal, merged }: ReleaseInFlight,
  { number, of, places, files }: Wave,
  { commit, at }: { commit: string; at: Date },
): DeploymentFact {
  return {
    kind: 'deployment',
    model,
    candidate: judged.fact.candidate,
    superior: judged.fact.superior,
    verdict: judged.id,
    proposal: proposal.branch,
    branch: merged.deploy.branch,
    fleetCommit: commit,
    wave: { number, of, places },
    files: files.map(({ path }) => path),
    waiver,
    at: at.toISOString(),
  };
}
