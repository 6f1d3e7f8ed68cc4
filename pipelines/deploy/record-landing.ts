import { factsOf, type DeploymentFact, type MergeFact, deploymentsInForce, appendFacts } from '#history';
import { readEntries, type DeployPorts } from './deploy-ports.ts';
import type { ReleaseInFlight, Wave } from './gather-release.ts';
import type { Landed } from './land-wave.ts';

/**
 * Writes down that a release was merged and that a wave of it was committed: once, also when the run that committed it was
 * killed before it could say so.
 */
export async function recordLanding(
  release: ReleaseInFlight,
  wave: Wave,
  { commit, fresh }: Extract<Landed, { kind: 'landed' }>,
  ports: DeployPorts,
): Promise<DeploymentFact> {
  const entries = await readEntries(ports);
  const known = deploymentsInForce(entries, release.judged.id).find((fact) => (fact.wave?.number ?? 1) === wave.number);
  if (!fresh && known !== undefined) return known;
  const merge = factsOf(entries, 'merge').some(({ fact }) => fact.verdict === release.judged.id) ? [] : [mergeFact(release)];
  const made = fresh ? undefined : await release.fleet.at(release.merged.deploy.branch, commit);
  const at = made?.date ?? ports.clock.now();
  const deployment = deploymentFact(release, wave, { commit, at });
  await appendFacts(ports.ledger, [...merge, deployment]);
  return deployment;
}

function mergeFact({ model, judged, tree, merged }: ReleaseInFlight): MergeFact {
  return { kind: 'merge', model, verdict: judged.id, tree, commit: merged.commit, at: merged.at.toISOString() };
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
