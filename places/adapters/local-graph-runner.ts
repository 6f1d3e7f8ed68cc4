import { edgesOf, inOrder, placesOf, sourcesOf, type Graph, type LinkProfile, type Place, type Placement } from '#graphs';
import { CouldNotRun } from '#kernel';
import type { GraphRun, GraphRunner, Observed, ObservedPlace } from '../graph-runner.ts';
import { CAMERAS, type Address, type PlaceSpec } from '../spec.ts';
import { playCameras } from './camera-feed.ts';
import { connectEdge } from './connections.ts';
import { PlaceProcess } from './place-process.ts';
import { limitProcessors, type ProcessorLimit } from './processor-limit.ts';

/** A link that is there, between a near place and what listens at a far one. */
export type OpenLink = { near: Address; shapedBy: string; close: () => Promise<void> };

export type LocalOptions = {
  env: NodeJS.ProcessEnv;
  /** Null where nothing can shape links here: they are as good as this machine, and said to be. */
  openLink: ((profile: LinkProfile, far: { host: string; port: number }) => Promise<OpenLink | null>) | null;
  answerWithin?: number;
  /** Milliseconds that places may still work after the last frame. */
  drainWithin?: number;
  /** By place: milliseconds by which its clock is wrong, for tests. */
  clockErrors?: Readonly<Record<string, number>>;
  /** By stage that is a container: where its program listens. */
  programs?: Readonly<Record<string, Address>>;
};

const ANSWER_WITHIN = 10_000;
const DRAIN_WITHIN = 60_000;
const JPEG_QUALITY = 85;
const PINGS = 7;

const now = () => performance.timeOrigin + performance.now();

type Running = {
  place: Place;
  process: PlaceProcess;
  limit: ProcessorLimit;
  address: Address;
  thresholds: Readonly<Record<string, number | null>>;
};

/** Each place as a process of this machine, kept to its processors, with cameras that play footage at live rate. */
export function localGraphRunner(options: LocalOptions): GraphRunner {
  return {
    async run(run) {
      const running: Running[] = [];
      const links: (OpenLink & { name: string })[] = [];
      try {
        for (const name of placesOf(run.graph, run.placement)) running.push(await startOne(name, run, options));
        const peers = await openLinks(run, running, links, options);
        const rule = { ...run.rule, threshold: thresholdOf(run.graph, running) };
        for (const { process, place } of running) {
          process.tell({ kind: 'begin', peers: peers.get(place.name) ?? {}, rule });
          await process.hear('begun');
        }
        const clocks = await Promise.all(running.map(async ({ process }) => await measureClock(process)));
        const recordings = await play(run, running);
        await untilIdle(running, options.drainWithin ?? DRAIN_WITHIN);
        const places = await Promise.all(
          running.map(async ({ process, place, limit }, index): Promise<ObservedPlace> => {
            process.tell({ kind: 'report' });
            const clock = clocks[index] ?? { offset: 0, within: 0 };
            return { ...(await process.hear('report')), place: place.name, limitedBy: limit.by, clock };
          }),
        );
        return { places, recordings, shapedBy: shapedBy(run.placement, links) };
      } finally {
        await Promise.allSettled(running.map(async ({ process }) => await process.stop()));
        await Promise.allSettled([
          ...running.map(async ({ limit }) => await limit.remove()),
          ...links.map(async (link) => await link.close()),
        ]);
      }
    },
  };
}

async function startOne(name: string, run: GraphRun, options: LocalOptions): Promise<Running> {
  const place = run.places.find((one) => one.name === name);
  if (place === undefined)
    throw new CouldNotRun({ file: `place ${name}`, message: 'is not described', remedy: 'add it under places' });
  const process = new PlaceProcess(name, options.env);
  try {
    process.tell({ kind: 'spec', spec: specOf(place, run, options) });
    const { address, thresholds } = await process.hear('ready');
    // Loading is not measured: it is kept to its processors from now on.
    const limit = await limitProcessors(process.pid, place.cpus);
    return { place, process, limit, address, thresholds };
  } catch (thrown) {
    await process.stop();
    throw thrown;
  }
}

function specOf(place: Place, { graph, placement, models, queue }: GraphRun, options: LocalOptions): PlaceSpec {
  const mine = inOrder(graph)
    .map(({ name }) => name)
    .filter((stage) => placement.at[stage] === place.name);
  const threads = Math.max(1, Math.floor(place.cpus));
  const own = Object.entries(models).filter(([stage]) => mine.includes(stage));
  return {
    place: place.name,
    graph,
    mine,
    at: placement.at,
    models: Object.fromEntries(own.map(([stage, { folder, variant }]) => [stage, { folder, variant, threads }])),
    programs: options.programs ?? {},
    listen: { host: '127.0.0.1', port: 0 },
    queue,
    answerWithin: options.answerWithin ?? ANSWER_WITHIN,
    quality: JPEG_QUALITY,
    clockError: options.clockErrors?.[place.name] ?? 0,
  };
}

