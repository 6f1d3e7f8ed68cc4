import { CouldNotRun } from '#kernel';
import { overlayFolder } from '../names.ts';
import type { FleetPlan, ManifestFile, Site } from '../release.ts';
import { renderArgo } from '../render/render-argo.ts';
import { renderBase } from '../render/render-base.ts';
import { fleetProblems } from '../render/render-fleet.ts';
import { renderFlux } from '../render/render-flux.ts';
import { renderOverlay } from '../render/render-overlay.ts';
import { yamlFile } from '../render/write-yaml.ts';
import { edgesAnnotation, edgesConfig, edgesDigest, keeps, stageExtras, toldEdges, usesBroker } from './edge-files.ts';
import { graphProblems } from './graph-problems.ts';
import { appOf, BROKER, type GraphPlan, type PlacedStage } from './graph-plan.ts';
import { stagePolicy } from './network-policies.ts';
import { renderBroker } from './render-broker.ts';

/**
 * Every manifest of a graph in its placement, in the order of their paths. A stage is deployed as a model is: a Deployment and an object of
 * its controller at each of its sites, in a namespace of its own, so that it can move alone. The same plan gives the same bytes.
 * @throws CouldNotRun when the plan names what no fleet could run
 */
export function renderGraph(plan: GraphPlan): ManifestFile[] {
  const problems = [...graphProblems(plan), ...plan.stages.flatMap((stage) => fleetProblems(fleetOf(plan, stage)))];
  if (problems.length > 0) throw new CouldNotRun(problems);
  const files = [...plan.stages.flatMap((stage) => renderStage(plan, stage)), ...brokerFiles(plan)];
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** A stage as a fleet of one model. */
function fleetOf({ controller, graph, source }: GraphPlan, { name, places }: PlacedStage): FleetPlan {
  return { controller, model: appOf(graph, name), source, sites: places };
}

function renderStage(plan: GraphPlan, stage: PlacedStage): ManifestFile[] {
  const app = appOf(plan.graph, stage.name);
  const kind = stage.places[0]?.release.kind ?? 'container';
  const told = stage.places.map(({ site }) => toldEdges(plan, stage, site));
  const secret = told.some(usesBroker) ? (plan.broker?.secret ?? null) : null;
  const hasDisk = told.some((each) => keeps(stage, each));
  const extras = stageExtras(stage, hasDisk, secret);
  const overlays = stage.places.flatMap(({ site, release }) => {
    const edges = toldEdges(plan, stage, site);
    const folder = overlayFolder(app, site.name, site.chipset.name);
    const { strategy, program } = extras;
    const annotations = { [edgesAnnotation]: edgesDigest(edges) };
    const own = { annotations, strategy, program, among: containersAt(plan, site), devices: release.kind === 'model' };
    return [
      ...renderOverlay(app, site, release, ['edges.yaml', 'network.yaml'], own),
      yamlFile(`${folder}/edges.yaml`, ...edgesConfig(edges, hasDisk)),
      yamlFile(`${folder}/network.yaml`, stagePolicy(plan, stage, site)),
    ];
  });
  const sites = stage.places.map(({ site }) => site);
  return [...renderBase(app, kind, extras), ...overlays, ...controllerFiles(fleetOf(plan, stage), sites)];
}

/** How many containers of the graph share a chipset at a site: as many as shared it where the placement was measured. */
function containersAt({ stages }: GraphPlan, { name, chipset }: Site): number {
  const here = stages.filter(({ places }) => places.some(({ site }) => site.name === name && site.chipset.name === chipset.name));
  return here.reduce((sum, { runs }) => sum + (runs === 'beside the runtime' ? 2 : 1), 0);
}

function brokerFiles(plan: GraphPlan): ManifestFile[] {
  const { broker, controller, graph, source } = plan;
  if (broker === null) return [];
  const fleet: FleetPlan = { controller, model: appOf(graph, BROKER), source, sites: [] };
  return [...renderBroker(plan, broker), ...controllerFiles(fleet, [broker.site])];
}

function controllerFiles(fleet: FleetPlan, sites: readonly Site[]): ManifestFile[] {
  const render = { flux: renderFlux, argocd: renderArgo }[fleet.controller];
  const bySite = Map.groupBy(sites, ({ name }) => name);
  return [...bySite].flatMap(([name, here]) => render(fleet, name, here));
}
