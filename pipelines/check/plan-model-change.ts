import { readDeployed, type DeployedRelease } from '#gitops';
import type { Release } from '#eval';
import type { DeploymentFact } from '../deploy/deploy-facts.ts';
import { holdOn, isWhole } from '../deploy/standing.ts';
import type { CheckContext } from './check-context.ts';
import { factsOf } from './facts.ts';
import type { ModelChange } from './gather-change.ts';
import { planModel, sameRelease, type Deployed, type ModelPlan } from './plan-check.ts';
import { buildRelease, findRelease, type ReleaseSource, type ResolvedRelease } from './resolve-release.ts';

/** A plan with the bytes of every release in it, and what the fleet runs. */
export type PlannedModel = {
  plan: ModelPlan;
  candidate: ResolvedRelease;
  references: readonly { role: 'baseline' | 'anchor'; chipsets: readonly string[]; resolved: ResolvedRelease }[];
  deployed: readonly Deployed[];
  fleetCommit: string | null;
  notes: readonly string[];
};

/** Builds the candidate, reads what is deployed, and finds the bytes of everything it is compared with. */
export async function planModelChange({ model, trees }: ModelChange, context: CheckContext): Promise<PlannedModel> {
  const { change, ports, datasets } = context;
  const source: ReleaseSource = { ...ports, config: change.config, model, progress: ports.progress };
  const candidate = await buildRelease(source, change.head);
  const fleet = await readFleet(context, model.name);
  const base = change.config.deploy === null && trees.base !== null ? await buildRelease(source, change.base) : null;
  const plan = planModel({
    model,
    config: change.config,
    candidate: candidate.release,
    deployed: fleet.deployed.map((entry) => ({ ...entry, release: onThisRuntime(entry.release, candidate.release) })),
    base: base?.release ?? null,
    anchor: await anchorFor(context, model.name, model.anchor, candidate.release),
    kindOf: (name) => (datasets.replay.has(name) ? 'replay' : 'research'),
  });
  const references = [];
  for (const { release, role, chipsets } of plan.references) {
    const resolved = [candidate, base].find((known) => known !== null && sameRelease(known.release, release));
    references.push({ role, chipsets, resolved: resolved ?? (await findRelease(source, release, change.base)) });
  }
  const notes = [...ownRuntimeNotes(candidate), ...runtimeNotes(fleet.deployed, candidate.release)];
  return { plan, candidate, references, deployed: fleet.deployed, fleetCommit: fleet.commit, notes };
}

async function readFleet(
  { change, ports }: CheckContext,
  model: string,
): Promise<{ deployed: Deployed[]; commit: string | null }> {
  const { deploy } = change.config;
  if (deploy === null) return { deployed: [], commit: null };
  const snapshot = await ports.openFleet(deploy.repository).snapshot(deploy.branch);
  const entries = await readDeployed(snapshot, model);
  return {
    commit: snapshot.commit,
    deployed: entries.map(({ site, chipset, release }) => ({ site, chipset, release: releaseOf(release) })),
  };
}

function releaseOf(deployed: DeployedRelease): Release {
  return { model: deployed.model.digest, runtime: deployed.kind === 'model' ? deployed.runtime.digest : null };
}

/**
 * A runtime of another digest is not installed here, so the deployed model is measured under this one. The candidate then
 * differs from what is deployed by its model alone, and the report says so.
 */
function onThisRuntime(deployed: Release, candidate: Release): Release {
  return deployed.runtime === null || candidate.runtime === null ? deployed : { ...deployed, runtime: candidate.runtime };
}

function runtimeNotes(deployed: readonly Deployed[], candidate: Release): string[] {
  const others = new Set(
    deployed.map(({ release }) => release.runtime).filter((runtime) => runtime !== null && runtime !== candidate.runtime),
  );
  if (others.size === 0 || candidate.runtime === null) return [];
  return [
    `The fleet runs another runtime (${[...others].join(', ')}); the deployed model was measured under ${candidate.runtime}.`,
  ];
}

function ownRuntimeNotes({ release, runtime }: ResolvedRelease): string[] {
  if (release.runtime === null || runtime !== null) return [];
  return [`The runtime ${release.runtime} that fieldproof.yaml names was not run: this installation's own served the models.`];
}

/** The pinned anchor, else the last release that was better beyond doubt, is deployed everywhere and is not held. */
async function anchorFor(
  { ports }: CheckContext,
  model: string,
  pinned: Release['model'] | null,
  candidate: Release,
): Promise<Release | null> {
  if (pinned !== null) return { model: pinned, runtime: candidate.runtime };
  const entries = await ports.ledger.entries();
  const stands = ({ candidate: release }: DeploymentFact) => holdOn(entries, model, release, ports.clock.now()) === undefined;
  const superior = factsOf(entries, 'deployment').findLast(
    ({ fact }) => fact.model === model && fact.superior && isWhole(fact) && stands(fact),
  );
  return superior === undefined ? null : onThisRuntime(superior.fact.candidate, candidate);
}
