import { hexOf } from '#kernel';
import { overlayFolder, recordFile } from '../names.ts';
import type { FleetPlan, ManifestFile, RecordSummary, Site } from '../release.ts';
import { yamlFile } from './write-yaml.ts';

/** What the record of the verdict says, a file for each chipset, so that it can be asked over HTTP by who promotes. */
export function renderRecords({ model, progressive }: FleetPlan): ManifestFile[] {
  const summaries = [...(progressive?.summaries.values() ?? [])];
  return summaries.map((summary) => ({
    path: recordFile(model, hexOf(summary.model), summary.chipset),
    content: `${JSON.stringify({ version: 1, summary }, null, 2)}\n`,
  }));
}

/** Argo Rollouts' template beside the model, for the team's Rollouts to name; empty where none are asked for. */
export function renderAnalysis({ controller, model, progressive }: FleetPlan, site: Site): ManifestFile[] {
  const summary = progressive?.summaries.get(site.chipset.name);
  if (progressive?.tool !== 'rollouts' || summary === undefined) return [];
  // A Rollout of the same Application finds it there.
  const annotations = controller === 'argocd' ? { annotations: { 'argocd.argoproj.io/sync-wave': '-1' } } : {};
  const template = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: `${model}-record`, ...annotations },
    spec: analysisOf(model, progressive.records, summary),
  };
  return [yamlFile(`${overlayFolder(model, site.name, site.chipset.name)}/analysis.yaml`, template)];
}

/**
 * An AnalysisTemplate's spec that asks for such a file. A verdict of `pass` passes, one that was taken back fails, and an
 * answer that says neither is inconclusive: then Argo Rollouts pauses, and nothing is rolled back for want of an answer.
 */
export function analysisOf(model: string, records: string, { chipset, model: digest }: RecordSummary) {
  const url = `${records.replace(/\/+$/, '')}/${recordFile(model, '{{args.digest}}', '{{args.chipset}}')}`;
  return {
    args: [
      { name: 'digest', value: hexOf(digest) },
      { name: 'chipset', value: chipset },
    ],
    metrics: [
      {
        name: 'record',
        count: 1,
        successCondition: 'result.verdict == "pass"',
        failureCondition: 'result.verdict == "fail"',
        failureLimit: 0,
        inconclusiveLimit: 0,
        provider: { web: { url, jsonPath: '{$.summary}', timeoutSeconds: 20 } },
      },
    ],
  };
}