/** By place: for each edge that it has to connect, where to. The place that is nearer to the cameras does. */
async function openLinks(
  { graph, placement, links: profiles }: GraphRun,
  running: readonly Running[],
  opened: (OpenLink & { name: string })[],
  { openLink }: LocalOptions,
): Promise<ReadonlyMap<string, Record<string, Address>>> {
  const peers = new Map<string, Record<string, Address>>();
  for (const { from: near, to: far, profile: name } of placement.links) {
    const address = running.find(({ place }) => place.name === far)?.address;
    const profile = profiles.find((one) => one.name === name);
    const edges = edgesOf(graph).filter(({ from, to }) => {
      const [a, b] = [placement.at[from], placement.at[to]];
      return (a === near && b === far) || (a === far && b === near);
    });
    if (address === undefined || profile === undefined || edges.length === 0) continue;
    let reached: Address = address;
    if (openLink !== null && 'host' in address) {
      const link = await openLink(profile, address);
      if (link !== null) opened.push({ ...link, name });
      reached = link?.near ?? address;
    }
    peers.set(near, { ...peers.get(near), ...Object.fromEntries(edges.map(({ from, to }) => [`${from} ${to}`, reached])) });
  }
  return peers;
}

function shapedBy({ links }: Placement, opened: readonly (OpenLink & { name: string })[]): Observed['shapedBy'] {
  return Object.fromEntries(links.map(({ profile }) => [profile, opened.find(({ name }) => name === profile)?.shapedBy ?? null]));
}

/** The threshold of the model whose detections the answer is made of. */
function thresholdOf(graph: Graph, running: readonly Running[]): number {
  const byName = new Map(graph.stages.map((stage) => [stage.name, stage]));
  const asked = [graph.answer];
  for (let name = asked.shift(); name !== undefined; name = asked.shift()) {
    const stage = byName.get(name);
    if (stage?.work.kind === 'stock' && stage.work.stock === 'events' && stage.work.threshold !== null)
      return stage.work.threshold;
    const known = running.map(({ thresholds }) => thresholds[name ?? '']).find((threshold) => typeof threshold === 'number');
    if (known !== undefined && known !== null) return known;
    asked.push(...(stage?.from ?? []));
  }
  throw new CouldNotRun({
    file: `graph ${graph.name}`,
    field: `stages.${graph.answer}`,
    message: 'no model before it names a threshold at which a score counts',
    remedy: 'give one: threshold in model.yaml, or in the stage that makes events',
  });
}

async function measureClock(process: PlaceProcess): Promise<ObservedPlace['clock']> {
  let best = { offset: 0, within: Number.POSITIVE_INFINITY };
  for (let ping = 0; ping < PINGS; ping += 1) {
    const asked = now();
    process.tell({ kind: 'time' });
    const { now: said } = await process.hear('time');
    const back = now();
    const within = (back - asked) / 2;
    if (within < best.within) best = { offset: said - (asked + back) / 2, within };
  }
  return best;
}

async function play(
  { graph, placement, cameras, signal }: GraphRun,
  running: readonly Running[],
): Promise<Observed['recordings']> {
  const connections = await Promise.all(
    sourcesOf(graph).map(async ({ name }) => {
      const address = running.find(({ place }) => place.name === placement.at[name])?.address;
      if (address === undefined)
        throw new CouldNotRun({ file: `stage ${name}`, message: 'runs nowhere', remedy: 'give it a place' });
      const connection = await connectEdge(address, { from: CAMERAS, to: name, sends: true });
      connection.listen(() => {}); // a camera does not wait to hear whether its frames are taken
      return connection;
    }),
  );
  const failed = running.map(({ process }) => process.failed);
  return await Promise.race([playCameras(cameras, connections, { now, signal }), ...failed]).finally(() => {
    for (const connection of connections) connection.end();
  });
}

/** Until nothing waits anywhere and nothing is under way, twice in a row. */
async function untilIdle(running: readonly Running[], within: number): Promise<void> {
  const deadline = now() + within;
  let before = '';
  for (;;) {
    const said = await Promise.all(
      running.map(async ({ process }) => {
        process.tell({ kind: 'status' });
        return await process.hear('status');
      }),
    );
    const state = JSON.stringify(said);
    if (said.every(({ waiting }) => waiting === 0) && state === before) return;
    before = state;
    if (now() > deadline) throw notIdle(running, said, within);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function notIdle(running: readonly Running[], said: readonly { waiting: number }[], within: number): CouldNotRun {
  const busy = running.flatMap(({ place }, index) => {
    const waiting = said[index]?.waiting ?? 0;
    return waiting > 0 ? [`${waiting} messages at ${place.name}`] : [];
  });
  return new CouldNotRun({
    file: 'places',
    message: `${within / 1000} s after the last frame there still wait ${busy.join(' and ')}`,
    remedy: 'look at the link between them, and at the stage that they wait for',
  });
}
