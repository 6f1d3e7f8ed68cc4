import {
  commitMessage,
  editFleet,
  keptFiles,
  proposalBranch,
  proposalTrailers,
  readFiles,
  renderFleet,
  type ManifestFile,
  type SiteReplay,
} from '#gitops';
import { findingName, type ModelReport } from '#report';
import { plainText } from '#kernel';
import { type DeployConfig, keptFleet } from '#config';
import { holdOn, holdReason, appendFacts } from '#history';
import type { CheckContext } from '../check-context.ts';
import { clipToReplay } from '../plan/clip-to-replay.ts';
import { fleetPlan, progressiveOf } from './fleet-plan.ts';
import type { Change } from '../plan/gather-change.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';
import { replayFor } from './site-check.ts';

/**
 * Writes the manifests of a release on a branch of their own: nothing is deployed by it. An inconclusive one's too, for
 * somebody may answer for it. What is held is not proposed again, and the report says why.
 */
export async function proposeRelease(
  planned: PlannedModel,
  report: ModelReport,
  context: CheckContext,
): Promise<Pick<ModelReport, 'proposal' | 'notes'>> {
  const { change, ports } = context;
  const { deploy } = change.config;
  const { record } = report;
  if (deploy === null) return { proposal: null, notes: report.notes };
  const notes = [...report.notes, ...replayNotes(planned, deploy, context)];
  if (record === null) throw new Error('a verdict is proposed only after it has been recorded');
  const hold = holdOn(await ports.ledger.entries(), report.model, report.candidate, ports.clock.now());
  if (hold !== undefined) return { proposal: null, notes: [...notes, `Not proposed to the fleet: ${holdReason(hold)}.`] };
  const fleet = ports.openFleet(deploy.repository);
  const branch = proposalBranch(report.model, change.head);
  const source = await ports.repository.describe(change.head);
  const earlier = await fleet.snapshot(branch);
  const replay = context.mayRun ? await replayFor(planned, deploy, context) : null;
  const { commit } = await fleet.commit({
    parent: planned.fleetCommit,
    branch,
    replaces: earlier.commit,
    files: await filesOf(planned, report, deploy, replay, context),
    message: commitMessage({
      subject: `Deploy ${report.model} at ${change.head.slice(0, 12)}`,
      body: bodyOf(report),
      trailers: proposalTrailers({
        model: report.model,
        base: planned.fleetCommit,
        record,
        ledger: await ports.ledger.sharedHead(),
        source: { commit: change.head, tree: treeOf(report.model, change), repository: null, ...source },
      }),
    }),
    date: source.date,
  });
  if (commit === planned.fleetCommit) return { proposal: null, notes }; // the manifests would be the same: there is nothing to land
  const proposal = { repository: deploy.repository, branch, commit };
  await appendFacts(ports.ledger, [{ kind: 'proposal', model: report.model, verdict: record, ...proposal }]);
  return {
    proposal: replay === null ? proposal : { ...proposal, clip: replay.clip },
    notes,
  };
}

/** What a site should find is asked of the model itself, which does not run where parts are joined. */
function replayNotes({ plan }: PlannedModel, deploy: DeployConfig, context: CheckContext): string[] {
  if (context.mayRun || clipToReplay(plan.model, deploy, context) === null) return [];
  return ['No clip will be shown to the model at its sites: the parts of this check were measured on other machines.'];
}

function bodyOf({ findings }: ModelReport): string {
  const deciding = findings.filter(({ role, slice }) => role === 'decides' && slice === null);
  // A reason may hold what a machine said of itself, and is one line of this message, whatever that is.
  return deciding.map((finding) => plainText(`- ${finding.outcome}: ${findingName(finding)}: ${finding.reason}`)).join('\n');
}

function treeOf(model: string, { models }: Change): string {
  return models.find((entry) => entry.model.name === model)?.trees.head ?? '';
}

/** The manifests that are ours, or the files of others with the release in the fields that are. */
async function filesOf(
  planned: PlannedModel,
  report: ModelReport,
  deploy: DeployConfig,
  replay: SiteReplay | null,
  { change, request, ports }: CheckContext,
): Promise<ManifestFile[]> {
  const facts = { changeRequest: request.changeRequest ?? null, replay, progressive: progressiveOf(report, deploy) };
  const plan = fleetPlan(planned, deploy, change.config.chipsets, facts);
  const kept = keptFleet(deploy, planned.plan.model.name);
  if (kept === null) return renderFleet(plan);
  const { fleetCommit } = planned;
  const fleet = fleetCommit === null ? undefined : await ports.openFleet(deploy.repository).at(deploy.branch, fleetCommit);
  const files = fleet === undefined ? new Map<string, string>() : await readFiles(fleet, keptFiles(kept, plan.model));
  return editFleet(plan, kept.files, files);
}
