import { clusterFile, overlayFolder } from './names.ts';
import type { FleetPlan, ManifestFile, Site } from './release.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/**
 * What Argo CD applies at one site: one Application per chipset. Plain Applications and no ApplicationSet: each site's file
 * says all that it deploys, and one slip in a template cannot reach every site at once.
 */
export function renderArgo(plan: FleetPlan, siteName: string, sites: readonly Site[]): ManifestFile[] {
  return [yamlFile(clusterFile(plan.model, siteName), ...sites.map((site) => application(plan, site)))];
}

function application({ model, source }: FleetPlan, site: Site): YamlObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    // No part can hold a dot, so no two share a name.
    metadata: { name: `${model}.${site.name}.${site.chipset.name}`, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: {
        repoURL: source.url,
        targetRevision: source.branch,
        path: overlayFolder(model, site.name, site.chipset.name),
      },
      // A site is a cluster, registered with Argo CD under the site's name.
      destination: { name: site.name, namespace: model },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['CreateNamespace=true'],
        retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
      },
    },
  };
}
