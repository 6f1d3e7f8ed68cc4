import { clusterFile, overlayFolder, replayFolder, sourceFile } from '../names.ts';
import type { FleetPlan, ManifestFile, Site } from '../release.ts';
import { rolloutSeconds } from './render-overlay.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/** Where Flux is bootstrapped, and the name that `flux bootstrap` gives its own source. */
const NAMESPACE = 'flux-system';
const BOOTSTRAP_SOURCE = 'flux-system';
const OWN_SOURCE = 'fieldproof';

type Source = { kind: 'GitRepository' | 'OCIRepository'; name: string };

/** What Flux applies at one site: the model's namespace, and for each chipset a Kustomization, and that of its replay. */
export function renderFlux(plan: FleetPlan, siteName: string, sites: readonly Site[]): ManifestFile[] {
  const own = ownSource(plan.source);
  const source: Source = own === null ? { kind: 'GitRepository', name: BOOTSTRAP_SOURCE } : { kind: own.kind, name: OWN_SOURCE };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: plan.model } };
  const kustomizations = sites.flatMap((site) => [
    kustomization(plan, site, source),
    ...(plan.replay == null ? [] : [replay(plan, site, source)]),
  ]);
  return [
    ...(own === null ? [] : [yamlFile(sourceFile(siteName), own)]),
    yamlFile(clusterFile(plan.model, siteName), namespace, ...kustomizations),
  ];
}

/**
 * Flux reads http, https and ssh, or an OCI registry. A path is how this machine reaches the repository, not how a cluster
 * does: then the source that `flux bootstrap` made for this very repository serves, and there is none of our own.
 */
function ownSource({ url, branch }: FleetPlan['source']): (YamlObject & { kind: Source['kind'] }) | null {
  const metadata = { name: OWN_SOURCE, namespace: NAMESPACE };
  const apiVersion = 'source.toolkit.fluxcd.io/v1';
  // An artifact of the fleet's branch, pushed by the fleet's own CI (flux push artifact) under the branch's name.
  if (url.startsWith('oci://'))
    return { apiVersion, kind: 'OCIRepository', metadata, spec: { interval: '1m', url, ref: { tag: branch } } };
  const git = (address: string) => ({
    apiVersion,
    kind: 'GitRepository' as const,
    metadata,
    spec: { interval: '1m', url: address, ref: { branch } },
  });
  if (/^(https?|ssh):\/\//.test(url)) return git(url);
  const short = /^([\w.-]+@[\w.-]+):(?!\/\/)(.+)$/.exec(url);
  return short ? git(`ssh://${short[1]}/${short[2]?.replace(/^\/+/, '')}`) : null;
}

function kustomization({ model, changeRequest }: FleetPlan, site: Site, source: Source): YamlObject {
  // Neither part can hold a dot, so no two models and chipsets share a name.
  const name = `${model}.${site.chipset.name}`;
  return fluxKustomization({ name, changeRequest, site, source, path: overlayFolder(model, site.name, site.chipset.name) });
}

/** Runs once the model's own is healthy at the same revision; a Job cannot be changed, so each release makes it anew. */
function replay({ model, changeRequest }: FleetPlan, site: Site, source: Source): YamlObject {
  const name = `${model}.${site.chipset.name}`;
  const path = replayFolder(model, site.name, site.chipset.name);
  return fluxKustomization({ name: `${name}.replay`, changeRequest, site, source, path, after: name });
}

type Named = { name: string; changeRequest: string | null | undefined; site: Site; source: Source; path: string; after?: string };

function fluxKustomization({ name, changeRequest, site, source, path, after }: Named): YamlObject {
  const annotations = { 'event.toolkit.fluxcd.io/change_request': changeRequest };
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: NAMESPACE, ...(changeRequest == null ? {} : { annotations }) },
    spec: {
      ...(after === undefined ? {} : { dependsOn: [{ name: after }] }),
      interval: '10m',
      retryInterval: '1m',
      timeout: goDuration(rolloutSeconds(site)),
      wait: true,
      prune: true,
      ...(after === undefined ? {} : { force: true }),
      path: `./${path}`,
      sourceRef: source,
    },
  };
}

function goDuration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
