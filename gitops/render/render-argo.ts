import { applicationSetFile, clusterFile, overlayFolder, siteLabel } from '../names.ts';
import type { FleetPlan, ManifestFile, Site } from '../release.ts';
import { kargoStage } from './render-kargo.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

const API = { apiVersion: 'argoproj.io/v1alpha1' };

/**
 * What Argo CD applies at one site: one Application per chipset. Each site's file says all that it deploys, and one slip in a
 * template cannot reach every site at once. With an ApplicationSet the file holds what differs between sites, and no more.
 */
export function renderArgo(plan: FleetPlan, siteName: string, sites: readonly Site[]): ManifestFile[] {
  const path = clusterFile(plan.model, siteName);
  if (plan.applicationSet !== true) return [yamlFile(path, ...sites.map((site) => application(plan, site)))];
  return [
    yamlFile(
      path,
      sites.map((site) => ({ model: plan.model, site: site.name, chipset: site.chipset.name })),
    ),
  ];
}

/** The ApplicationSet of a model: the sites' files times the cluster that is labelled as the site. Empty without one. */
export function renderApplicationSet(plan: FleetPlan): ManifestFile[] {
  if (plan.controller !== 'argocd' || plan.applicationSet !== true) return [];
  const { model, source } = plan;
  const files = [{ path: clusterFile(model, '*') }];
  const git = { git: { repoURL: source.url, revision: source.branch, files } };
  const clusters = { clusters: { selector: { matchLabels: { [siteLabel]: '{{ .site }}' } } } };
  const spec = {
    goTemplate: true,
    goTemplateOptions: ['missingkey=error'],
    generators: [{ matrix: { generators: [git, clusters] } }],
    // A site whose file is taken away keeps its Application until somebody removes that, and what it runs also then: without
    // the second, whoever deleted the set would delete the model at every site. One Application for each site has neither.
    syncPolicy: { applicationsSync: 'create-update', preserveResourcesOnDeletion: true },
    template: applicationOf(plan, { site: '{{ .site }}', chipset: '{{ .chipset }}', cluster: '{{ .name }}' }),
  };
  return [
    yamlFile(applicationSetFile(model), { ...API, kind: 'ApplicationSet', metadata: { name: model, namespace: 'argocd' }, spec }),
  ];
}

function application(plan: FleetPlan, { name, chipset }: Site): YamlObject {
  // A site is a cluster, registered with Argo CD under the site's name.
  const { metadata, spec } = applicationOf(plan, { site: name, chipset: chipset.name, cluster: name });
  return { ...API, kind: 'Application', metadata: { ...metadata, namespace: 'argocd' }, spec };
}

type Where = { site: string; chipset: string; cluster: string };

function applicationOf({ model, source, progressive }: FleetPlan, { site, chipset, cluster }: Where) {
  const stage = progressive?.tool === 'kargo' ? kargoStage(model, site, chipset) : null;
  return {
    metadata: {
      // No part can hold a dot, so no two share a name.
      name: `${model}.${site}.${chipset}`,
      ...(stage === null ? {} : { annotations: { 'kargo.akuity.io/authorized-stage': `${stage.project}:${stage.name}` } }),
    },
    spec: {
      project: 'default',
      source: { repoURL: source.url, targetRevision: source.branch, path: overlayFolder(model, site, chipset) },
      destination: { name: cluster, namespace: model },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['CreateNamespace=true'],
        retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
      },
    },
  };
}
