import { onlyStage, releaseOf, sameRelease, type Digest, type Release } from '#kernel';
import type { OpenDataset, Round } from '#datasets';
import type { CheckContext, CheckRequest } from '../check-context.ts';
import type { ModelChange } from './gather-change.ts';
import { planModel, type Deployed, type ModelPlan } from './plan-check.ts';
import { clipToReplay } from './clip-to-replay.ts';
import {
  asOnFirstPlatform,
  type BuildTimes,
  buildRelease,
  findRelease,
  refuseUnservedSites,
  type ReleaseSource,
  type ResolvedRelease,
} from '#pipelines/releases';
import { readDeployedState } from './read-deployed-state.ts';
import { opened } from './open-datasets.ts';

/** A plan with the bytes of every release in it, and what the fleet runs. */
export type PlannedModel = {
  plan: ModelPlan;
  candidate: ResolvedRelease;
  /** Null where whoever built it did not say when. */
  built: BuildTimes | null;
  references: readonly { role: 'baseline' | 'anchor'; chipsets: readonly string[]; resolved: ResolvedRelease }[];
  /** Those that its gates name, by the round in which they are looked at. */
  datasets: Readonly<Record<Round, readonly OpenDataset[]>>;
  deployed: readonly Deployed[];
  fleetCommit: string | null;
  notes: readonly string[];
};

/** Whether it is what is deployed already, and may be judged by that. */
export function isIdentical({ plan }: PlannedModel, { identity }: Pick<CheckRequest, 'identity'>): boolean {
  return plan.history === 'unchanged' && identity;
}

/** Builds the candidate, reads what is deployed, and finds the bytes of everything it is compared with. */
export async function planModelChange({ model, trees, writtenBy }: ModelChange, context: CheckContext): Promise<PlannedModel> {
  const { change, ports, datasets } = context;
  if (change.config.deploy !== null) clipToReplay(model, change.config.deploy, context); // a wrong clip is reported before anything is measured
  const source: ReleaseSource = { ...ports, config: change.config, model, writtenBy, progress: ports.progress };
  const { candidate, built } = await buildCandidate(source, trees.head, context);
  refuseUnservedSites(candidate, change.config);
  const state = await readDeployedState(context, model);
  const deployed = state.deployed.map((entry) => asOnFirstPlatform(entry, candidate, change.config));
  const base = change.config.deploy === null && trees.base !== null ? await buildRelease(source, change.base) : null;
  const plan = planModel({
    model,
    config: change.config,
    candidate: candidate.release,
    deployed: deployed.map((entry) => ({ ...entry, release: onThisRuntime(entry.release, candidate.release) })),
    base: base?.release ?? null,
    anchor: anchorFor(model.anchor, state.superior, candidate.release),
    roundOf: (name) => opened(datasets, name).dataset.round,
  });
  const references = [];
  for (const { release, role, chipsets } of plan.references) {
    const resolved = [candidate, base].find((known) => known !== null && sameRelease(known.release, release));
    references.push({ role, chipsets, resolved: resolved ?? (await findRelease(source, release, change.base)) });
  }
  const notes = runtimeNotes(deployed, candidate.release);
  const openedIn = (round: Round) => plan.datasets[round].map((name) => opened(datasets, name));
  const ofRounds = { research: openedIn('research'), replay: openedIn('replay') };
  return { plan, candidate, built, references, datasets: ofRounds, deployed, fleetCommit: state.commit, notes };
}

/** With when it was built: here and now, or where it was handed over from. */
async function buildCandidate(
  source: ReleaseSource,
  tree: string,
  { change, ports }: CheckContext,
): Promise<Pick<PlannedModel, 'candidate' | 'built'>> {
  const from = ports.clock.now().toISOString();
  const candidate = await buildRelease(source, change.head);
  const here = { from, to: ports.clock.now().toISOString() };
  const { builtAt } = ports.images;
  return { candidate, built: builtAt === undefined ? here : builtAt({ model: source.model.name, tree }) };
}

/**
 * A runtime of another digest is not installed here, so the deployed model is measured under this one. The candidate then
 * differs from what is deployed by its model alone, and the report says so.
 */
function onThisRuntime(deployed: Release, candidate: Release): Release {
  const [theirs, { runtime }] = [onlyStage(deployed), onlyStage(candidate)];
  return theirs.runtime === null || runtime === null ? deployed : releaseOf({ ...theirs, runtime });
}

function runtimeNotes(deployed: readonly Deployed[], candidate: Release): string[] {
  const { runtime } = onlyStage(candidate);
  const others = new Set(
    deployed.map(({ release }) => onlyStage(release).runtime).filter((other) => other !== null && other !== runtime),
  );
  if (others.size === 0 || runtime === null) return [];
  return [`The fleet runs another runtime (${[...others].join(', ')}); the deployed model was measured as served by ${runtime}.`];
}

/** The pinned anchor, else the last deployed release that was better beyond doubt. */
function anchorFor(pinned: Digest | null, superior: Release | null, candidate: Release): Release | null {
  if (pinned !== null) return releaseOf({ model: pinned, runtime: onlyStage(candidate).runtime });
  return superior === null ? null : onThisRuntime(superior, candidate);
}
