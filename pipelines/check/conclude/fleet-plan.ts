import type { DeployedRelease, FleetPlan, Progressive, SiteReplay } from '#gitops';
import { fleetSite, type ChipsetConfig, type DeployConfig } from '#config';
import type { ModelReport } from '#report';
import { onlyStage } from '#kernel';
import { runtimeOn } from '#pipelines/releases';
import { servedVariant } from '#eval';
import type { PlannedModel } from '../plan/plan-model-change.ts';

type Planned = Pick<PlannedModel, 'plan' | 'candidate'>;

/** What of a release is written into the fleet repository beside its digests. */
export type ManifestFacts = { changeRequest: string | null; replay: SiteReplay | null; progressive: Progressive | null };

/** The release on every site that the configuration names. */
export function fleetPlan(
  planned: Planned,
  deploy: DeployConfig,
  chipsets: readonly ChipsetConfig[],
  facts: ManifestFacts,
): FleetPlan {
  return {
    controller: deploy.controller,
    model: planned.plan.model.name,
    source: { url: deploy.url, branch: deploy.branch },
    sites: deploy.sites.flatMap((entry) => {
      const site = fleetSite(entry, deploy, chipsets);
      const chipset = chipsets.find(({ name }) => name === entry.chipset);
      return site === undefined || chipset === undefined ? [] : [{ site, release: pinned(planned, chipset) }];
    }),
    applicationSet: deploy.applicationSet,
    ...facts,
  };
}

/** The verdict as others may ask for it, with what was measured of each chipset. */
export function progressiveOf(report: ModelReport, { progressive, sites }: DeployConfig): Progressive | null {
  const { record, candidate, latency } = report;
  if (progressive === null || record === null || report.outcome === 'inconclusive') return null;
  const verdict = report.outcome;
  const summaries = [...new Set(sites.map(({ chipset }) => chipset))].map((chipset) => {
    const { percentiles = {} } = latency.find((entry) => entry.chipset === chipset) ?? {};
    const milliseconds = (name: string) => percentiles[name] ?? null;
    const measured = { p50_ms: milliseconds('latency-p50'), p95_ms: milliseconds('latency-p95') };
    return [chipset, { verdict, record, ...onlyStage(candidate), chipset, ...measured }] as const;
  });
  return { ...progressive, summaries: new Map(summaries) };
}

function pinned({ plan, candidate }: Planned, chipset: ChipsetConfig): DeployedRelease {
  const { model } = onlyStage(candidate.release);
  const runtime = runtimeOn(candidate, chipset.platform);
  const pin = { image: plan.model.image, digest: model };
  if (runtime === null) return { kind: 'container', model: pin };
  const variant = servedVariant(candidate.variants, chipset);
  return {
    kind: 'model',
    model: pin,
    runtime: { image: plan.model.runtime.image, digest: runtime },
    variant: variant === 'default' ? null : variant,
  };
}
