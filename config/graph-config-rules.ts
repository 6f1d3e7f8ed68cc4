import { problemAt, type Problem, type SourceMap } from '#kernel';
import { graphFaults, placementFaults } from '#graphs';
import { normaliseGraph, normalisePlacementOf } from './normalise-graphs.ts';
import type { WrittenConfig } from './written-config.ts';

/** What no schema can say of graphs: that all they name is there, that their edges fit, and that every stage has a place. */
export function graphProblems(config: WrittenConfig, at: SourceMap): Problem[] {
  return [
    ...Object.keys(config.graphs).flatMap((name) => [...namesFit(name, config, at), ...ownFaults(name, config, at)]),
    ...Object.keys(config.placements).flatMap((graph) => placementProblems(graph, config, at)),
    ...gateProblems(config, at),
  ];
}

function namesFit(name: string, { graphs, models, datasets }: WrittenConfig, at: SourceMap): Problem[] {
  const graph = graphs[name];
  if (graph === undefined) return [];
  const problems: Problem[] = [];
  if (Object.hasOwn(models, name))
    problems.push(
      problemAt(at, ['graphs', name], 'a model is named the same, and gates name both', 'give the graph another name'),
    );
  if (!Object.hasOwn(datasets, graph.footage)) {
    const remedy = `name one of: ${Object.keys(datasets).join(', ') || 'add it to datasets'}`;
    problems.push(problemAt(at, ['graphs', name, 'footage'], `no dataset is named ${graph.footage}`, remedy));
  }
  for (const [stage, said] of Object.entries(graph.stages)) {
    if (!('model' in said) || Object.hasOwn(models, said.model)) continue;
    const remedy = `name one of: ${Object.keys(models).join(', ')}`;
    problems.push(problemAt(at, ['graphs', name, 'stages', stage, 'model'], `no model is named ${said.model}`, remedy));
  }
  return problems;
}

function ownFaults(name: string, { graphs, models }: WrittenConfig, at: SourceMap): Problem[] {
  const written = graphs[name];
  if (written === undefined) return [];
  const graph = normaliseGraph(name, written, models);
  if (graph.answer === '') {
    const remedy = 'add answer: <stage>, one that gives events';
    return [problemAt(at, ['graphs', name], 'does not say which of its stages is the answer', remedy)];
  }
  return graphFaults(graph).map(({ path, message, remedy }) => problemAt(at, ['graphs', name, ...path], message, remedy));
}

function placementProblems(graph: string, config: WrittenConfig, at: SourceMap): Problem[] {
  const written = config.graphs[graph];
  if (written === undefined || !Object.hasOwn(config.graphs, graph)) {
    const remedy = `name one of: ${Object.keys(config.graphs).join(', ') || 'add it to graphs'}`;
    return [problemAt(at, ['placements', graph], `no graph is named ${graph}`, remedy)];
  }
  const own = normaliseGraph(graph, written, config.models);
  const known = { places: Object.keys(config.places), links: Object.keys(config.links) };
  return Object.entries(config.placements[graph] ?? {}).flatMap(([name, said]) =>
    placementFaults(own, normalisePlacementOf(own, name, said), known).map(({ path, message, remedy }) =>
      problemAt(at, ['placements', graph, name, ...path], message, remedy),
    ),
  );
}

/** Gates of graphs name placements; those of models never do. */
function gateProblems({ gates, graphs, placements }: WrittenConfig, at: SourceMap): Problem[] {
  return Object.entries(gates).flatMap(([name, own]) =>
    own.flatMap((gate, index): Problem[] => {
      const path = ['gates', name, index];
      if (!Object.hasOwn(graphs, name))
        return 'placement' in gate
          ? [problemAt(at, path, `${name} is no graph, and has no placements`, 'take placement out')]
          : [];
      if (!('placement' in gate))
        return [
          problemAt(at, path, `${name} is a graph, which is judged under a placement`, 'write { placement: ..., metric: ... }'),
        ];
      const known = Object.keys(placements[name] ?? {});
      if (!known.includes(gate.placement)) {
        const remedy = `name one of: ${known.join(', ') || `add it to placements.${name}`}`;
        return [problemAt(at, [...path, 'placement'], `${name} has no placement ${gate.placement}`, remedy)];
      }
      if (Object.keys(gate).length > 1) return [];
      return [problemAt(at, path, 'decides nothing', 'give it a metric, uplink, end-to-end-p95, dropped or cost')];
    }),
  );
}
