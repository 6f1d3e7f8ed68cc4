import { baseFolder, overlayFolder, overlaysFolder } from '../names.ts';
import { appOf, BROKER, type GraphPlan } from './graph-plan.ts';

/**
 * The files of a fleet repository that a graph needs no more: of places where a stage does not run any longer, and of stages that it had
 * before. What somebody has put beside the files that it still needs is theirs, and stays.
 * @param former stages that the graph has no more
 */
export function leftBehind(
  plan: Pick<GraphPlan, 'graph' | 'stages' | 'broker'>,
  former: readonly string[],
  paths: readonly string[],
): string[] {
  const places = placesOf(plan);
  const gone = former.map((stage) => appOf(plan.graph, stage));
  return paths.filter(
    (path) =>
      [...places].some(([app, sites]) => isElsewhere(path, app, sites)) ||
      gone.some((app) => isElsewhere(path, app, []) || path.startsWith(`${baseFolder(app)}/`)),
  );
}

type Place = { site: string; chipset: string };

function placesOf({
  graph,
  stages,
  broker,
}: Pick<GraphPlan, 'graph' | 'stages' | 'broker'>): ReadonlyMap<string, readonly Place[]> {
  const placed = stages.map(({ name, places }) => {
    const sites = places.map(({ site }) => ({ site: site.name, chipset: site.chipset.name }));
    return [appOf(graph, name), sites] as const;
  });
  const ofBroker = broker === null ? [] : [{ site: broker.site.name, chipset: broker.site.chipset.name }];
  return new Map<string, readonly Place[]>([...placed, [appOf(graph, BROKER), ofBroker]]);
}

/** Of this stage, and of a place that is none of its own. */
function isElsewhere(path: string, app: string, places: readonly Place[]): boolean {
  if (path.startsWith(`${overlaysFolder(app)}/`))
    return !places.some(({ site, chipset }) => path.startsWith(`${overlayFolder(app, site, chipset)}/`));
  const [, site] = /^clusters\/([^/]+)\/[^/]+$/.exec(path) ?? [];
  return site !== undefined && path.endsWith(`/${app}.yaml`) && !places.some((place) => place.site === site);
}
