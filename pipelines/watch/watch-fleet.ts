import { CouldNotRun } from '#kernel';
import {
  readDeployed,
  type DeployedAt,
  type FleetHistory,
  type FleetRepository,
  type FleetSnapshot,
  type Rollout,
  type RolloutTarget,
  type RolloutWatcher,
} from '#gitops';
import { configFile, readConfig, type DeployConfig, keptFleet } from '#config';
import { mustSign, trustedLedger } from '#history';
import type { ModelRepository } from '#git';
import type { WatchedRollout, WatchReport } from '#report';
import { imageDigests, pinsOf, type ImageDigests } from './image-digests.ts';
import { fleetHistory } from './fleet-history.ts';
import { recordRollouts, type RecordPorts, type RolloutRecorder } from './record-rollouts.ts';
import { rolloutTargets } from './rollout-targets.ts';
import { sourcesOf } from './sources.ts';

export type WatchPorts = RecordPorts & {
  repository: ModelRepository;
  openFleet: (location: string) => FleetRepository;
  watcher: RolloutWatcher;
  images: ImageDigests;
};

export type WatchRequest = {
  /** Of the model repository: whose fieldproof.yaml says what the fleet is. */
  ref: string;
  /** Of the fleet repository; null is the tip of the branch that its controllers read. */
  commit: string | null;
};

type Fleet = {
  deploy: DeployConfig;
  models: readonly string[];
  commit: string;
  deployed: ReadonlyMap<string, readonly DeployedAt[]>;
};

/** Watches what one commit of the fleet repository deploys until all of it has ended, and says what became of it. */
export async function watchFleet(request: WatchRequest, given: WatchPorts): Promise<WatchReport> {
  const { fleet, deploy, models, policy } = await openFleet(request, given);
  await mustSign(given.ledger, policy, given.clock);
  const ports = { ...given, ledger: trustedLedger(given.ledger, policy, given.clock) };
  const snapshot = await snapshotOf(fleet, deploy, request.commit);
  const read = async (at: FleetSnapshot, model: string) => await readDeployed(at, model, keptFleet(deploy, model));
  const deployed = new Map<string, readonly DeployedAt[]>();
  for (const model of models) deployed.set(model, await read(snapshot, model));
  const commit = snapshot.commit ?? '';
  const targets = await targetsOf({ deploy, models, commit, deployed }, ports);
  const recorder = await recordRollouts(await sourcesOf(deployed, ports), ports);
  const rollouts = await watch(targets, fleetHistory(fleet, read), recorder, ports);
  await recorder.flush();
  return reportOf({ deploy, models, commit, deployed }, (model, site, chipset) => {
    const target = targets.find((entry) => entry.model === model && entry.site === site && entry.chipset === chipset);
    const rollout = target === undefined ? undefined : rollouts.get(target);
    return target && rollout ? { ...rollout, since: recorder.stateOf(target)?.since ?? null } : NOTHING;
  });
}

const NOTHING = {
  state: 'unknown',
  reason: 'the fleet repository deploys nothing here at this commit',
  revision: null,
  since: null,
} as const;

async function openFleet({ ref }: WatchRequest, { repository, openFleet: open }: WatchPorts) {
  const commit = await repository.resolve(ref);
  const config = readConfig((await repository.readFile(commit, configFile)) ?? '');
  const { deploy, models, ledger: policy } = config;
  if (deploy === null) {
    const remedy = 'name the fleet repository and its sites';
    throw new CouldNotRun({ file: configFile, field: 'deploy', message: 'is not there', remedy });
  }
  return { fleet: open(deploy.repository), deploy, models: models.map(({ name }) => name), policy };
}

async function snapshotOf(
  fleet: FleetRepository,
  { repository, branch }: DeployConfig,
  commit: string | null,
): Promise<FleetSnapshot> {
  const snapshot = commit === null ? await fleet.snapshot(branch) : await fleet.at(branch, commit);
  if (snapshot !== undefined && snapshot.commit !== null) return snapshot;
  const message = commit === null ? `has no branch ${branch}` : `has no commit ${commit}`;
  const remedy = commit === null ? 'run fieldproof deploy first' : 'give a commit of its branch, or leave --commit out';
  throw new CouldNotRun({ file: repository, message, remedy });
}

async function targetsOf({ deploy, models, commit, deployed }: Fleet, ports: WatchPorts): Promise<RolloutTarget[]> {
  const digestsOf = await imageDigests(pinsOf([...deployed.values()].flat()), ports);
  const places = deploy.sites.map(({ name, chipset }) => ({ site: name, chipset }));
  return models.flatMap((model) =>
    rolloutTargets(model, places, { deployed: deployed.get(model) ?? [], commit, deploy, digestsOf }),
  );
}

async function watch(
  targets: readonly RolloutTarget[],
  history: FleetHistory,
  recorder: RolloutRecorder,
  { progress, watcher }: WatchPorts,
): Promise<ReadonlyMap<RolloutTarget, Rollout>> {
  progress.step('watching rollouts', targets.length);
  const ended = new Set<RolloutTarget>();
  return await watcher.watch(targets, {
    history,
    onChange: (target, rollout) => {
      progress.note(`${target.model} at ${target.site} (${target.chipset}): ${rollout.state}: ${rollout.reason}`);
      recorder.onChange(target, rollout);
      if (rollout.state === 'progressing' || rollout.state === 'unknown' || ended.has(target)) return;
      ended.add(target);
      progress.advance();
    },
  });
}

type Seen = Pick<WatchedRollout, 'state' | 'reason' | 'revision' | 'since'>;

function reportOf(
  { deploy, models, commit, deployed }: Fleet,
  seen: (model: string, site: string, chipset: string) => Seen,
): WatchReport {
  const rollouts = models.flatMap((model) =>
    deploy.sites.map(({ name: site, chipset }): WatchedRollout => {
      const release = deployed.get(model)?.find((entry) => entry.site === site && entry.chipset === chipset)?.release;
      const digest = release?.model.digest ?? null;
      const runtime = release?.kind === 'model' ? release.runtime.digest : null;
      return { model, site, chipset, digest, runtime, ...seen(model, site, chipset) };
    }),
  );
  return { version: 1, controller: deploy.controller, branch: deploy.branch, commit, rollouts };
}
