import { readDeployed, releaseAt, type Place } from '#gitops';
import { keptFleet } from '#config';
import { type RevertFact, appendFacts } from '#history';
import { againWhenMoved } from './again-when-moved.ts';
import type { DeployPorts } from './deploy-ports.ts';
import type { Landing } from './landing.ts';
import { revertOnTip, type Reverted, type Rollback } from './revert-on-tip.ts';
import { showDeployments } from '#codehost';
import { watchPlaces } from './watch-places.ts';
import { waveHealth } from './wave-health.ts';

/** Takes a release back by one commit, writes down what came of it, and watches that as it would any other release. */
export async function rollBack(rollback: Rollback, ports: DeployPorts): Promise<Landing> {
  const { model, hold } = rollback;
  const reverted = await againWhenMoved(ports.clock, () => revertOnTip(rollback, ports));
  await appendFacts(ports.ledger, [revertFact(rollback, reverted)]);
  const failed = (reason: string): Landing => ({ model, state: 'failed', reason: `${hold.fact.reason}; ${reason}` });
  if (reverted.outcome !== 'committed' || reverted.commit === null) return failed(reverted.reason);
  const places = placesOf(rollback);
  const described = `taken back by ${reverted.commit.slice(0, 12)}`;
  await showDeployments({ model, commit: rollback.source, places, state: 'inactive', description: described }, ports);
  const back = await watchReverted(rollback, reverted.commit, places, ports);
  if (back.kind === 'failed') return failed(`${described}, but what ran before is not healthy: ${back.reason}`);
  return { model, state: 'reverted', reason: `${hold.fact.reason}; ${described}: ${back.reason}. The release is held` };
}

/** The sites that the release had reached, or the one that is taken back. */
function placesOf({ deployments, hold, deploy }: Rollback): readonly Place[] {
  const everywhere = deploy.sites.map(({ name, chipset }) => ({ site: name, chipset }));
  const reached = deployments.flatMap(({ wave }) => wave?.places ?? everywhere);
  return reached.filter(({ site }) => hold.fact.site === null || site === hold.fact.site);
}

async function watchReverted(
  { model, fleet, deploy, source }: Rollback,
  commit: string,
  places: readonly Place[],
  ports: DeployPorts,
): Promise<{ kind: 'healthy' | 'failed' | 'waiting'; reason: string }> {
  const back = await fleet.at(deploy.branch, commit);
  const expected = back === undefined ? [] : await readDeployed(back, model, keptFleet(deploy, model));
  const running = places.filter((place) => releaseAt(expected, place) !== undefined);
  if (running.length === 0) return { kind: 'healthy', reason: 'nothing of it ran there before' };
  if (ports.watcher === null) return { kind: 'waiting', reason: 'not watched, for no cluster can be asked from here' };
  const sites = await watchPlaces({ model, places: running, expected, fleet, deploy, source }, ports.watcher, ports);
  return waveHealth(sites, { skipUnknown: false });
}

function revertFact(
  { model, hold, deployments }: Rollback,
  { outcome, commit, branch, edited, reason, at }: Reverted,
): RevertFact {
  return {
    kind: 'revert',
    model,
    verdict: hold.fact.verdict,
    hold: hold.id,
    site: hold.fact.site,
    reverts: deployments.map(({ fleetCommit }) => fleetCommit),
    outcome,
    fleetCommit: commit,
    branch,
    edited,
    reason,
    at: at.toISOString(),
  };
}
