import {
  AXES,
  placesApart,
  portsOf,
  type Graph,
  type GraphGate,
  type LinkProfile,
  type Place,
  type Placement,
  type Stage,
  type StockSettings,
} from '#graphs';
import { normaliseGraphDeploy, type GraphDeployConfig } from './normalise-graph-deploy.ts';
import type { WrittenConfig } from './written-config.ts';
import type { WrittenGraph, WrittenPlacement, WrittenPlacementGate, WrittenStage } from './written-graphs.ts';

/** A graph, where it may run, and what it has to keep there; every default filled in. */
export type GraphConfig = {
  name: string;
  /** The dataset of clips that it is measured on. */
  footage: string;
  graph: Graph;
  cameras: number;
  /** Messages that wait before a stage. */
  queue: number;
  placements: readonly Placement[];
  gates: readonly GraphGate[];
  /** Null where it is not shipped. */
  deploy: GraphDeployConfig | null;
};

export type GraphsConfig = { graphs: readonly GraphConfig[]; places: readonly Place[]; links: readonly LinkProfile[] };

type Written = Pick<WrittenConfig, 'models' | 'graphs' | 'placements' | 'places' | 'links' | 'gates'>;

export function normaliseGraphs(written: Written): GraphsConfig {
  return {
    graphs: Object.entries(written.graphs).map(([name, graph]) => {
      const own = normaliseGraph(name, graph, written.models);
      return {
        name,
        footage: graph.footage,
        graph: own,
        cameras: graph.cameras,
        queue: graph.queue,
        placements: Object.entries(written.placements[name] ?? {}).map(([placement, said]) =>
          normalisePlacementOf(own, placement, said),
        ),
        gates: (written.gates[name] ?? []).flatMap((gate) => ('placement' in gate ? normaliseGate(gate) : [])),
        deploy: normaliseGraphDeploy(graph),
      };
    }),
    places: Object.entries(written.places).map(([name, { cpus, memory, price }]) => ({
      name,
      cpus,
      memoryBytes: memory ?? null,
      price: { month: price.month, cpuHour: price['cpu-hour'] },
    })),
    links: Object.entries(written.links).map(([name, { price, ...profile }]) => ({
      name,
      ...profile,
      pricePerGigabyte: price.gigabyte,
    })),
  };
}

export function normaliseGraph(name: string, { stages: written, answer }: WrittenGraph, models: Written['models']): Graph {
  const stages = Object.entries(written).map(([stage, said]) => normaliseStage(stage, said, models));
  const answering = stages.filter((stage) => portsOf(stage).gives === 'event');
  return { name, stages, answer: answer ?? (answering.length === 1 ? (answering[0]?.name ?? '') : '') };
}

function normaliseStage(name: string, written: WrittenStage, models: Written['models']): Stage {
  const from = 'from' in written ? [written.from].flat() : [];
  if ('model' in written) {
    const task = Object.hasOwn(models, written.model) ? models[written.model]?.task : undefined;
    return { name, from, work: { kind: 'model', model: written.model, task: task ?? 'detection' } };
  }
  if ('container' in written) {
    const { container: build, takes, gives, contract } = written;
    return { name, from, work: { kind: 'container', build, takes, gives, contract } };
  }
  return { name, from, work: { kind: 'stock', ...stockOf(written) } };
}

function stockOf(written: Extract<WrittenStage, { stock: string }>): StockSettings {
  if (written.stock === 'decode') return written;
  const { from: _, ...settings } = written;
  if (settings.stock === 'sample') return { stock: 'sample', framesPerSecond: settings['frames-per-second'] };
  return settings.stock === 'events' ? { stock: 'events', threshold: settings.threshold ?? null } : settings;
}

/** One link named alone lies between any two places: up is the way from the stage that is nearer to the cameras. */
export function normalisePlacementOf(graph: Graph, name: string, { stages, link = [] }: WrittenPlacement): Placement {
  const { '*': others, ...named } = stages;
  const rest = others === undefined ? [] : graph.stages.map((stage) => [stage.name, others] as const);
  const at: Readonly<Record<string, string>> = { ...Object.fromEntries(rest), ...named };
  if (typeof link !== 'string') return { name, at, links: link.map(({ from, to, over }) => ({ from, to, profile: over })) };
  return { name, at, links: placesApart(graph, at).map(({ from, to }) => ({ from, to, profile: link })) };
}

function normaliseGate(written: WrittenPlacementGate): GraphGate[] {
  const { placement } = written;
  if ('metric' in written) {
    const { metric, margin = null } = written;
    const [atLeast, atMost] = [written['at-least'] ?? null, written['at-most'] ?? null];
    return [{ kind: 'quality', placement, metric, margin, atLeast, atMost }];
  }
  return AXES.flatMap((axis) => {
    const atMost = written[axis];
    return atMost === undefined ? [] : [{ kind: 'bound' as const, placement, axis, atMost }];
  });
}
