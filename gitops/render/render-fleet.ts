import { CouldNotRun, type Problem } from '#kernel';
import type { DeployedRelease, FleetPlan, ManifestFile, Site } from '../release.ts';
import { renderApplicationSet, renderArgo } from './render-argo.ts';
import { renderBase } from './render-base.ts';
import { renderFlux } from './render-flux.ts';
import { renderKargo } from './render-kargo.ts';
import { renderOverlay } from './render-overlay.ts';
import { renderAnalysis, renderRecords } from './render-records.ts';
import { renderReplay } from './render-replay.ts';

/**
 * Every manifest that makes a fleet run a plan's releases, in the order of their paths. The same plan gives the same bytes.
 * @throws CouldNotRun when the plan names what a cluster could not hold; nothing of it depends on digests, so a plan can be
 * tried before anything is measured
 */
export function renderFleet(plan: FleetPlan): ManifestFile[] {
  const problems = fleetProblems(plan);
  if (problems.length > 0) throw new CouldNotRun(problems);
  const [first] = plan.sites;
  if (first === undefined) return [];
  const render = { flux: renderFlux, argocd: renderArgo }[plan.controller];
  const bySite = Map.groupBy(
    plan.sites.map(({ site }) => site),
    ({ name }) => name,
  );
  const files = [
    ...renderBase(plan.model, first.release.kind),
    ...plan.sites.flatMap((place) => renderPlace(plan, place)),
    ...[...bySite].flatMap(([name, sites]) => render(plan, name, sites)),
    ...renderApplicationSet(plan),
    ...renderRecords(plan),
    ...renderKargo(plan),
  ];
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function renderPlace(plan: FleetPlan, { site, release }: FleetPlan['sites'][number]): ManifestFile[] {
  const { controller, model, replay } = plan;
  const analysis = renderAnalysis(plan, site);
  const replayed = replay == null ? [] : renderReplay({ controller, model, replay }, site, release);
  // Flux applies the replay by a Kustomization of its own; for Argo CD it is a hook among the other objects.
  const more = [
    ...(analysis.length === 0 ? [] : ['analysis.yaml' as const]),
    ...(replayed.length === 0 || controller === 'flux' ? [] : ['replay' as const]),
  ];
  return [...renderOverlay(model, site, release, more), ...analysis, ...replayed];
}

export function fleetProblems(plan: FleetPlan): Problem[] {
  return [
    ...sourceProblems(plan),
    ...plan.sites.flatMap(({ site, release }) => siteProblems(plan.model, site, release)),
    ...mixProblems(plan),
  ];
}

const problem = (field: string, message: string, remedy: string): Problem => ({
  file: 'fieldproof.yaml',
  field,
  message,
  remedy,
});

function sourceProblems({ controller, source, applicationSet, progressive }: FleetPlan): Problem[] {
  if (source.url.startsWith('oci://') && (applicationSet === true || progressive?.tool === 'kargo')) {
    const message = `${source.url} is a registry, and an ApplicationSet or Kargo reads the sites from Git`;
    return [problem('deploy.url', message, 'name the Git repository, or leave out deploy.application-set and Kargo')];
  }
  if (controller === 'flux' || /^[\w+.-]+:\/\/|^[\w.-]+@[\w.-]+:/.test(source.url)) return [];
  const message = `${source.url} is a path on this machine, which Argo CD cannot read`;
  return [problem('deploy.url', message, 'add deploy.url: the address from which Argo CD reads the fleet repository')];
}

function siteProblems(model: string, site: Site, release: DeployedRelease): Problem[] {
  const name = `${model}-${site.chipset.name}`;
  const pins = release.kind === 'model' ? [release.model, release.runtime] : [release.model];
  return [
    ...(name.length <= 63
      ? []
      : [
          problem(
            `chipsets.${site.chipset.name}`,
            `${name} is longer than the 63 letters of a Service's name`,
            'shorten one of the two names',
          ),
        ]),
    // Kubernetes Service names are RFC 1035 labels.
    ...(/^[a-z]/.test(name)
      ? []
      : [problem(`models.${model}`, `a Service's name cannot begin with a digit`, 'let the name begin with a letter')]),
    ...pins
      .filter(({ image }) => /[:@][^/]*$/.test(image))
      .map(({ image }) =>
        problem(
          `models.${model}.image`,
          `${image} has a tag or digest of its own`,
          'give the name alone: the digest is pinned by Fieldproof',
        ),
      ),
  ];
}

function mixProblems({ model, sites }: FleetPlan): Problem[] {
  const kinds = new Set(sites.map(({ release }) => release.kind));
  const places = new Set(sites.map(({ site }) => `${site.name}/${site.chipset.name}`));
  return [
    ...(kinds.size <= 1
      ? []
      : [
          problem(
            `models.${model}`,
            'one site would run it as a container, another on the runtime',
            'release one kind to all sites',
          ),
        ]),
    ...(places.size === sites.length
      ? []
      : [problem('deploy.sites', 'a site names the same chipset twice', 'name each chipset of a site once')]),
  ];
}
