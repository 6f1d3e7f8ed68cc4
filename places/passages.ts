import { edgesOf, type Graph, type Placement } from '#graphs';
import { CAMERAS } from './spec.ts';

/** What one stage gives to another place: it goes there once, by the edge to the first, for all the stages there that read it. */
export type Passage = { from: string; to: string; readers: readonly string[] };

/**
 * The ways over the wall of a place, and those that cameras feed: both of its sides find the same.
 * @param mine the stages that run there
 */
export function passagesAt(graph: Graph, mine: readonly string[], at: Placement['at']): { out: Passage[]; into: Passage[] } {
  const isMine = (name: string) => mine.includes(name);
  const edges = edgesOf(graph);
  const sources = graph.stages.filter(({ name, from }) => from.length === 0 && isMine(name));
  return {
    out: together(
      edges.filter(({ from, to }) => isMine(from) && !isMine(to)),
      ({ from, to }) => `${from} ${at[to]}`,
    ),
    into: [
      ...together(
        edges.filter(({ from, to }) => !isMine(from) && isMine(to)),
        ({ from }) => from,
      ),
      ...sources.map(({ name }) => ({ from: CAMERAS, to: name, readers: [name] })),
    ],
  };
}

type Ends = { from: string; to: string };

function together(edges: readonly Ends[], by: (edge: Ends) => string): Passage[] {
  return [...Map.groupBy(edges, by).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ from: first.from, to: first.to, readers: group.map(({ to }) => to) }];
  });
}
