import type { Problem } from '#kernel';
import { BROKER, edgesAt, type GraphPlan } from './graph-plan.ts';

/** What no fleet could run of a graph's plan. */
export function graphProblems(plan: GraphPlan): Problem[] {
  const { graph, stages, broker } = plan;
  const problem = (field: string, message: string, remedy: string): Problem => ({
    file: 'fieldproof.yaml',
    field: `graphs.${graph}${field}`,
    message,
    remedy,
  });
  const names = new Set(stages.map(({ name }) => name));
  const unknown = plan.edges.flatMap(({ from, to }) => [from, to]).filter((name) => !names.has(name));
  const remote = edgesAt(plan).filter(({ local }) => !local);
  return [
    ...stages
      .filter(({ places }) => places.length === 0)
      .map(({ name }) => problem(`.stages.${name}`, 'it runs at no site', 'give it a place in the placement')),
    ...stages
      .filter(({ name }) => name === BROKER)
      .map(({ name }) => problem(`.stages.${name}`, 'that is what the broker is called', 'give the stage another name')),
    ...stages
      .filter(({ places }) => new Set(places.map(({ release }) => release.model.digest)).size > 1)
      .map(({ name }) =>
        problem(`.stages.${name}`, 'it would run other bytes at one site than at another', 'release one digest of each stage'),
      ),
    ...[...new Set(unknown)].map((name) =>
      problem('.edges', `${name} is at an end of an edge and no stage`, 'name one of its stages'),
    ),
    ...(remote.length > 0 && broker === null
      ? [
          problem(
            '',
            `${remote[0]?.edge.from} sends to ${remote[0]?.edge.to} at another site, and there is no broker`,
            'name a broker, or place both at the same site',
          ),
        ]
      : []),
  ];
}
