import { clusterFile, overlayFolder, sourceFile } from './names.ts';
import type { FleetPlan, ManifestFile, Site } from './release.ts';
import { rolloutSeconds } from './render-overlay.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/** Where Flux is bootstrapped, and the name that `flux bootstrap` gives its own source. */
const NAMESPACE = 'flux-system';
const BOOTSTRAP_SOURCE = 'flux-system';
const OWN_SOURCE = 'fieldproof';

/** What Flux applies at one site: the model's namespace and one Kustomization per chipset. */
export function renderFlux(plan: FleetPlan, siteName: string, sites: readonly Site[]): ManifestFile[] {
  const url = fluxUrl(plan.source.url);
  const own = url === undefined ? [] : [yamlFile(sourceFile(siteName), gitRepository(url, plan.source.branch))];
  const source = url === undefined ? BOOTSTRAP_SOURCE : OWN_SOURCE;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: plan.model } };
  const kustomizations = sites.map((site) => kustomization(plan.model, site, source));
  return [...own, yamlFile(clusterFile(plan.model, siteName), namespace, ...kustomizations)];
}

/**
 * Flux reads http, https and ssh alone. A path is how this machine reaches the repository, not how a cluster does: then the
 * source that `flux bootstrap` made for this very repository serves.
 */
function fluxUrl(url: string): string | undefined {
  if (/^(https?|ssh):\/\//.test(url)) return url;
  const short = /^([\w.-]+@[\w.-]+):(?!\/\/)(.+)$/.exec(url);
  return short ? `ssh://${short[1]}/${short[2]?.replace(/^\/+/, '')}` : undefined;
}

function gitRepository(url: string, branch: string): YamlObject {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: OWN_SOURCE, namespace: NAMESPACE },
    spec: { interval: '1m', url, ref: { branch } },
  };
}

function kustomization(model: string, site: Site, source: string): YamlObject {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    // Neither part can hold a dot, so no two models and chipsets share a name.
    metadata: { name: `${model}.${site.chipset.name}`, namespace: NAMESPACE },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: `${rolloutSeconds(site) / 60}m`,
      wait: true,
      prune: true,
      path: `./${overlayFolder(model, site.name, site.chipset.name)}`,
      sourceRef: { kind: 'GitRepository', name: source },
    },
  };
}
