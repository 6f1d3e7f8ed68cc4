import { edgesOf, inOrder, type Graph, type Message } from '#graphs';
import { connectEdge, listenForEdges } from './adapters/connections.ts';
import type { FramedConnection } from './adapters/framed-connection.ts';
import type { Hello } from './adapters/hello.ts';
import { EdgeReceiver } from './adapters/edge-receiver.ts';
import { EdgeSender } from './adapters/edge-sender.ts';
import { peakMemory, processorTime } from './adapters/host-usage.ts';
import { openModels, openStage } from './adapters/open-stages.ts';
import { asJpeg, asPixels } from './adapters/pictures.ts';
import { timer } from './adapters/timer.ts';
import { passagesAt } from './passages.ts';
import { PlaceWork, type Output, type WorkingStage, type WorkPorts } from './place-work.ts';
import { type Address, type PlaceReport, type PlaceSpec, type Rule, type Saying } from './spec.ts';

export type StartedPlace = {
  address: Address;
  thresholds: Readonly<Record<string, number | null>>;
  now: () => number;
  busy: () => string | null;
  /** Opens the stages and connects the edges that lead to places which are already there. */
  begin: (peers: Readonly<Record<string, Address>>, rule: Rule) => Promise<void>;
  status: () => Omit<Extract<Saying, { kind: 'status' }>, 'kind'>;
  report: () => PlaceReport;
};

/**
 * Loads what runs here, and listens.
 * @param fail is called when a stage fails while it works
 * @throws CouldNotRun when a model can't be served
 */
export async function startPlace(spec: PlaceSpec, fail: (thrown: unknown) => void): Promise<StartedPlace> {
  const { graph, mine, queue, quality } = spec;
  // Whole milliseconds are too coarse for what takes less than one.
  const now = () => performance.timeOrigin + performance.now() + spec.clockError;
  const models = await openModels(spec);
  const { out, into } = passagesAt(graph, mine, spec.at);
  const prepare = async (message: Message) => await asJpeg(message, quality);
  const senders = out.map((edge) => new EdgeSender(edge, { queue, now, prepare }));
  const receivers = into.map((edge) => new EdgeReceiver(edge));
  let work: PlaceWork | null = null;
  let begun = { cpu: 0, at: now() };
  const fault = (reason: string) => fail(new Error(reason));
  const deliver: Ends['deliver'] = (readers) => (message) => {
    for (const to of readers) work?.deliver(to, message);
  };
  const ends: Ends = { senders, receivers, deliver, fault };
  const listener = await listenForEdges(spec.listen, { edge: (hello, connection) => attach(hello, connection, ends), fault });
  return {
    address: listener.address,
    thresholds: Object.fromEntries([...models].map(([stage, { metadata }]) => [stage, metadata.threshold ?? null])),
    now,
    busy: () => work?.busy ?? null,
    async begin(peers, rule) {
      const stages = await openStages(spec, { models, rule, senders });
      begun = { cpu: processorTime(), at: now() };
      work = new PlaceWork(stages, { queue, answerWithin: spec.answerWithin, ports: portsWith(now) });
      work.run().catch(fail);
      await connectAll(peers, ends);
    },
    status: () => ({
      waiting: (work?.waiting ?? 0) + senders.reduce((sum, { waiting }) => sum + waiting, 0),
      handled: work?.handled ?? 0,
      sent: senders.reduce((sum, { sent }) => sum + sent, 0),
      received: receivers.reduce((sum, { messages }) => sum + messages, 0),
    }),
    report: () => ({
      kind: 'report',
      stages: work?.report() ?? [],
      sent: senders.flatMap((sender) => sender.report()),
      received: receivers.map((receiver) => receiver.report()),
      judged: work?.judged ?? [],
      answers: work?.answers ?? [],
      peakMemory: peakMemory(),
      cpu: processorTime() - begun.cpu,
      elapsed: now() - begun.at,
    }),
  };
}

type Ends = {
  senders: readonly EdgeSender[];
  receivers: readonly EdgeReceiver[];
  deliver: (readers: readonly string[]) => (message: Message) => void;
  fault: (reason: string) => void;
};

/** @throws Error where there is no such edge here */
function attach(hello: Hello, connection: FramedConnection, { senders, receivers, deliver, fault }: Ends): void {
  const own = hello.sends ? receivers.find(isEdge(hello)) : senders.find(isEdge(hello));
  if (own === undefined) throw new Error(`there is no edge ${hello.from} -> ${hello.to} here`);
  if (own instanceof EdgeSender) own.attach(connection);
  else own.attach(connection, deliver(own.edge.readers), fault);
}

type Opening = { models: Awaited<ReturnType<typeof openModels>>; rule: Rule; senders: readonly EdgeSender[] };

async function openStages(spec: PlaceSpec, { models, rule, senders }: Opening): Promise<WorkingStage[]> {
  const { graph, mine } = spec;
  const stages: WorkingStage[] = [];
  for (const stage of inOrder(graph).filter(({ name }) => mine.includes(name))) {
    const program = await openStage(stage, spec, { models, rule });
    const outputs = outputsOf(stage.name, graph, mine, senders);
    stages.push({ name: stage.name, program, outputs, isAnswer: stage.name === graph.answer });
  }
  return stages;
}

function portsWith(now: () => number): WorkPorts {
  return { now, cpu: processorTime, asPixels, breathe, timer };
}

function isEdge({ from, to }: { from: string; to: string }) {
  return ({ edge }: EdgeSender | EdgeReceiver) => edge.from === from && edge.to === to;
}

/** Peers are by edge, `from to`: whoever is nearer to the cameras opens the connection, whichever way its messages go. */
async function connectAll(peers: Readonly<Record<string, Address>>, { senders, receivers, deliver, fault }: Ends): Promise<void> {
  for (const [edge, address] of Object.entries(peers)) {
    const [from = '', to = ''] = edge.split(' ');
    const sender = senders.find(isEdge({ from, to }));
    const receiver = receivers.find(isEdge({ from, to }));
    // What another stage over there reads as well goes with the first of them.
    if (sender === undefined && receiver === undefined) continue;
    const connection = await connectEdge(address, { from, to, sends: sender !== undefined });
    sender?.attach(connection);
    receiver?.attach(connection, deliver(receiver.edge.readers), fault);
  }
}

function outputsOf(stage: string, graph: Graph, mine: readonly string[], senders: readonly EdgeSender[]): Output[] {
  const here = edgesOf(graph).filter(({ from, to }) => from === stage && mine.includes(to));
  const away = senders.filter(({ edge }) => edge.from === stage);
  return [
    ...here.map(({ to }): Output => ({ kind: 'here', to })),
    ...away.map((sender): Output => ({ kind: 'away', to: sender.edge.to, send: (message) => sender.send(message) })),
  ];
}

async function breathe(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
