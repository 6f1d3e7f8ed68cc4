import { deploysAlike, readDeployed, type Place } from '#gitops';
import { factsOf, type DeploymentFact, type HoldFact, type MergeFact, deploymentsInForce, appendFacts } from '#history';
import type { DeployPorts } from './deploy-ports.ts';
import type { ReleaseInFlight, Wave } from './gather-release.ts';
import { keptFleet } from '#config';
import { landWave, sitesOf, type Landed } from './land-wave.ts';
import type { Landing } from './landing.ts';
import { recordLanding } from './record-landing.ts';
import { rollBack } from './roll-back.ts';
import { showDeployments } from '#codehost';
import { recordedHealth, watchPlaces } from './watch-places.ts';
import { waveHealth, type WaveHealth } from './wave-health.ts';

/**
 * `auto`: waves are watched where there is more than one; `always`: the last one too, or the only one; `never`: everything
 * in one commit, and nothing is watched.
 */
export type Watching = { wait: 'auto' | 'always' | 'never'; skipUnknown: boolean };

/** Wave by wave, each after the one before is healthy at this revision; back again when one fails. */
export async function deployRelease(release: ReleaseInFlight, watching: Watching, ports: DeployPorts): Promise<Landing> {
  const { model, merged, waves } = release;
  const settled = watching.wait !== 'always' && (await isEverywhere(release));
  let news = false;
  let health = '';
  let commit = '';
  for (const wave of waves) {
    const landed = await landWave(release, wave, ports);
    if (landed.kind !== 'landed') return { model, state: landed.kind, reason: landed.reason };
    commit = landed.commit;
    news ||= landed.fresh;
    const fact = await recordWave(release, wave, landed, ports);
    if (settled || watching.wait === 'never' || (watching.wait === 'auto' && wave.number === wave.of)) continue;
    const answer = await healthOf(release, wave, fact, watching, ports);
    if (answer.kind === 'failed') return await takeBack(release, answer.reason, ports);
    if (answer.kind === 'waiting') return { model, state: 'waiting', reason: `${whereOf(wave, landed)}${answer.reason}` };
    health = answer.reason;
  }
  const { branch } = merged.deploy;
  if (watching.wait === 'always') return { model, state: 'healthy', reason: `${branch} is at ${commit.slice(0, 12)}, ${health}` };
  if (!news) return { model, state: 'up to date', reason: `${branch} deploys the proposal already` };
  return { model, state: 'landed', reason: `${branch} is at ${commit.slice(0, 12)}` };
}

/** Then no wave is left that would have to wait for another. */
async function isEverywhere({ model, fleet, merged, proposal, waves }: ReleaseInFlight): Promise<boolean> {
  const deployed = await readDeployed(await fleet.snapshot(merged.deploy.branch), model, keptFleet(merged.deploy, model));
  return waves.every(({ places }) => deploysAlike(deployed, proposal.deployed, places));
}

async function recordWave(
  release: ReleaseInFlight,
  wave: Wave,
  landed: Extract<Landed, { kind: 'landed' }>,
  ports: DeployPorts,
): Promise<DeploymentFact> {
  const { model, merged } = release;
  const fact = await recordLanding(release, wave, landed, ports);
  const description = `committed to the fleet as ${landed.commit.slice(0, 12)}`;
  const places = landed.fresh ? wave.places : await notShownYet(release, wave, fact, ports);
  await showDeployments({ model, commit: merged.commit, places, state: 'in_progress', description }, ports);
  return fact;
}

/**
 * Places of a wave that this very merge landed on before, and of which nobody has seen more yet: the code host may not have
 * answered then. A later commit that changes nothing of the model is no deployment of its own.
 */
async function notShownYet(
  { model, judged, merged }: ReleaseInFlight,
  { places }: Wave,
  { fleetCommit }: DeploymentFact,
  ports: DeployPorts,
): Promise<readonly Place[]> {
  const isOfThis = ({ fact }: { fact: MergeFact }) => fact.verdict === judged.id && fact.commit === merged.commit;
  if (ports.deployments === null || !factsOf(await ports.ledger.entries(), 'merge').some(isOfThis)) return [];
  return (await recordedHealth({ model, places }, [fleetCommit], ports)).filter(({ rollout }) => rollout.state === 'unknown');
}

async function healthOf(
  release: ReleaseInFlight,
  wave: Wave,
  { fleetCommit }: DeploymentFact,
  watching: Watching,
  ports: DeployPorts,
): Promise<WaveHealth> {
  const { model, fleet, merged, proposal } = release;
  const { deploy } = merged;
  const { places } = wave;
  if (ports.watcher !== null) {
    const watched = { model, places, expected: proposal.deployed, fleet, deploy, source: merged.commit };
    return waveHealth(await watchPlaces(watched, ports.watcher, ports), watching);
  }
  const tip = (await fleet.snapshot(deploy.branch)).commit;
  const health = waveHealth(
    await recordedHealth({ model, places }, [fleetCommit, ...(tip === null ? [] : [tip])], ports),
    watching,
  );
  if (health.kind !== 'waiting') return health;
  const remedy = 'run fieldproof deploy --wait where the clusters can be reached, or land the rest unwatched with --no-wait';
  return {
    kind: 'waiting',
    reason: `the next wave goes when ${sitesOf(wave)} is healthy at this revision, and nobody has seen that: ${remedy}`,
  };
}

function whereOf({ number, of }: Wave, { commit }: { commit: string }): string {
  return of === 1 ? `landed as ${commit.slice(0, 12)}; ` : `wave ${number} of ${of} landed as ${commit.slice(0, 12)}; `;
}

/** The hold is written before anything is reverted: whatever ends us then, the release does not go out again. */
async function takeBack(release: ReleaseInFlight, reason: string, ports: DeployPorts): Promise<Landing> {
  const { model, judged, fleet, merged } = release;
  const fact: HoldFact = {
    kind: 'hold',
    model,
    release: judged.fact.candidate,
    verdict: judged.id,
    site: null,
    by: 'fieldproof deploy',
    reason,
    at: ports.clock.now().toISOString(),
  };
  const [id = judged.id] = await appendFacts(ports.ledger, [fact]);
  const deployments = deploymentsInForce(await ports.ledger.entries(), judged.id);
  return await rollBack({ model, hold: { id, fact }, deployments, fleet, deploy: merged.deploy, source: merged.commit }, ports);
}
