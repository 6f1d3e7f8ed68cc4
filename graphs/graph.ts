import type { MessageKind } from './message.ts';
import { STOCK, type Ports, type StockSettings } from './stock-stages.ts';

/** From camera to answer: stages by name, each fed by those that stand in its `from`. One model alone is a graph of one stage. */
export type Graph = {
  name: string;
  stages: readonly Stage[];
  /** The stage whose events are the graph's answer. */
  answer: string;
};

export type Stage = {
  name: string;
  /** Whose messages it takes, by their names; none for a stage that reads cameras. */
  from: readonly string[];
  work: StageWork;
};

export type StageWork =
  | { kind: 'model'; model: string; task: ModelTask }
  | ({ kind: 'stock' } & StockSettings)
  /** Somebody's own, which speaks the stage contract: messages in, messages out. */
  | { kind: 'container'; build: string; takes: readonly MessageKind[]; gives: MessageKind; contract: number };

export type ModelTask = 'classification' | 'detection' | 'embedding';

/** What goes from one stage to another. */
export type Edge = { from: string; to: string; kind: MessageKind };

const MODEL_PORTS: Readonly<Record<ModelTask, Ports>> = {
  // A classifier says of the whole picture what a detector says of its parts.
  classification: { takes: ['frame', 'crop'], all: false, gives: 'detections' },
  detection: { takes: ['frame', 'crop'], all: false, gives: 'detections' },
  embedding: { takes: ['crop', 'frame'], all: false, gives: 'embedding' },
};

export function portsOf({ work }: Pick<Stage, 'work'>): Ports {
  switch (work.kind) {
    case 'model':
      return MODEL_PORTS[work.task];
    case 'stock':
      return STOCK[work.stock];
    case 'container':
      return { takes: work.takes, all: false, gives: work.gives };
  }
}

/** Every edge of a graph whose stages are all there. */
export function edgesOf({ stages }: Pick<Graph, 'stages'>): Edge[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  return stages.flatMap(({ name, from }) =>
    from.flatMap((source) => {
      const stage = byName.get(source);
      return stage === undefined ? [] : [{ from: source, to: name, kind: portsOf(stage).gives }];
    }),
  );
}

/** The stages that read cameras. */
export function sourcesOf({ stages }: Pick<Graph, 'stages'>): Stage[] {
  return stages.filter(({ from }) => from.length === 0);
}

/** Each stage after all that it takes from; what stands in a cycle is left out. */
export function inOrder({ stages }: Pick<Graph, 'stages'>): Stage[] {
  const done = new Set<string>();
  const ordered: Stage[] = [];
  for (let before = -1; ordered.length > before;) {
    before = ordered.length;
    for (const stage of stages) {
      if (done.has(stage.name) || !stage.from.every((source) => done.has(source))) continue;
      done.add(stage.name);
      ordered.push(stage);
    }
  }
  return ordered;
}

/** The models of a graph, each once, and the stages that they are. */
export function modelsOf({ stages }: Pick<Graph, 'stages'>): ReadonlyMap<string, readonly string[]> {
  const named = stages.flatMap(({ name, work }) => (work.kind === 'model' ? [{ name, model: work.model }] : []));
  const byModel = Map.groupBy(named, ({ model }) => model);
  return new Map([...byModel].map(([model, entries]) => [model, entries.map(({ name }) => name)]));
}
