import { kargoFile } from '../names.ts';
import type { FleetPlan, ManifestFile } from '../release.ts';
import { analysisOf } from './render-records.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/** A Stage is one site on one chipset, in the project of the model. Names of objects can hold no braces: these may be templates. */
export function kargoStage(model: string, site: string, chipset: string): { project: string; name: string } {
  return { project: `fieldproof-${model}`, name: `${site}.${chipset}` };
}

/**
 * Kargo's part, for who promotes with it: freight is a commit of the fleet repository, a stage syncs one Application to that
 * commit, and counts as verified once the record of the release that the commit pins says `pass`. Kargo writes nothing to
 * Git here: manifests have one writer.
 */
export function renderKargo(plan: FleetPlan): ManifestFile[] {
  const { model, source, progressive } = plan;
  if (progressive == null || progressive.tool !== 'kargo') return [];
  const namespace = kargoStage(model, '', '').project;
  const project = { apiVersion: 'kargo.akuity.io/v1alpha1', kind: 'Project', metadata: { name: namespace } };
  const analyses = [...progressive.summaries.values()].map((summary) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: `record-${summary.chipset}`, namespace },
    spec: analysisOf(model, progressive.records, summary),
  }));
  const warehouse = {
    apiVersion: 'kargo.akuity.io/v1alpha1',
    kind: 'Warehouse',
    metadata: { name: 'fleet', namespace },
    spec: {
      interval: '1m',
      subscriptions: [
        {
          git: {
            repoURL: source.url,
            branch: source.branch,
            commitSelectionStrategy: 'NewestFromBranch',
            includePaths: [`apps/${model}`],
          },
        },
      ],
    },
  };
  const stages = plan.sites.map(({ site }) => stage(plan, site.name, site.chipset.name));
  return [yamlFile(kargoFile(model), project, warehouse, ...analyses, ...stages)];
}

function stage({ model, source }: FleetPlan, site: string, chipset: string): YamlObject {
  const { project, name } = kargoStage(model, site, chipset);
  const desiredRevision = `\${{ commitFrom(${JSON.stringify(source.url)}).ID }}`;
  const app = { name: `${model}.${site}.${chipset}`, namespace: 'argocd', sources: [{ repoURL: source.url, desiredRevision }] };
  return {
    apiVersion: 'kargo.akuity.io/v1alpha1',
    kind: 'Stage',
    metadata: { name, namespace: project },
    spec: {
      requestedFreight: [{ origin: { kind: 'Warehouse', name: 'fleet' }, sources: { direct: true } }],
      promotionTemplate: { spec: { steps: [{ uses: 'argocd-update', config: { apps: [app] } }] } },
      verification: { analysisTemplates: [{ name: `record-${chipset}` }] },
    },
  };
}
