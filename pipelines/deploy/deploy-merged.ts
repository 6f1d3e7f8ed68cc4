import { CouldNotRun, onlyStage } from '#kernel';
import { readDeployed } from '#gitops';
import type { Entry } from '#ledger';
import { factsOf, refuseBehind, type VerdictFact, isUnfinished, deploymentsInForce, type Hold } from '#history';
import { configFile, readConfig, type Config, type ModelConfig, keptFleet } from '#config';
import { decideAdmission, type Judged } from './decide-admission.ts';
import { underPolicy, type DeployPorts } from './deploy-ports.ts';
import { deployRelease, type Watching } from './deploy-release.ts';
import { gatherRelease, type Merged, type ReleaseInFlight } from './gather-release.ts';
import { fleetWitnesses } from './fleet-witnesses.ts';
import type { Landing } from './landing.ts';
import { rollBack } from './roll-back.ts';
import { showDeployments } from '#codehost';
import { stampReview } from './stamp-review.ts';

export type DeployRequest = Watching & {
  ref: string;
  /** One model alone; null: each of the configuration. */
  model: string | null;
};

/** Lands, for each model of the merged commit, the proposal that its verdict wrote: the judged bytes or nothing. */
export async function deployMerged(request: DeployRequest, given: DeployPorts): Promise<Landing[]> {
  const merged = await gatherMerged(request.ref, given);
  if (request.wait === 'always' && given.watcher === null) throw noCluster();
  const ports = await underPolicy(merged.config, given);
  await refuseBehind(given.ledger, await fleetWitnesses(given.openFleet(merged.deploy.repository), merged.deploy));
  const landings: Landing[] = [];
  for (const model of modelsOf(merged.config, request.model)) landings.push(await deployModel(model, merged, request, ports));
  return landings;
}

/** @throws CouldNotRun when the commit says nothing of deploying */
export async function gatherMerged(
  ref: string,
  { repository, clock }: Pick<DeployPorts, 'repository' | 'clock'>,
): Promise<Merged> {
  const began = clock.now();
  const commit = await repository.resolve(ref);
  const config = readConfig((await repository.readFile(commit, configFile)) ?? '');
  const { deploy } = config;
  if (deploy === null) {
    throw new CouldNotRun({
      file: configFile,
      field: 'deploy',
      message: 'is not there',
      remedy: 'name the fleet repository to deploy to',
    });
  }
  return { commit, at: (await repository.describe(commit)).date, began, config, deploy };
}

export function modelsOf({ models }: Config, name: string | null): readonly ModelConfig[] {
  const chosen = models.filter((model) => name === null || model.name === name);
  if (chosen.length > 0) return chosen;
  throw new CouldNotRun({
    file: configFile,
    field: 'models',
    message: `no model is named ${name}`,
    remedy: `name one of: ${models.map((model) => model.name).join(', ')}`,
  });
}

export function noCluster(): CouldNotRun {
  return new CouldNotRun({
    file: 'kubeconfig',
    message: 'no cluster can be asked from here, and a wave is over only when its sites are healthy',
    remedy: 'set KUBECONFIG to a file with a context for the sites, or deploy with --no-wait',
  });
}

async function deployModel(model: ModelConfig, merged: Merged, watching: Watching, ports: DeployPorts): Promise<Landing> {
  const { name, build } = model;
  const land = (state: Landing['state'], reason: string): Landing => ({ model: name, state, reason });
  const tree = await ports.repository.treeOf(merged.commit, build);
  const entries = await ports.ledger.entries();
  const admission = decideAdmission({ model, config: merged.config, tree, entries, now: ports.clock.now() });
  if (admission.kind === 'turned away') return land(admission.state, admission.reason);
  const { judged } = admission;
  if (admission.kind === 'held') {
    return (await finishRollback(admission, merged, entries, ports)) ?? land('refused', admission.reason);
  }
  if (judged.fact.history === 'unchanged') {
    return (await deploysOnly(judged.fact, merged, ports))
      ? land('up to date', 'what is merged is deployed already')
      : land('needs a check', 'what was deployed when it was judged is not what is deployed now: run fieldproof check again');
  }
  const admitted = { model: name, judged, waiver: admission.waiver, tree: tree ?? '', merged };
  const release = await gatherRelease(admitted, { entries, atOnce: watching.wait === 'never' }, ports);
  if (typeof release === 'string') return land('needs a check', release);
  if (!factsOf(entries, 'merge').some(({ fact }) => fact.verdict === judged.id)) {
    await showQueued(release, ports);
    await stampReview(release, ports);
  }
  return await deployRelease(release, watching, ports);
}

async function showQueued({ model, merged, waves }: ReleaseInFlight, ports: DeployPorts): Promise<void> {
  const places = waves.flatMap((wave) => wave.places);
  const description = 'merged, and waiting for its turn';
  await showDeployments({ model, commit: merged.commit, places, state: 'queued', description }, ports);
}

/** Whoever began to take a release back was ended before it was done: its commit, or the word of it, is missing. */
async function finishRollback(
  { hold, judged }: { hold: Hold; judged: Judged },
  merged: Merged,
  entries: readonly Entry[],
  ports: DeployPorts,
): Promise<Landing | undefined> {
  const deployments = deploymentsInForce(entries, hold.fact.verdict);
  if (!isUnfinished(entries, hold) || deployments.length === 0) return undefined;
  const fleet = ports.openFleet(merged.deploy.repository);
  const model = judged.fact.model;
  return await rollBack({ model, hold, deployments, fleet, deploy: merged.deploy, source: merged.commit }, ports);
}

/** Whether all that is deployed of a model is what was judged: what was judged to be the same as that passed by nothing else. */
export async function deploysOnly(
  { candidate, model }: VerdictFact,
  { deploy }: Merged,
  ports: Pick<DeployPorts, 'openFleet'>,
): Promise<boolean> {
  const tip = await ports.openFleet(deploy.repository).snapshot(deploy.branch);
  const deployed = await readDeployed(tip, model, keptFleet(deploy, model));
  return deployed.length > 0 && deployed.every(({ release }) => release.model.digest === onlyStage(candidate).model);
}
