import { problemAt, type Problem, type SourceMap } from '#kernel';
import { CONTRACT_VERSION, edgesOf, placesOf, type Graph, type Placement } from '#graphs';
import { appOf, BROKER } from '#gitops';
import { normaliseGraph, normalisePlacementOf } from './normalise-graphs.ts';
import type { WrittenConfig } from './written-config.ts';
import type { WrittenGraphDeploy } from './written-graph-deploy.ts';

/** What no schema can say of shipping graphs: that there is a fleet for them, that every stage has a site, and that they can talk to each other. */
export function graphDeployProblems(config: WrittenConfig, at: SourceMap): Problem[] {
  return Object.entries(config.graphs).flatMap(([name, { deploy }]) => {
    if (deploy === undefined) return [];
    const path = ['graphs', name, 'deploy'];
    if (config.deploy === undefined) {
      const remedy = 'add deploy: the fleet repository and its sites, as for models';
      return [problemAt(at, path, 'there is no fleet to ship it to', remedy)];
    }
    const shipped = shippedOf(name, deploy, config);
    const say = (field: readonly PropertyKey[], message: string, remedy: string) =>
      problemAt(at, [...path, ...field], message, remedy);
    return [
      ...fleetIsOurs(config.deploy, say),
      ...(shipped === null ? unknownPlacement(name, deploy, config, say) : placesHaveSites(shipped, say)),
      ...sitesAreKnown(deploy, config.deploy, say),
      ...(shipped === null ? [] : crossingsArrive(shipped, say)),
      ...brokerHasASite(deploy, config.deploy, say),
      ...containersCanBeShipped(name, config, at),
      ...namesAreFree(name, config, at),
    ];
  });
}

type Say = (field: readonly PropertyKey[], message: string, remedy: string) => Problem;
type Fleet = NonNullable<WrittenConfig['deploy']>;
type Shipped = { graph: Graph; placement: Placement; deploy: WrittenGraphDeploy };

/** Null where the placement is none of the graph's. */
function shippedOf(name: string, deploy: WrittenGraphDeploy, { graphs, models, placements }: WrittenConfig): Shipped | null {
  const [written, own] = [graphs[name], placements[name] ?? {}];
  const said = Object.hasOwn(own, deploy.placement) ? own[deploy.placement] : undefined;
  if (written === undefined || said === undefined) return null;
  const graph = normaliseGraph(name, written, models);
  return { graph, placement: normalisePlacementOf(graph, deploy.placement, said), deploy };
}

/** The manifests of a graph are Fieldproof's alone, land by commits, and roll out as one. */
function fleetIsOurs({ layout, progressive, mode }: Fleet, say: Say): Problem[] {
  return [
    ...(layout === undefined
      ? []
      : [
          say(
            [],
            'deploy.layout says that people keep the fleet repository, and a graph goes to one whose manifests Fieldproof writes',
            'leave deploy.layout out, or this graph’s deploy',
          ),
        ]),
    ...(progressive === undefined
      ? []
      : [
          say(
            [],
            `deploy.progressive leaves the order of a rollout to ${progressive.tool}, and a graph is released as one`,
            'leave deploy.progressive out, or this graph’s deploy',
          ),
        ]),
    ...(mode === 'commit'
      ? []
      : [
          say(
            [],
            'deploy.mode is pull-request, and a graph lands by a commit alone',
            'set deploy.mode: commit, or leave this graph’s deploy out',
          ),
        ]),
  ];
}

function unknownPlacement(name: string, { placement }: WrittenGraphDeploy, { placements }: WrittenConfig, say: Say): Problem[] {
  const known = Object.keys(placements[name] ?? {});
  const remedy = `name one of: ${known.join(', ') || `add it to placements.${name}`}`;
  return [say(['placement'], `${name} has no placement ${placement}`, remedy)];
}

function placesHaveSites({ graph, placement, deploy: { places } }: Shipped, say: Say): Problem[] {
  const used = placesOf(graph, placement);
  const without = used.filter((place) => !Object.hasOwn(places, place));
  const strange = Object.keys(places).filter((place) => !used.includes(place));
  return [
    ...without.map((place) =>
      say(['places'], `${placement.name} has stages at ${place}, and no site is such a place`, `add ${place}: [<sites>]`),
    ),
    ...strange.map((place) =>
      say(['places', place], `no stage of ${placement.name} is at ${place}`, `name one of: ${used.join(', ')}`),
    ),
  ];
}

function sitesAreKnown({ places }: WrittenGraphDeploy, fleet: Fleet, say: Say): Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(places).flatMap(([place, sites]) =>
    sites.flatMap((site, index) => {
      const before = seen.get(site);
      seen.set(site, place);
      const path = ['places', place, index];
      if (before !== undefined)
        return [say(path, `${site} is listed twice: it is ${before} already`, 'a site is one place: remove one of them')];
      return siteProblems(site, path, fleet, say);
    }),
  );
}

