import { CouldNotRun } from '#kernel';
import {
  concernsGraph,
  contractProblems,
  type FleetFile,
  type FleetSnapshot,
  type GraphPlan,
  leftBehind,
  readGraph,
  renderGraph,
} from '#gitops';

/** `former`: stages that the graph had before, and has no more. */
export type Planned = { plan: GraphPlan; former: readonly string[] };

/** What a release of a graph does to a file of the fleet repository. */
export type GraphChange = FleetFile & { change: 'added' | 'changed' | 'removed' };

/**
 * What a release changes on top of a tip: what it says otherwise than the tip, and what no stage needs any more.
 * @throws CouldNotRun for stages that would not understand each other, or that no fleet could run
 */
export async function graphChanges(planned: Planned, tip: FleetSnapshot): Promise<GraphChange[]> {
  const { plan } = planned;
  const running = await readGraph(tip, plan.graph, stagesOf(plan));
  const problems = contractProblems(plan, running.contracts);
  if (problems.length > 0) throw new CouldNotRun(problems);
  const files = renderGraph(plan);
  const before = await Promise.all(files.map(async ({ path }) => await tip.read(path)));
  const written = files.flatMap(({ path, content }, index): GraphChange[] =>
    before[index] === content ? [] : [{ path, content, change: before[index] === undefined ? 'added' : 'changed' }],
  );
  const left = leftBehind(plan, planned.former, await ownPaths(planned, tip));
  return [...written, ...left.map((path): GraphChange => ({ path, content: null, change: 'removed' }))];
}

/** Whether a path of the fleet repository says anything of what this graph deploys, or deployed. */
export function isOfGraph({ plan, former }: Planned): (path: string) => boolean {
  return (path) => concernsGraph(path, plan.graph, [...stagesOf(plan), ...former]);
}

/** The files at a tip that are the graph's: those of its stages, and what the controllers of the sites begin with. */
export async function ownPaths(planned: Planned, tip: FleetSnapshot): Promise<string[]> {
  return tip.commit === null ? [] : (await tip.list('')).filter(isOfGraph(planned));
}

export const stagesOf = ({ stages }: GraphPlan): string[] => stages.map(({ name }) => name);
