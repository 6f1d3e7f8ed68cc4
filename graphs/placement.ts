import { edgesOf, type Edge, type Graph } from './graph.ts';
import type { Fault } from './graph-rules.ts';

/** Where each stage of a graph runs, and what lies between the places. */
export type Placement = {
  name: string;
  /** Place by stage. */
  at: Readonly<Record<string, string>>;
  /** One for each two places between which something goes. */
  links: readonly Link[];
};

/** From the place that is nearer to the cameras to the other; `profile` names how good it is. */
export type Link = { from: string; to: string; profile: string };

/** A class of site, and what a month of it costs. `cpus`: how many processors a stage may use there, such as 0.5. */
export type Place = {
  name: string;
  cpus: number;
  memoryBytes: number | null;
  /** In the currency of the price table: of a machine in a month, and of an hour of one processor. */
  price: { month: number; cpuHour: number };
};

/** Bits a second in either direction, milliseconds, the share of packets that is lost. */
export type LinkProfile = {
  name: string;
  up: number;
  down: number;
  delay: number;
  jitter: number;
  loss: number;
  /** Each way counts. */
  pricePerGigabyte: number;
};

/** An edge of which each end is at another place. `way`: up leads away from the cameras. */
export type Crossing = Edge & { link: Link; way: 'up' | 'down' };

/** The edges that leave a place, each with what it goes over. Of a placement without faults. */
export function crossingsOf(graph: Graph, placement: Placement): Crossing[] {
  return edgesOf(graph).flatMap((edge) => {
    const [from, to] = [placement.at[edge.from], placement.at[edge.to]];
    if (from === undefined || to === undefined || from === to) return [];
    const found = linkBetween(placement.links, from, to);
    return found === undefined ? [] : [{ ...edge, link: found, way: found.from === from ? ('up' as const) : ('down' as const) }];
  });
}

/** Every place that something runs at, each once, in the order of the graph's stages. */
export function placesOf({ stages }: Graph, { at }: Pick<Placement, 'at'>): string[] {
  return [...new Set(stages.flatMap(({ name }) => at[name] ?? []))];
}

/** What is wrong with a placement of a graph that is right in itself. */
export function placementFaults(
  graph: Graph,
  placement: Placement,
  known: { places: readonly string[]; links: readonly string[] },
): Fault[] {
  const names = graph.stages.map(({ name }) => name);
  const strangers = Object.keys(placement.at).filter((stage) => !names.includes(stage));
  const homeless = names.filter((stage) => placement.at[stage] === undefined);
  const elsewhere = Object.entries(placement.at).filter(([, place]) => !known.places.includes(place));
  return [
    ...strangers.map((stage) => ({
      path: ['stages', stage],
      message: `${graph.name} has no stage ${stage}`,
      remedy: `name some of: ${names.join(', ')}; or "*" for the others`,
    })),
    ...homeless.map((stage) => ({
      path: ['stages'],
      message: `leaves ${stage} without a place`,
      remedy: `add ${stage}: <place>, or "*": <place> for all that are not named`,
    })),
    ...elsewhere.map(([stage, place]) => ({
      path: ['stages', stage],
      message: `no place is named ${place}`,
      remedy: `name one of: ${known.places.join(', ')}`,
    })),
    ...linkFaults(graph, placement, known.links),
  ];
}

/** Each two places that something goes between, with the first edge that does: from the one nearer to the cameras. */
export function placesApart(graph: Graph, at: Placement['at']): { from: string; to: string; edge: Edge }[] {
  const pairs = new Map<string, { from: string; to: string; edge: Edge }>();
  for (const edge of edgesOf(graph)) {
    const [from, to] = [at[edge.from], at[edge.to]];
    if (from === undefined || to === undefined || from === to) continue;
    const pair = from < to ? `${from} ${to}` : `${to} ${from}`;
    if (!pairs.has(pair)) pairs.set(pair, { from, to, edge });
  }
  return [...pairs.values()];
}

function linkFaults(graph: Graph, { at, links }: Placement, profiles: readonly string[]): Fault[] {
  const without = placesApart(graph, at).filter(({ from, to }) => linkBetween(links, from, to) === undefined);
  return [
    ...without.map(({ from, to, edge }) => ({
      path: ['link'],
      message: `${edge.from} -> ${edge.to} goes from ${from} to ${to}, and no link says how`,
      remedy: `add link: <one of ${profiles.join(', ') || 'links'}>`,
    })),
    ...links
      .filter(({ profile }) => !profiles.includes(profile))
      .map(({ profile }) => ({
        path: ['link'],
        message: `no link is named ${profile}`,
        remedy: profiles.length === 0 ? 'describe it under links' : `name one of: ${profiles.join(', ')}`,
      })),
  ];
}

function linkBetween(links: readonly Link[], a: string, b: string): Link | undefined {
  return links.find(({ from, to }) => (from === a && to === b) || (from === b && to === a));
}
