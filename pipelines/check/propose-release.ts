import { commitMessage, proposalBranch, proposalTrailers, renderFleet, type DeployedRelease, type FleetPlan } from '#gitops';
import { findingName } from '../report/findings.ts';
import type { ModelReport } from '../report/check-report.ts';
import type { ChipsetConfig, DeployConfig } from '../config/config.ts';
import { holdOn, holdReason } from '../deploy/standing.ts';
import type { CheckContext } from './check-context.ts';
import { servedVariant } from './collect-trials.ts';
import { asFact } from './facts.ts';
import type { Change } from './gather-change.ts';
import type { PlannedModel } from './plan-model-change.ts';

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
  const { record, notes } = report;
  if (deploy === null) return { proposal: null, notes };
  if (record === null) throw new Error('a verdict is proposed only after it has been recorded');
  const hold = holdOn(await ports.ledger.entries(), report.model, report.candidate, ports.clock.now());
  if (hold !== undefined) return { proposal: null, notes: [...notes, `Not proposed to the fleet: ${holdReason(hold)}.`] };
  const fleet = ports.openFleet(deploy.repository);
  const branch = proposalBranch(report.model, change.head);
  const source = await ports.repository.describe(change.head);
  const standing = await fleet.snapshot(branch);
  const commit = await fleet.commit({
    parent: planned.fleetCommit,
    branch,
    replaces: standing.commit,
    files: renderFleet(fleetPlan(planned, deploy, change.config.chipsets)),
    message: commitMessage({
      subject: `Deploy ${report.model} at ${change.head.slice(0, 12)}`,
      body: bodyOf(report),
      trailers: proposalTrailers({
        model: report.model,
        base: planned.fleetCommit,
        record,
        source: { commit: change.head, tree: treeOf(report.model, change), repository: null, ...source },
      }),
    }),
    date: source.date,
  });
  if (commit === planned.fleetCommit) return { proposal: null, notes }; // the manifests would be the same: there is nothing to land
  const proposal = { repository: deploy.repository, branch, commit };
  await ports.ledger.append([asFact({ kind: 'proposal', model: report.model, verdict: record, ...proposal })]);
  return { proposal, notes };
}

function bodyOf({ findings }: ModelReport): string {
  const deciding = findings.filter(({ role, slice }) => role === 'decides' && slice === null);
  return deciding.map((finding) => `- ${finding.outcome}: ${findingName(finding)}: ${finding.reason}`).join('\n');
}

function treeOf(model: string, { models }: Change): string {
  return models.find((entry) => entry.model.name === model)?.trees.head ?? '';
}

function fleetPlan({ plan, candidate }: PlannedModel, deploy: DeployConfig, chipsets: readonly ChipsetConfig[]): FleetPlan {
  return {
    controller: deploy.controller,
    model: plan.model.name,
    source: { url: deploy.url, branch: deploy.branch },
    sites: deploy.sites.flatMap(({ name, chipset: chipsetName, link }) => {
      const chipset = chipsets.find((entry) => entry.name === chipsetName);
      if (chipset === undefined) return [];
      const { platform, limits } = chipset;
      const placement = { name: chipset.name, platform, cpus: limits.cpus, memoryBytes: limits.memoryBytes };
      return [{ site: { name, chipset: placement, link }, release: pinned({ plan, candidate }, chipset) }];
    }),
  };
}

function pinned({ plan, candidate }: Pick<PlannedModel, 'plan' | 'candidate'>, chipset: ChipsetConfig): DeployedRelease {
  const { model, runtime } = candidate.release;
  const pin = { image: plan.model.image, digest: model };
  if (runtime === null) return { kind: 'container', model: pin };
  const variant = servedVariant(candidate, chipset);
  return {
    kind: 'model',
    model: pin,
    runtime: { image: plan.model.runtime.image, digest: runtime },
    variant: variant === 'default' ? null : variant,
  };
}
