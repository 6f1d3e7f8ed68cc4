import { commitMessage, proposalBranch, renderFleet, type DeployedRelease, type FleetPlan } from '#gitops';
import type { ModelReport } from '../report/check-report.ts';
import type { ChipsetConfig, DeployConfig } from '../config/config.ts';
import type { CheckContext } from './check-context.ts';
import { servedVariant } from './collect-trials.ts';
import type { PlannedModel } from './plan-model-change.ts';

/** Writes the manifests of a release that passed on a branch of their own: nothing is deployed by it. */
export async function proposeRelease(
  planned: PlannedModel,
  report: ModelReport,
  context: CheckContext,
): Promise<ModelReport['proposal']> {
  const { change, ports } = context;
  const { deploy } = change.config;
  if (deploy === null) return null;
  const fleet = ports.openFleet(deploy.repository);
  const branch = proposalBranch(report.model, change.head);
  const commit = await fleet.commit({
    parent: planned.fleetCommit,
    branch,
    files: renderFleet(fleetPlan(planned, deploy, change.config.chipsets)),
    message: commitMessage({
      subject: `Deploy ${report.model} ${change.head.slice(0, 12)}`,
      body: report.findings
        .filter(({ role }) => role === 'decides')
        .map(({ reason, outcome }) => `- ${outcome}: ${reason}`)
        .join('\n'),
      trailers: await trailersOf(report, context, planned.fleetCommit),
    }),
    date: await ports.repository.timeOf(change.head),
  });
  return { repository: deploy.repository, branch, commit };
}

async function trailersOf(
  report: ModelReport,
  { change, ports }: CheckContext,
  fleetCommit: string | null,
): Promise<Record<string, string>> {
  const model = change.models.find((entry) => entry.model.name === report.model);
  return {
    'Fieldproof-Model': report.model,
    'Fieldproof-Source-Commit': change.head,
    'Fieldproof-Source-Tree': model?.trees.head ?? '',
    'Fieldproof-Record': report.record ?? '',
    'Fieldproof-Base': fleetCommit ?? 'none',
    'Argocd-reference-commit-sha': change.head,
    'Argocd-reference-commit-date': await ports.repository.timeOf(change.head),
  };
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