/** A site is one of the fleet's, with one chipset: nobody says on which of several a stage would run. */
function siteProblems(site: string, path: readonly PropertyKey[], { sites }: Fleet, say: Say): Problem[] {
  const chipsets = sites.filter(({ name }) => name === site).map(({ chipset }) => chipset);
  if (chipsets.length === 1) return [];
  if (chipsets.length === 0) {
    const known = [...new Set(sites.map(({ name }) => name))];
    return [say(path, `no site is named ${site}`, `name one of: ${known.join(', ')}`)];
  }
  return [
    say(
      path,
      `${site} has the chipsets ${chipsets.join(' and ')}, and nothing says on which of them the stages run`,
      `list each chipset as a site of its own in deploy.sites, such as ${chipsets.map((chipset) => `${site}-${chipset}`).join(' and ')}`,
    ),
  ];
}

/** What leaves its site goes over a broker, to the one site where its reader is. */
function crossingsArrive({ graph, placement, deploy: { places, broker } }: Shipped, say: Say): Problem[] {
  const crossing = edgesOf(graph).filter(({ from, to }) => placement.at[from] !== placement.at[to]);
  const [first] = crossing;
  if (first === undefined) return [];
  const scattered = crossing.filter(({ to }) => (places[placement.at[to] ?? ''] ?? []).length > 1);
  return [
    ...(broker === undefined
      ? [
          say(
            [],
            `${first.from} at ${placement.at[first.from]} sends to ${first.to} at ${placement.at[first.to]}, and no broker carries it there`,
            'add broker: { site, image, host, from, secret }, or choose a placement of one place',
          ),
        ]
      : []),
    ...[...new Set(scattered.map(({ to }) => placement.at[to] ?? ''))].map((place) =>
      say(
        ['places', place],
        `${place} is several sites, and stages at other sites send there: nothing says to which of them`,
        'name one site for it',
      ),
    ),
  ];
}

function brokerHasASite({ broker }: WrittenGraphDeploy, fleet: Fleet, say: Say): Problem[] {
  return broker === undefined ? [] : siteProblems(broker.site, ['broker', 'site'], fleet, say);
}

function containersCanBeShipped(name: string, { graphs }: WrittenConfig, at: SourceMap): Problem[] {
  return Object.entries(graphs[name]?.stages ?? {}).flatMap(([stage, said]) => {
    if (!('container' in said)) return [];
    const path = ['graphs', name, 'stages', stage];
    return [
      ...(said.image === undefined
        ? [
            problemAt(
              at,
              path,
              'it is shipped, and does not say where its image is pushed',
              'add image: <name without tag or digest>',
            ),
          ]
        : []),
      ...(said.contract === CONTRACT_VERSION
        ? []
        : [
            problemAt(
              at,
              [...path, 'contract'],
              `nobody here knows version ${said.contract} of the message contract`,
              `make it for version ${CONTRACT_VERSION}, or ship it with a Fieldproof that knows it`,
            ),
          ]),
    ];
  });
}

/** A stage is called by its graph and its name among all that a fleet runs; so is the broker. */
function namesAreFree(name: string, config: WrittenConfig, at: SourceMap): Problem[] {
  const stages = Object.keys(config.graphs[name]?.stages ?? {});
  const path = (stage: string) => ['graphs', name, ...(stages.includes(stage) ? ['stages', stage] : [])];
  const taken = namesTaken(name, config);
  const clashes = [...new Set([...stages, BROKER])].flatMap((stage) => {
    const whose = taken.get(appOf(name, stage));
    if (whose === undefined) return [];
    const message = `${appOf(name, stage)} is what ${whose} is called in the fleet`;
    return [problemAt(at, path(stage), message, 'give one of them another name')];
  });
  if (!stages.includes(BROKER)) return clashes;
  return [...clashes, problemAt(at, path(BROKER), 'that is what the broker is called', 'give the stage another name')];
}

/** What models, and stages of other graphs that are shipped, are called in the fleet. */
function namesTaken(name: string, { graphs, models }: WrittenConfig): ReadonlyMap<string, string> {
  const others = Object.entries(graphs).filter(([other, { deploy }]) => other !== name && deploy !== undefined);
  const ofStages = others.flatMap(([other, { stages }]) =>
    [...Object.keys(stages), BROKER].map((stage) => [appOf(other, stage), `a stage of ${other}`] as const),
  );
  return new Map([...Object.keys(models).map((model) => [model, 'a model'] as const), ...ofStages]);
}
