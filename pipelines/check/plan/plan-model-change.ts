import type { Release } from '#runners';
import type { CheckContext, CheckRequest } from '../check-context.ts';
import type { ModelChange } from './gather-change.ts';
import { planModel, sameRelease, type Deployed, type ModelPlan } from './plan-check.ts';
import { clipToReplay } from './clip-to-replay.ts';
import {
  asOnFirstPlatform,
  buildRelease,
  findRelease,
  refuseUnservedSites,
  type ReleaseSource,
  type ResolvedRelease,
} from '#pipelines/releases';
import { readStanding } from './read-deployed-state.ts';

/** A plan with the bytes of every release in it, and what the fleet runs. */
export type PlannedModel = {
  plan: ModelPlan;
  candidate: ResolvedRelease;
  references: readonly { role: 'baseline' | 'anchor'; chipsets: readonly string[]; resolved: ResolvedRelease }[];
  deployed: readonly Deployed[];
  fleetCommit: string | null;
  notes: readonly string[];
};

/** Whether it is what is deployed already, and may be judged by that. */
export function isIdentical({ plan }: PlannedModel, { identity }: Pick<CheckRequest, 'identity'>): boolean {
  return plan.history === 'unchanged' && identity;
}

/** Builds the candidate, reads what is deployed, and finds the bytes of everything it is compared with. */
export async function planModelChange({ model, trees }: ModelChange, context: CheckContext): Promise<PlannedModel> {
  const { change, ports, datasets } = context;
  if (change.config.deploy !== null) clipToReplay(model, change.config.deploy, context); // told before anything is measured
  const source: ReleaseSource = { ...ports, config: change.config, model, progress: ports.progress };
  const candidate = await buildRelease(source, change.head);
  refuseUnservedSites(candidate, change.config);
  const standing = await readStanding(context, model);
  const deployed = standing.deployed.map((entry) => asOnFirstPlatform(entry, candidate, change.config));
  const base = change.config.deploy === null && trees.base !== null ? await buildRelease(source, change.base) : null;
  const plan = planModel({
    model,
    config: change.config,
    candidate: candidate.release,
    deployed: deployed.map((entry) => ({ ...entry, release: onThisRuntime(entry.release, candidate.release) })),
    base: base?.release ?? null,
    anchor: anchorFor(model.anchor, standing.superior, candidate.release),
    kindOf: (name) => (datasets.replay.has(name) ? 'replay' : 'research'),
  });
  const references = [];
  for (const { release, role, chipsets } of plan.references) {
    const resolved = [candidate, base].find((known) => known !== null && sameRelease(known.release, release));
    references.push({ role, chipsets, resolved: resolved ?? (await findRelease(source, release, change.base)) });
  }
  const notes = runtimeNotes(deployed, candidate.release);
  return { plan, candidate, references, deployed, fleetCommit: standing.commit, notes };
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
    `The fleet runs another runtime (${[...others].join(', ')}); the deployed model was measured as served by ${candidate.runtime}.`,
  ];
}

/** The pinned anchor, else the last deployed release that was better beyond doubt. */
function anchorFor(pinned: Release['model'] | null, superior: Release | null, candidate: Release): Release | null {
  if (pinned !== null) return { model: pinned, runtime: candidate.runtime };
  return superior === null ? null : onThisRuntime(superior, candidate);
}
