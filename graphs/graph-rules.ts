import { edgesOf, inOrder, portsOf, type Graph, type Stage } from './graph.ts';
import { CONTRACT_VERSION } from './message.ts';

/** What is wrong with a graph, where, and what mends it. `path` is below the graph. */
export type Fault = { path: readonly PropertyKey[]; message: string; remedy: string };

/** All that is wrong with a graph before anything runs. */
export function graphFaults(graph: Graph): Fault[] {
  const missing = graph.stages.flatMap((stage) => missingStages(stage, graph));
  if (missing.length > 0) return missing;
  return [...cycles(graph), ...graph.stages.flatMap((stage) => inputFaults(stage, graph)), ...answerFaults(graph)];
}

function missingStages({ name, from }: Stage, { stages }: Graph): Fault[] {
  const names = stages.map((stage) => stage.name);
  return from.flatMap((source, index) =>
    names.includes(source)
      ? []
      : [
          {
            path: ['stages', name, 'from', index],
            message: `no stage is named ${source}`,
            remedy: `name one of: ${names.filter((other) => other !== name).join(', ')}`,
          },
        ],
  );
}

function cycles(graph: Graph): Fault[] {
  const reached = new Set(inOrder(graph).map(({ name }) => name));
  const stuck = graph.stages.filter(({ name }) => !reached.has(name));
  const circle = circleIn(stuck);
  const [first] = circle;
  if (first === undefined) return [];
  return [
    {
      path: ['stages', first, 'from'],
      message: `waits for itself: ${[...circle, first].join(' <- ')}`,
      remedy: 'let one of them take from a stage that comes before it',
    },
  ];
}

/** Stages of which each waits for the next, and the last for the first. */
function circleIn(stuck: readonly Stage[]): string[] {
  const names = new Set(stuck.map(({ name }) => name));
  const path: string[] = [];
  for (let at = stuck[0]; at !== undefined;) {
    const seen = path.indexOf(at.name);
    if (seen >= 0) return path.slice(seen);
    path.push(at.name);
    const next = at.from.find((source) => names.has(source));
    at = stuck.find(({ name }) => name === next);
  }
  return [];
}

function inputFaults(stage: Stage, graph: Graph): Fault[] {
  const { takes, all } = portsOf(stage);
  const path = ['stages', stage.name, 'from'];
  const incoming = edgesOf(graph).filter(({ to }) => to === stage.name);
  const unfit = incoming.filter(({ kind }) => !takes.includes(kind));
  if (unfit.length > 0) {
    const remedy =
      takes.length === 0 ? 'remove from: it reads cameras' : `let it take from a stage that gives ${takes.join(' or ')}`;
    return unfit.map(({ from, kind }) => ({
      path,
      message: `takes ${takes.join(' and ') || 'nothing'}, and ${from} gives ${kind}`,
      remedy,
    }));
  }
  return [...twoWriters(path, incoming), ...unfed(path, takes, all, incoming), ...versionFaults(stage, graph)];
}

type Incoming = readonly { from: string; kind: string }[];

/** Two that write to one input answer in an order that nobody gave. */
function twoWriters(path: readonly PropertyKey[], incoming: Incoming): Fault[] {
  return [...Map.groupBy(incoming, ({ kind }) => kind)].flatMap(([kind, writers]) =>
    writers.length < 2
      ? []
      : [
          {
            path,
            message: `two stages write its ${kind}: ${writers.map(({ from }) => from).join(' and ')}`,
            remedy: 'let it take from one of them; give the other a stage of its own',
          },
        ],
  );
}

function unfed(path: readonly PropertyKey[], takes: readonly string[], all: boolean, incoming: Incoming): Fault[] {
  const missing = takes.filter((kind) => !incoming.some((edge) => edge.kind === kind));
  const lacks = all ? missing.length > 0 : takes.length > 0 && incoming.length === 0;
  if (!lacks) return [];
  const what = missing.join(all ? ' and ' : ' or ');
  return [{ path, message: `nothing gives it ${what}`, remedy: `name a stage that gives ${what} in from` }];
}

/** Ours all speak the version of this installation; a container says which it was made for. */
function versionFaults(stage: Stage, { stages }: Graph): Fault[] {
  const own = contractOf(stage);
  return stage.from.flatMap((source, index) => {
    const other = stages.find(({ name }) => name === source);
    const spoken = other === undefined ? own : contractOf(other);
    if (spoken === own) return [];
    return [
      {
        path: ['stages', stage.name, 'from', index],
        message: `speaks version ${own} of the message contract, and ${source} speaks ${spoken}`,
        remedy: `build both for version ${CONTRACT_VERSION}; ship the two together`,
      },
    ];
  });
}

function contractOf({ work }: Stage): number {
  return work.kind === 'container' ? work.contract : CONTRACT_VERSION;
}

function answerFaults({ stages, answer }: Graph): Fault[] {
  const stage = stages.find(({ name }) => name === answer);
  const answering = stages.filter((one) => portsOf(one).gives === 'event').map(({ name }) => name);
  if (stage !== undefined && portsOf(stage).gives === 'event') return [];
  const message =
    stage === undefined ? `no stage is named ${answer}` : `${answer} gives ${portsOf(stage).gives}, and an answer is an event`;
  return [{ path: ['answer'], message, remedy: `name one of: ${answering.join(', ') || 'add a stage { stock: events }'}` }];
}
