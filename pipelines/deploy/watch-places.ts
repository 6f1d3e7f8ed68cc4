import {
  deploysAlike,
  readDeployed,
  type DeployedAt,
  type Place,
  type Rollout,
  type RolloutTarget,
  type FleetHistory,
  type FleetRepository,
  type FleetSnapshot,
  type RolloutWatcher,
} from '#gitops';
import { keptFleet, type DeployConfig } from '#config';
import { factsOf } from '#history';
import type { DeployPorts } from './deploy-ports.ts';
import { fleetHistory, imageDigests, pinsOf, recordRollouts, rolloutTargets } from '#pipelines/watch';
import type { PlaceHealth } from './wave-health.ts';

export type Watched = {
  model: string;
  places: readonly Place[];
  /** What is meant to run at these places. */
  expected: readonly DeployedAt[];
  fleet: FleetRepository;
  deploy: DeployConfig;
  /** The commit of the model repository that it comes from. */
  source: string;
};

/** How often the branch may move on under a rollout that is watched. */
const ROUNDS = 50;

/**
 * Watches places until each is healthy, failed or unknown at the branch's tip. While others land beside it the controllers
 * move on to their commits: then the same release is watched at the new tip, so long as the tip still deploys it.
 */
export async function watchPlaces(watched: Watched, watcher: RolloutWatcher, ports: DeployPorts): Promise<PlaceHealth[]> {
  const { model, places, expected, fleet, deploy, source } = watched;
  const answers = new Map<Place, Rollout>();
  const read = async (at: FleetSnapshot, name: string) => await readDeployed(at, name, keptFleet(deploy, name));
  const history = fleetHistory(fleet, read);
  let commit: string | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const tip = await fleet.snapshot(deploy.branch);
    const open = places.filter((place) => round === 0 || answers.get(place)?.state === 'superseded');
    if (open.length === 0 || tip.commit === null || tip.commit === commit) break;
    commit = tip.commit;
    const deployed = await read(tip, model);
    if (!deploysAlike(deployed, expected, open)) {
      for (const place of open) answers.set(place, superseded(commit));
      break;
    }
    const digestsOf = await imageDigests(pinsOf(deployed), ports);
    const targets = rolloutTargets(model, open, { deployed, commit, deploy, digestsOf });
    const ended = await watchTargets(targets, { source, history }, watcher, ports);
    for (const place of open) answers.set(place, ended.get(`${place.site}/${place.chipset}`) ?? SILENT);
  }
  return places.map((place) => ({ ...place, rollout: answers.get(place) ?? SILENT }));
}

const SILENT: Rollout = { state: 'unknown', reason: 'nothing was said of it', revision: null };

function superseded(commit: string): Rollout {
  return { state: 'superseded', reason: `${commit.slice(0, 12)} deploys something else there`, revision: commit };
}

async function watchTargets(
  targets: readonly RolloutTarget[],
  { source, history }: { source: string; history: FleetHistory },
  watcher: RolloutWatcher,
  ports: DeployPorts,
): Promise<ReadonlyMap<string, Rollout>> {
  const recorder = await recordRollouts(() => source, ports);
  const ended = await watcher.watch(targets, {
    history,
    onChange: (target, rollout) => {
      ports.progress.note(`${target.model} at ${target.site} (${target.chipset}): ${rollout.state}. ${rollout.reason}`);
      recorder.onChange(target, rollout);
    },
  });
  for (const [target, rollout] of ended) recorder.onChange(target, rollout);
  await recorder.flush();
  return new Map([...ended].map(([target, rollout]) => [`${target.site}/${target.chipset}`, rollout]));
}

/** Where nobody can watch: what somebody else has seen and written down, of this very commit or of the tip. */
export async function recordedHealth(
  { model, places }: Pick<Watched, 'model' | 'places'>,
  commits: readonly string[],
  ports: DeployPorts,
): Promise<PlaceHealth[]> {
  const facts = factsOf(await ports.ledger.entries(), 'rollout').filter(
    ({ fact }) => fact.model === model && commits.includes(fact.fleetCommit),
  );
  return places.map((place) => {
    const last = facts.findLast(({ fact }) => fact.site === place.site && fact.chipset === place.chipset);
    return { ...place, rollout: last?.fact ?? { state: 'unknown', reason: 'nobody has watched it' } };
  });
}
